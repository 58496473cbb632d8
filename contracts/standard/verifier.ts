import { type Bytes, bytesOfBase64 } from "../web-bytes.ts";
import {
  type Ed25519Verifier,
  ed25519PublicKeyBytes,
  ed25519SignatureBytes,
  ed25519Verifier,
} from "../web-ed25519.ts";
import { anySignatureMatches, hmacSha256 } from "../web-hmac.ts";
import { prefixes } from "./prefixes.ts";

/** Says whether one of the signatures of a `webhook-signature` header covers these bytes. */
export type StandardVerifier = (signatures: string, signed: Bytes) => Promise<boolean>;

/** Each costs as much as some hundred of `v1`, and comes from whoever sends: a rotation needs but a few. */
const asymmetricTriedMax = 16;

/** Makes the check of signatures by shared secrets and by public keys. Throws for a key that is neither. */
export function standardVerifier(keys: readonly string[]): StandardVerifier {
  const shared = keys.filter((key) => !isAsymmetric(key)).map(sharedKeyOf);
  const verifiers = keys.filter(isAsymmetric).map(publicKeyVerifier);
  return async (signatures, signed) =>
    (await matchesShared(shared, signaturesOf("v1", signatures), signed)) ||
    matchesPublic(verifiers, signaturesOf("v1a", signatures), signed);
}

/** Reads the signatures of one version; those of others stand beside them and are passed over. */
function signaturesOf(version: "v1" | "v1a", header: string): readonly Bytes[] {
  const prefix = `${version},`;
  return header
    .split(" ")
    .filter((each) => each.startsWith(prefix))
    .map((each) => bytesOfBase64(each.slice(prefix.length)))
    .filter((bytes) => bytes !== undefined);
}

async function matchesShared(
  keys: readonly Bytes[],
  signatures: readonly Bytes[],
  signed: Bytes,
): Promise<boolean> {
  const expected = await Promise.all(keys.map((key) => hmacSha256(key, signed)));
  return anySignatureMatches(expected, signatures);
}

async function matchesPublic(
  verifiers: readonly Ed25519Verifier[],
  signatures: readonly Bytes[],
  signed: Bytes,
): Promise<boolean> {
  const tried = signatures
    .filter(({ length }) => length === ed25519SignatureBytes)
    .slice(0, asymmetricTriedMax);
  for (const signature of tried) {
    for (const verify of verifiers) {
      if (await verify(signature, signed)) {
        return true;
      }
    }
  }
  return false;
}

function isAsymmetric(key: string): boolean {
  return key.startsWith(prefixes.publicKey) || key.startsWith(prefixes.privateKey);
}

function publicKeyVerifier(key: string): Ed25519Verifier {
  const bytes = key.startsWith(prefixes.publicKey)
    ? bytesOfBase64(key.slice(prefixes.publicKey.length))
    : undefined;
  if (bytes?.length !== ed25519PublicKeyBytes) {
    const given = key.startsWith(prefixes.privateKey) ? "the sender's private key" : "another text";
    throw new Error(
      `a public key of standard must be "${prefixes.publicKey}" and the standard base64 of ` +
        `${ed25519PublicKeyBytes} bytes, got ${given} of ${key.length} characters`,
    );
  }
  return ed25519Verifier(bytes);
}

function sharedKeyOf(secret: string): Bytes {
  const { secret: prefix } = prefixes;
  const key = bytesOfBase64(secret.startsWith(prefix) ? secret.slice(prefix.length) : secret);
  if (key === undefined || key.length === 0) {
    throw new Error(
      `a secret of standard must be "${prefix}" and standard base64, ` +
        `got another text of ${secret.length} characters`,
    );
  }
  return key;
}
