import { createHmac, hash, sign } from "node:crypto";
import { decodeBase64 } from "../base64.ts";
import { joinBytes } from "../bytes.ts";
import type { Jwk } from "../contract.ts";
import { ed25519KeyBytes, ed25519PrivateKey, ed25519PublicBytes } from "./ed25519.ts";
import { prefixes } from "./prefixes.ts";

// The specification's limits on a shared secret.
const secretBytesMin = 24;
const secretBytesMax = 64;

/** The specification's two signatures: HMAC-SHA256 under a shared secret, Ed25519 with a key pair. */
export type Scheme = "v1" | "v1a";

/** Makes a secret of a scheme from fresh random bytes. */
export function makeSecretOf(scheme: Scheme, randomBytes: (count: number) => Uint8Array): string {
  const prefix = scheme === "v1a" ? prefixes.privateKey : prefixes.secret;
  return prefix + Buffer.from(randomBytes(32)).toString("base64");
}

/** Returns the scheme that a secret signs, by its prefix; undefined where the text is no secret. */
export function schemeOf(secret: string): Scheme | undefined {
  if (isPrivateKey(secret)) {
    const bytes = decodeBase64(secret.slice(prefixes.privateKey.length));
    return bytes !== undefined && isKeyPair(bytes) ? "v1a" : undefined;
  }
  const bytes = secret.startsWith(prefixes.secret)
    ? decodeBase64(secret.slice(prefixes.secret.length))
    : undefined;
  const fits = bytes !== undefined && bytes.length >= secretBytesMin && bytes.length <= secretBytesMax;
  return fits ? "v1" : undefined;
}

/** Says what a secret of a scheme, or of any, looks like: completes "must be …". */
export function secretForm(scheme: Scheme | undefined): string {
  const base64 = "and the standard base64 of";
  const shared = `"${prefixes.secret}" ${base64} ${secretBytesMin} to ${secretBytesMax} bytes`;
  const asymmetric =
    `"${prefixes.privateKey}" ${base64} an Ed25519 private key of ${ed25519KeyBytes} bytes, ` +
    "which its public key may follow";
  switch (scheme) {
    case "v1":
      return shared;
    case "v1a":
      return asymmetric;
    case undefined:
      return `${shared}, or ${asymmetric}`;
  }
}

/** Signs with a secret that `schemeOf` knows, as a part of `webhook-signature`. */
export function signatureOf(secret: string, head: string, payload: Uint8Array): string {
  if (isPrivateKey(secret)) {
    return `v1a,${sign(null, joinBytes([head, payload]), privateKeyOf(secret)).toString("base64")}`;
  }
  const key = Buffer.from(secret.slice(prefixes.secret.length), "base64");
  return `v1,${createHmac("sha256", key).update(head).update(payload).digest("base64")}`;
}

/** Returns the public key of a private one, as receivers are given it; undefined for a shared secret. */
export function publicKeyOf(secret: string): string | undefined {
  return isPrivateKey(secret)
    ? prefixes.publicKey + ed25519PublicBytes(privateKeyOf(secret)).toString("base64")
    : undefined;
}

/** Writes a public key as a JWK (RFC 8037) that is named by its thumbprint (RFC 7638). */
export function jwkOf(publicKey: string): Jwk {
  const x = Buffer.from(publicKey.slice(prefixes.publicKey.length), "base64").toString("base64url");
  // The thumbprint covers these members in this order, written without spaces.
  const required = { crv: "Ed25519", kty: "OKP", x };
  const kid = hash("sha256", JSON.stringify(required), "base64url");
  return { ...required, kid, alg: "EdDSA", use: "sig" };
}

function isPrivateKey(secret: string): boolean {
  return secret.startsWith(prefixes.privateKey);
}

function privateKeyOf(secret: string) {
  const bytes = Buffer.from(secret.slice(prefixes.privateKey.length), "base64");
  return ed25519PrivateKey(bytes.subarray(0, ed25519KeyBytes));
}

/** The specification has no more than "base64 encoded": some write a private key alone, others the pair. */
function isKeyPair(bytes: Buffer): boolean {
  const own = bytes.subarray(0, ed25519KeyBytes);
  if (own.length < ed25519KeyBytes) {
    return false;
  }
  const publicBytes = bytes.subarray(ed25519KeyBytes);
  return publicBytes.length === 0 || publicBytes.equals(ed25519PublicBytes(ed25519PrivateKey(own)));
}
