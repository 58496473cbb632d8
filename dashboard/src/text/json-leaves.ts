import { TOKEN } from "./json-text.ts";

/** A text, number, true, false or null within a JSON text. */
export interface JsonLeaf {
  /** Names and places on the way to it, for people: `customer.email`, `lines[0].price`; empty: it is all. */
  readonly path: string;
  readonly kind: "text" | "number" | "word";
  /** As it stands there. */
  readonly literal: string;
  readonly start: number;
}

interface Open {
  readonly isList: boolean;
  readonly path: string;
  name: string;
  count: number;
}

/** Finds the leaves of a text that is JSON, in their order. */
export function jsonLeaves(text: string): readonly JsonLeaf[] {
  const leaves: JsonLeaf[] = [];
  const open: Open[] = [];
  for (const { 0: word, index } of text.matchAll(TOKEN)) {
    const within = open.at(-1);
    if (word === "{" || word === "[") {
      open.push({ isList: word === "[", path: pathIn(within), name: "", count: 0 });
    } else if (word === "}" || word === "]") {
      open.pop();
    } else if (word === "," && within !== undefined) {
      within.count += 1;
      within.name = "";
    } else if (word.startsWith('"') && within?.isList === false && within.name === "") {
      within.name = word;
    } else if (word !== ":" && !/^\s/.test(word)) {
      leaves.push({ path: pathIn(within), kind: kindOf(word), literal: word, start: index });
    }
  }
  return leaves;
}

function pathIn(open: Open | undefined): string {
  if (open === undefined) {
    return "";
  }
  const { isList, path, name, count } = open;
  if (isList) {
    return `${path}[${count}]`;
  }
  const shown = String(JSON.parse(name));
  return path === "" ? shown : `${path}.${shown}`;
}

function kindOf(word: string): JsonLeaf["kind"] {
  return word.startsWith('"') ? "text" : /^[-\d]/.test(word) ? "number" : "word";
}

/** Puts another literal in the place of a leaf; everything else stays as it stands, to the last digit. */
export function withLeaf(text: string, { start, literal }: JsonLeaf, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(start + literal.length);
}
