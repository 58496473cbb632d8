const utf8 = new TextEncoder();
// A byte order mark is kept: no sender signs JSON with one, and JSON.parse refuses it.
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

// The last digit before the padding holds no bits that are cut off: one run of bytes has one spelling.
const standardBase64 =
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/;
const urlSafeBase64 = /^[A-Za-z0-9_-]*$/;

/** Bytes that WebCrypto takes: never those of a SharedArrayBuffer. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Encodes a text as UTF-8. */
export function utf8Bytes(text: string): Bytes {
  return utf8.encode(text);
}

/** Joins pieces into one run of bytes: texts as UTF-8, bytes as they are. */
export function concatBytes(...pieces: readonly (string | Uint8Array)[]): Bytes {
  return joinedBytes(pieces.map((piece) => (typeof piece === "string" ? utf8.encode(piece) : piece)));
}

/** Joins any number of runs of bytes; a call has only so many arguments. */
export function joinedBytes(runs: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(runs.reduce((length, run) => length + run.length, 0));
  let at = 0;
  for (const run of runs) {
    joined.set(run, at);
    at += run.length;
  }
  return joined;
}

/** Decodes standard base64 with its padding, without Node's Buffer; undefined where the text is no such. */
export function bytesOfBase64(text: string): Bytes | undefined {
  return standardBase64.test(text) ? Uint8Array.from(atob(text), (each) => each.charCodeAt(0)) : undefined;
}

/** Decodes base64 in the URL-safe alphabet without padding; undefined where the text is no such. */
export function bytesOfBase64Url(text: string): Bytes | undefined {
  if (!urlSafeBase64.test(text) || text.length % 4 === 1) {
    return undefined;
  }
  const padding = "=".repeat((4 - (text.length % 4)) % 4);
  return bytesOfBase64(text.replaceAll("-", "+").replaceAll("_", "/") + padding);
}

/** Decodes lower-case hexadecimal digits; undefined where the text is no such. */
export function bytesOfHex(text: string): Bytes | undefined {
  if (text.length % 2 === 1 || !/^[0-9a-f]*$/.test(text)) {
    return undefined;
  }
  return Uint8Array.from({ length: text.length / 2 }, (_, at) =>
    Number.parseInt(text.slice(at * 2, at * 2 + 2), 16),
  );
}

/** Reads bytes as JSON in UTF-8; undefined, which no JSON value is, where they are not. */
export function jsonOfBytes(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(strictUtf8.decode(bytes));
  } catch {
    return undefined;
  }
}

/** Tells whether a parsed JSON value is an object, and neither an array nor null. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
