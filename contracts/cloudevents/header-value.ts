// All but the visible characters of ASCII, and of those the quote and the percent sign.
const encoded = /[^\x21\x23\x24\x26-\x7e]+/g;
// What a header may hold. Senders by older versions of the binding leave spaces as they are.
const headerText = /^[\x20-\x7e]*$/;
const quoted = /^"((?:[^"\\]|\\.)*)"$/;

/** Writes an attribute as the value of a header: percent-encoded, as the HTTP binding says (3.1.3.2). */
export function encodeHeaderValue(text: string): string {
  return text.toWellFormed().replace(encoded, encodeURIComponent);
}

/**
 * Reads an attribute from the value of a header: unquoted first, then decoded once.
 *
 * Undefined where it is not encoded as the HTTP binding says: characters beyond ASCII, a percent sign
 * without its two digits, bytes that are no UTF-8.
 */
export function decodeHeaderValue(value: string): string | undefined {
  if (!headerText.test(value)) {
    return undefined;
  }
  const text = quoted.exec(value)?.[1]?.replace(/\\(.)/g, "$1") ?? value;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
