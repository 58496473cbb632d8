import type { JsonToken } from "./json-text.ts";

/** A longer line is shown over several: a browser lays a million characters of one out for seconds. */
export const LINE_CHARACTERS_MAX = 160;

/** Cuts tokens into the lines they make, none longer than what is shown in one. No character is lost. */
export function linesOf(tokens: readonly JsonToken[]): readonly (readonly JsonToken[])[] {
  const lines: JsonToken[][] = [[]];
  let length = 0;
  const breakLine = () => {
    lines.push([]);
    length = 0;
  };
  for (const { kind, text } of tokens) {
    const parts = text.split("\n");
    parts.forEach((part, at) => {
      if (at > 0) {
        breakLine();
      }
      for (let from = 0; from < part.length; ) {
        if (length === LINE_CHARACTERS_MAX) {
          breakLine();
        }
        const piece = part.slice(from, from + LINE_CHARACTERS_MAX - length);
        lines.at(-1)?.push({ kind, text: piece });
        length += piece.length;
        from += piece.length;
      }
    });
  }
  return lines;
}
