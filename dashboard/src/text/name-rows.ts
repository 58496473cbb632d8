/** Texts by their names, as rows of a form: headers and metadata of an endpoint. */

export interface NameRow {
  /** Tells it from the others, while its name is written. */
  readonly key: number;
  readonly name: string;
  readonly value: string;
  /** Whether the server has it; else somebody adds it now. */
  readonly isStored: boolean;
}

type Texts = Readonly<Record<string, string>>;

/** Stands for a value that is not to be seen, as in the API, which takes it as the value of no header. */
const WITHHELD = "…";

/** The server's pointers have so much of a name. */
const POINTER_NAME_LENGTH_MAX = 64;

export function rowsOf(texts: Texts): readonly NameRow[] {
  return Object.entries(texts).map(([name, value], key) => ({ key, name, value, isStored: true }));
}

export function withEmptyRow(rows: readonly NameRow[]): readonly NameRow[] {
  const key = Math.max(-1, ...rows.map((row) => row.key)) + 1;
  return [...rows, { key, name: "", value: "", isStored: false }];
}

/** The same rows without space around what they say: no header has any. */
export function trimmed(rows: readonly NameRow[]): readonly NameRow[] {
  return rows.map((row) => ({ ...row, name: row.name.trim(), value: row.value.trim() }));
}

/** Returns what rows say. Those in which nothing is written say nothing. */
export function textsOf(rows: readonly NameRow[]): Texts {
  return Object.fromEntries(rows.filter(isWritten).map(({ name, value }) => [name, value]));
}

/** The same rows without what was stored of their values, for where it is not to be seen. */
export function withheldIn(rows: readonly NameRow[]): readonly NameRow[] {
  return rows.map((row) => (row.isStored ? { ...row, value: WITHHELD } : row));
}

/** Whether rows say something as they are: of two of one name, only one could be sent. */
export function areSendable(rows: readonly NameRow[]): boolean {
  return rows.every((row) => rowProblem(rows, row) === undefined);
}

/** Says what is wrong with a row that nobody has to ask the server for; undefined: nothing. */
export function rowProblem(rows: readonly NameRow[], { key, name, value }: NameRow): string | undefined {
  if (name === "") {
    return value === "" ? undefined : "needs a name";
  }
  return rows.some((other) => other.key < key && other.name === name) ? "stands above already" : undefined;
}

/** Returns where in a member the server says that something is wrong with what has a name. */
export function pointerTo(member: string, name: string): string {
  const part = name.slice(0, POINTER_NAME_LENGTH_MAX).toWellFormed();
  return `/${member}/${part.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function isWritten({ name, value }: NameRow): boolean {
  return name !== "" || value !== "";
}
