/** A row as it comes from the database. */
export type Row = Readonly<Record<string, unknown>>;

/** Reads a whole number. Throws, as all of these do, if the column holds anything else: the row is bad. */
export function integerIn(row: Row, name: string): number {
  const value = row[name];
  if (typeof value !== "number" || !Number.isSafeInteger(value)) {
    throw badColumn(name, "a whole number", value);
  }
  return value;
}

export function numberIn(row: Row, name: string): number {
  const value = row[name];
  if (typeof value !== "number") {
    throw badColumn(name, "a number", value);
  }
  return value;
}

export function textIn(row: Row, name: string): string {
  const value = row[name];
  if (typeof value !== "string") {
    throw badColumn(name, "text", value);
  }
  return value;
}

export function bytesIn(row: Row, name: string): Uint8Array {
  const value = row[name];
  if (!(value instanceof Uint8Array)) {
    throw badColumn(name, "bytes", value);
  }
  return value;
}

/** Reads one of the words that are the members of `words`. */
export function wordIn<Word extends string>(row: Row, name: string, words: Record<Word, true>): Word {
  const value = textIn(row, name);
  if (!isWord(value, words)) {
    throw badColumn(name, `one of ${Object.keys(words).join(", ")}`, value);
  }
  return value;
}

/** Reads a column with `read`; undefined where it is NULL. */
export function optionalIn<Value>(
  row: Row,
  name: string,
  read: (row: Row, name: string) => Value,
): Value | undefined {
  return row[name] === null ? undefined : read(row, name);
}

/** Reads JSON that `isExpected` recognizes. */
export function jsonIn<Value>(row: Row, name: string, isExpected: (value: unknown) => value is Value): Value {
  const value: unknown = JSON.parse(textIn(row, name));
  if (!isExpected(value)) {
    throw badColumn(name, "JSON of another shape", typeof value);
  }
  return value;
}

export function textsIn(row: Row, name: string): readonly string[] {
  return jsonIn(row, name, areTexts);
}

/** Reads what may be damaged, or of a later version; undefined: it cannot be read. */
export function readable<Value>(read: () => Value): { readonly value: Value } | undefined {
  try {
    return { value: read() };
  } catch {
    return undefined;
  }
}

function isWord<Word extends string>(value: string, words: Record<Word, true>): value is Word {
  return Object.hasOwn(words, value);
}

function areTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

/** A stored row that cannot be read. */
export class BadColumn extends Error {
  override readonly name = "BadColumn";
}

// Numbers and words of ours are shown; text and bytes may be a customer's (invariant 12).
function badColumn(name: string, expected: string, value: unknown): BadColumn {
  const given = typeof value === "number" ? String(value) : value === null ? "NULL" : typeof value;
  return new BadColumn(`stored ${name} is ${expected}, got ${given}`);
}
