/** A guard taken out of the source, and the tests of which one must notice. */
export interface Mutation {
  /** What no longer holds, as a clause: "the peer is not looked at". */
  readonly name: string;
  readonly edits: readonly Edit[];
  /** Test files or folders, by their path from the repository's root. */
  readonly tests: readonly string[];
  /** Runs only tests whose name matches. Default: all of `tests`. */
  readonly only?: string;
}

/** Replaces a text that stands exactly once in a file. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** One edit and what notices it, in a row of a table. */
export type Row = readonly [name: string, find: string, replace: string, ...tests: readonly string[]];

/** Builds the mutations of one file from a table. */
export function mutationsOf(file: string, ...table: readonly Row[]): readonly Mutation[] {
  return table.map(([name, find, replace, ...tests]) => ({
    name,
    edits: [{ file, find, replace }],
    tests,
  }));
}

/** Returns the edited text. Throws an Error where the text to find is not there exactly once. */
export function applied(text: string, { file, find, replace }: Edit): string {
  const count = text.split(find).length - 1;
  if (count !== 1) {
    throw new Error(`${file} must have ${JSON.stringify(find)} exactly once, it has it ${count} times`);
  }
  if (find === replace) {
    throw new Error(`an edit of ${file} must change ${JSON.stringify(find)}`);
  }
  return text.replace(find, () => replace);
}
