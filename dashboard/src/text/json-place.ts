/** Where somebody is writing within a JSON text, which need not be whole yet. */
export interface JsonPlace {
  /** Names and numbers on the way to it. */
  readonly path: readonly (string | number)[];
  /** Whether the name of a member goes here, or a value. */
  readonly wants: "name" | "value";
  /** What is written of it so far, and would be replaced. */
  readonly from: number;
  readonly to: number;
  /** Whether a colon follows. */
  readonly hasColon: boolean;
  /** Names that the object has already, before the place and after it. */
  readonly taken: ReadonlySet<string>;
}

/** A text, which without its end goes as far as its line. */
const BEGUN = /"(?:[^"\\\n]|\\.)*/;
const OTHER = /(?<sign>[[\]{},:])|(?<space>\s+)|(?<word>[\w.+-]+)|[^]/;
const PART = new RegExp(`(?<text>${BEGUN.source}")|(?<open>${BEGUN.source})|${OTHER.source}`, "g");
/** What may follow of a text that somebody stands in. */
const REST = /^[\w$. -]*"/;
const WORD_REST = /^[\w$.-]*/;

interface Open {
  readonly isList: boolean;
  readonly names: Set<string>;
  /** Of the member that is being read. */
  name: string;
  index: number;
  isAfterColon: boolean;
}

/** Says what goes at a place of a text. Undefined: nothing does, such as behind a whole value. */
export function jsonPlaceAt(text: string, at: number): JsonPlace | undefined {
  const open: Open[] = [];
  let from = at;
  let isDone = false;
  for (const match of text.slice(0, at).matchAll(PART)) {
    const { text: whole, sign, space, word, open: begun } = match.groups ?? {};
    const isLast = match.index + match[0].length === at;
    if (begun !== undefined || (word !== undefined && isLast)) {
      from = match.index;
    } else if (sign !== undefined) {
      isDone = take(open, sign);
    } else if (space === undefined) {
      isDone = noteWhole(open.at(-1), whole);
    }
  }
  const within = open.at(-1);
  const to = endOf(text, at, from);
  if (isDone || within === undefined) {
    return isDone ? undefined : { path: [], wants: "value", from, to, hasColon: false, taken: new Set() };
  }
  const wants = within.isList || within.isAfterColon ? "value" : "name";
  return {
    path: pathOf(open, wants),
    wants,
    from,
    to,
    hasColon: /^\s*:/.test(text.slice(to)),
    taken: new Set([...within.names, ...namesAfter(text.slice(to))]),
  };
}

/** Takes a sign; returns whether a value ends with it. */
function take(open: Open[], sign: string): boolean {
  const within = open.at(-1);
  if (sign === "{" || sign === "[") {
    open.push({ isList: sign === "[", names: new Set(), name: "", index: 0, isAfterColon: false });
  } else if (sign === "}" || sign === "]") {
    open.pop();
    return true;
  } else if (within !== undefined && sign === ",") {
    within.index += 1;
    within.isAfterColon = false;
  } else if (within !== undefined) {
    within.isAfterColon = true;
  }
  return false;
}

/** Notes a text that is whole, or another value; returns whether nothing but a sign can follow. */
function noteWhole(within: Open | undefined, text: string | undefined): boolean {
  if (within !== undefined && !within.isList && !within.isAfterColon && text !== undefined) {
    within.name = nameIn(text);
    within.names.add(within.name);
  }
  return true;
}

function nameIn(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal.slice(1, -1);
  }
}

function endOf(text: string, at: number, from: number): number {
  const rest = text.slice(at, at + 200);
  const [following = ""] = (text[from] === '"' && from < at ? REST : WORD_REST).exec(rest) ?? [];
  return at + following.length;
}

function pathOf(open: readonly Open[], wants: JsonPlace["wants"]): readonly (string | number)[] {
  const ways = wants === "name" ? open.slice(0, -1) : open;
  return ways.map(({ isList, index, name }) => (isList ? index : name));
}

/** The names of an object that come after a place in it, as far as its end. */
function namesAfter(text: string): readonly string[] {
  const names: string[] = [];
  let depth = 0;
  let last: string | undefined;
  for (const { groups = {} } of text.matchAll(PART)) {
    const { text: whole, sign, space } = groups;
    if (sign === "{" || sign === "[") {
      depth += 1;
    } else if (sign === "}" || sign === "]") {
      depth -= 1;
      if (depth < 0) {
        return names;
      }
    } else if (sign === ":" && depth === 0 && last !== undefined) {
      names.push(nameIn(last));
    }
    last = space === undefined ? whole : last;
  }
  return names;
}
