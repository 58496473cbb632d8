/** What is looked for, as one line: `type:invoice.paid subject:"customer 7"`. */
export type Tokens = Readonly<Record<string, string>>;

const TOKEN = /(?:([a-z]+):)?(?:"([^"]*)"|(\S+))/g;

/**
 * Reads a line. Words without one of the names are, as they stand, what the first of the names has: nothing
 * that was looked for is left out unseen.
 */
export function tokensIn(line: string, names: readonly string[]): Tokens {
  const found: Record<string, string> = {};
  const [first = ""] = names;
  for (const [word, name, quoted, plain] of line.matchAll(TOKEN)) {
    if (name !== undefined && names.includes(name)) {
      found[name] = quoted ?? plain ?? "";
    } else {
      const before = found[first] === undefined ? "" : `${found[first]} `;
      found[first] = before + (name === undefined ? (quoted ?? plain ?? "") : word);
    }
  }
  return found;
}

/** Writes what is looked for as a line that reads the same. */
export function lineOf(tokens: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(tokens)
    .flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}:${/\s/.test(value) ? `"${value}"` : value}`],
    )
    .join(" ");
}
