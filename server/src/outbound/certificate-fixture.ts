/** Certificates of every kind for the tests, made with node:crypto alone: X.509 (RFC 5280) in DER. */
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { isIPv4 } from "node:net";
import { DAY_MS } from "../model/duration.ts";

export interface Certificate {
  /** PEM, as node:tls takes them. */
  readonly key: string;
  readonly cert: string;
  readonly subject: string;
  readonly privateKey: KeyObject;
}

export interface CertificateOptions {
  /** Default: `leaf`. */
  readonly subject?: string;
  /** A host name or an IPv4 address that it is for. */
  readonly host?: string;
  /** Who signs it. Default: itself. */
  readonly issuer?: Certificate;
  /** Whether it may sign others. Default: false. */
  readonly isAuthority?: boolean;
  /** Days from now at which it begins and ends to be valid. Default: -1 to 2. */
  readonly validDays?: readonly [from: number, to: number];
  /** Bits of an RSA key. Default: an elliptic one of 256 bits, which is quick to make. */
  readonly rsaBits?: number;
  /** Default: sha256. */
  readonly digest?: "sha256" | "sha1";
}

/** What its algorithms are called in a certificate. */
const SIGNATURE_OIDS = {
  "ec sha256": "1.2.840.10045.4.3.2",
  "ec sha1": "1.2.840.10045.4.1",
  "rsa sha256": "1.2.840.113549.1.1.11",
  "rsa sha1": "1.2.840.113549.1.1.5",
} as const;

const COMMON_NAME = "2.5.4.3";
const SUBJECT_ALT_NAME = "2.5.29.17";
const BASIC_CONSTRAINTS = "2.5.29.19";

let serials = 0;

export function makeCertificate(options: CertificateOptions = {}): Certificate {
  const { subject = "leaf", issuer, digest = "sha256", validDays: [from, to] = [-1, 2] } = options;
  const { publicKey, privateKey } =
    options.rsaBits === undefined
      ? generateKeyPairSync("ec", { namedCurve: "P-256" })
      : generateKeyPairSync("rsa", { modulusLength: options.rsaBits });
  const signer = issuer?.privateKey ?? privateKey;
  const isRsa = signer.asymmetricKeyType === "rsa";
  const algorithm = sequence(
    oid(SIGNATURE_OIDS[`${isRsa ? "rsa" : "ec"} ${digest}`]),
    ...(isRsa ? [der(0x05)] : []),
  );
  serials += 1;
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1, serials >> 8, serials & 0xff])),
    algorithm,
    nameOf(issuer?.subject ?? subject),
    sequence(timeAt(from), timeAt(to)),
    nameOf(subject),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensionsOf(options))),
  );
  const signature = der(0x03, Buffer.from([0]), sign(digest, signed, signer));
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }),
    cert: pemOf(sequence(signed, algorithm, signature)),
    subject,
    privateKey,
  };
}

function extensionsOf({ host, isAuthority = false }: CertificateOptions): Buffer[] {
  const constraints = sequence(...(isAuthority ? [der(0x01, Buffer.from([0xff]))] : []));
  const extensions = [sequence(oid(BASIC_CONSTRAINTS), der(0x04, constraints))];
  if (host !== undefined) {
    const name = isIPv4(host)
      ? der(0x87, Buffer.from(host.split(".").map(Number)))
      : der(0x82, Buffer.from(host));
    extensions.push(sequence(oid(SUBJECT_ALT_NAME), der(0x04, sequence(name))));
  }
  return extensions;
}

function nameOf(commonName: string): Buffer {
  return sequence(der(0x31, sequence(oid(COMMON_NAME), der(0x0c, Buffer.from(commonName)))));
}

// UTCTime: YYMMDDhhmmssZ.
function timeAt(days: number): Buffer {
  const text = new Date(Date.now() + days * DAY_MS).toISOString().replaceAll(/[-:T]|\.\d+/g, "");
  return der(0x17, Buffer.from(text.slice(2)));
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return der(0x30, ...parts);
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const lengthBytes = length < 0x80 ? [length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...lengthBytes]), content]);
}

// The first two numbers share a byte; the others are in base 128, the highest digits first and marked.
function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  return der(0x06, Buffer.from([40 * first + second, ...rest.flatMap((number) => base128(number, 0))]));
}

function base128(number: number, mark: 0 | 0x80): number[] {
  const higher = number >= 128 ? base128(Math.floor(number / 128), 0x80) : [];
  return [...higher, (number % 128) | mark];
}

function pemOf(bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
