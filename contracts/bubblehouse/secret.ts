import { decodeBase64 } from "../base64.ts";
import type { Settings } from "../contract.ts";
import { bubblehouseSettings } from "./settings.ts";

// HS256 asks for 32 bytes, and ours have them. The vendor does not say how long the secrets are that it
// makes: one from there is taken if it has 16 bytes, which nobody guesses.
const secretBytesMin = 16;
const secretBytesMax = 256;

/** Returns the key that a secret is, in the encoding that the settings say; undefined where it is none. */
export function keyOf(secret: string, settings: Settings): Buffer | undefined {
  const key = isText(settings) ? Buffer.from(secret) : decodeBase64(secret);
  return key !== undefined && key.length >= secretBytesMin && key.length <= secretBytesMax ? key : undefined;
}

/** Completes "secret must be …". */
export function allowedSecret(settings: Settings): string {
  const what = isText(settings) ? "a text" : "the standard base64";
  return `${what} of ${secretBytesMin} to ${secretBytesMax} bytes`;
}

function isText(settings: Settings): boolean {
  return bubblehouseSettings.secretEncoding.read(settings) === "text";
}
