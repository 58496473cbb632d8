/** What is looked for, as one line: `type:invoice.paid subject:"customer 7"`. */
export type Tokens = Readonly<Record<string, string>>;

const TOKEN = /(?:([a-z]+):)?(?:"([^"]*)"|(\S+))/g;

/** Reads a line. A word without a name goes to the first of the names; one with another name is left out. */
export function tokensIn(line: string, names: readonly string[]): Tokens {
  const found: Record<string, string> = {};
  for (const [, name = names[0] ?? "", quoted, plain] of line.matchAll(TOKEN)) {
    if (names.includes(name)) {
      found[name] = quoted ?? plain ?? "";
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
