import { type Bytes, utf8Bytes } from "./web-bytes.ts";

/** Bytes of an HMAC-SHA256 or a SHA-256. */
const digestBytes = 32;

/** Computes the HMAC-SHA256 of some bytes. */
export async function hmacSha256(key: Bytes, signed: Bytes): Promise<Bytes> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, signed));
}

/** Computes the SHA-256 of some bytes, as lower-case hexadecimal digits. */
export async function sha256Hex(bytes: Bytes): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Tells whether one of the signatures is one of the expected ones.
 *
 * Every pair is compared in full, so the time tells neither how much of a signature was right nor which one.
 * A signature that is not 32 bytes long is none: a shorter one must not pass for its beginning.
 */
export function anySignatureMatches(
  expected: readonly Uint8Array[],
  given: readonly (Uint8Array | undefined)[],
): boolean {
  let matches = 0;
  for (const signature of given) {
    if (signature?.length !== digestBytes) {
      continue;
    }
    for (const right of expected) {
      matches += isSameDigest(right, signature) ? 1 : 0;
    }
  }
  return matches > 0;
}

function isSameDigest(right: Uint8Array, given: Uint8Array): boolean {
  let difference = right.length ^ digestBytes;
  for (let at = 0; at < digestBytes; at += 1) {
    difference |= (right[at] ?? 0) ^ (given[at] ?? 0);
  }
  return difference === 0;
}

/** Tells whether a text is one of the secrets, in a time that does not depend on how much of it is right. */
export async function isOneOf(secrets: readonly string[], given: string): Promise<boolean> {
  // Under a key nobody knows, digests have one length and give nothing away.
  const key = crypto.getRandomValues(new Uint8Array(digestBytes));
  const expected = await Promise.all(secrets.map((secret) => hmacSha256(key, utf8Bytes(secret))));
  return anySignatureMatches(expected, [await hmacSha256(key, utf8Bytes(given))]);
}
