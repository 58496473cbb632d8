/** JSON as it was sent: laid out by its own characters, never parsed and printed again. */

export interface JsonToken {
  readonly kind: "name" | "text" | "number" | "word" | "sign" | "space";
  readonly text: string;
}

export const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|true|false|null|[[\]{},:]|\s+/g;

/** Lays out a JSON text over lines. What is no JSON comes back as it is. */
export function laidOut(text: string): readonly JsonToken[] {
  const words = (text.match(TOKEN) ?? []).filter((word) => !/^\s/.test(word));
  if (words.join("") === "" || text.replace(TOKEN, "") !== "") {
    return [{ kind: "word", text }];
  }
  const tokens: JsonToken[] = [];
  let depth = 0;
  words.forEach((word, at) => {
    const next = words[at + 1];
    if (word === "}" || word === "]") {
      depth -= 1;
      tokens.push(...(isEmpty(words[at - 1], word) ? [] : [lineAt(depth)]));
    }
    tokens.push({ kind: kindOf(word, next), text: word });
    if (word === "{" || word === "[") {
      depth += 1;
      tokens.push(...(isEmpty(word, next) ? [] : [lineAt(depth)]));
    } else if (word === ",") {
      tokens.push(lineAt(depth));
    } else if (word === ":") {
      tokens.push({ kind: "space", text: " " });
    }
  });
  return tokens;
}

function isEmpty(open: string | undefined, close: string | undefined): boolean {
  return (open === "{" && close === "}") || (open === "[" && close === "]");
}

/** Deeper lines are no further to the right: a hostile text would else grow by the square of its depth. */
const INDENTS_MAX = 40;

export function indentText(depth: number): string {
  return "  ".repeat(Math.min(depth, INDENTS_MAX));
}

function lineAt(depth: number): JsonToken {
  return { kind: "space", text: `\n${indentText(depth)}` };
}

function kindOf(word: string, next: string | undefined): JsonToken["kind"] {
  if (word.startsWith('"')) {
    return next === ":" ? "name" : "text";
  }
  return /^[-\d]/.test(word) ? "number" : /^[a-z]/.test(word) ? "word" : "sign";
}

/** Cuts a member of an object out of its JSON text, as it stands there. Undefined: it has none. */
export function memberText(text: string, name: string): string | undefined {
  let depth = 0;
  let start: number | undefined;
  let key = "";
  for (const match of text.matchAll(TOKEN)) {
    const [word] = match;
    if (depth === 1 && (word === "," || word === "}")) {
      if (start !== undefined && key === JSON.stringify(name)) {
        return text.slice(start, match.index).trim();
      }
      start = undefined;
    } else if (depth === 1 && word === ":" && start === undefined) {
      start = match.index + 1;
    } else if (depth === 1 && start === undefined && word.startsWith('"')) {
      key = word;
    }
    depth += word === "{" || word === "[" ? 1 : word === "}" || word === "]" ? -1 : 0;
  }
  return undefined;
}

/** Writes an event around its data, which stays as it was typed: no parser rounds its numbers. */
export function eventText(around: Readonly<Record<string, string>>, dataText: string): string {
  const members = Object.entries(around).map(
    ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)},`,
  );
  return `{${members.join("")}"data":${dataText}}`;
}
