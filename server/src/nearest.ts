/** Returns the name that a text is most like: what was meant, where it is none of them. */
export function nearestOf(text: string, names: readonly string[]): string {
  const distances = names.map((name) => distance(text, name));
  return names[distances.indexOf(Math.min(...distances))] ?? "";
}

/**
 * Returns what a refusal of a word says of the name that it is most like: nothing where more than half of the
 * word's characters would have to change.
 */
export function nearestHint(text: string, names: readonly string[]): string {
  const nearest = nearestOf(text, names);
  return distance(text, nearest) * 2 > text.length ? "" : `; the nearest is ${nearest}`;
}

/** Counts the characters to insert, remove or replace between two texts (Levenshtein). */
function distance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [row, left] of one.split("").entries()) {
    const line = [row + 1];
    for (const [column, right] of other.split("").entries()) {
      const replaced = (above[column] ?? 0) + (left === right ? 0 : 1);
      line.push(Math.min(replaced, (above[column + 1] ?? 0) + 1, (line[column] ?? 0) + 1));
    }
    above = line;
  }
  return above.at(-1) ?? 0;
}
