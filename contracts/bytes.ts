/** Joins pieces into one run of bytes: texts as UTF-8, bytes as they are (invariant 13). */
export function joinBytes(pieces: readonly (string | Uint8Array)[]): Buffer {
  let length = 0;
  for (const piece of pieces) {
    length += Buffer.byteLength(piece);
  }
  const joined = Buffer.allocUnsafe(length);
  let at = 0;
  for (const piece of pieces) {
    if (typeof piece === "string") {
      at += joined.write(piece, at);
    } else {
      joined.set(piece, at);
      at += piece.byteLength;
    }
  }
  return joined;
}
