import type { Bytes } from "./web-bytes.ts";

/** Bytes of an Ed25519 public key. */
export const ed25519PublicKeyBytes = 32;
/** Bytes of an Ed25519 signature. */
export const ed25519SignatureBytes = 64;

/** Says whether a signature of some bytes was made with the key's private half. */
export type Ed25519Verifier = (signature: Bytes, signed: Bytes) => Promise<boolean>;

/** Makes a verifier from the 32 bytes of a public key. The runtime's WebCrypto must have Ed25519. */
export function ed25519Verifier(publicKey: Bytes): Ed25519Verifier {
  let imported: Promise<CryptoKey> | undefined;
  return async (signature, signed) => {
    imported ??= crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
    return crypto.subtle.verify("Ed25519", await imported, signature, signed);
  };
}
