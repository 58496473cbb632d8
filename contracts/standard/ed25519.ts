import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";

/** Bytes of an Ed25519 private key, as well as of a public one. */
export const ed25519KeyBytes = 32;

// What stands before the 32 bytes in a private key of PKCS #8 (RFC 8410, section 7), as node:crypto reads it.
const pkcs8Head = Buffer.from("302e020100300506032b657004220420", "hex");

/** Makes a key to sign with from its 32 bytes, which RFC 8032 calls the private key and others the seed. */
export function ed25519PrivateKey(bytes: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Head, bytes]), format: "der", type: "pkcs8" });
}

/** Returns the 32 bytes of the public key that belongs to a private one. */
export function ed25519PublicBytes(privateKey: KeyObject): Buffer {
  const { x = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  return Buffer.from(x, "base64url");
}
