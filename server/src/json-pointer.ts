/** JSON Pointers (RFC 6901), which say where in a JSON text something is wrong. */

/** Writes a name as a part of a pointer. */
export function escapedPointerPart(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** Reads a part of a pointer. */
export function unescapedPointerPart(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}
