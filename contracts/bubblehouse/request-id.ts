import { hash } from "node:crypto";

/**
 * The UUID of a call: the same for the same attempt or greeting, another for every other.
 *
 * Version 8 (RFC 9562), as its bits are a SHA-256 of its id and time.
 */
export function requestIdOf({ id, at }: { readonly id: string; readonly at: number }): string {
  const hex = hash("sha256", `${id} ${at}`);
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  const groups = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, variant + hex.slice(17, 20)];
  return `${groups.join("-")}-${hex.slice(20, 32)}`;
}
