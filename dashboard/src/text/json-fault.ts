export interface JsonFault {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** What could stand there. */
  readonly expected: string;
}

const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\u0000-\u001f]*)*"/;
export const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/;
const PART = new RegExp(
  `(?<word>${STRING.source})|(?<value>${NUMBER.source}|true|false|null)|(?<sign>[[\\]{},:])`,
  "y",
);
const SPACE = /[ \t\n\r]*/y;

/** What may come next; the container says what ends it. */
type Place = "value" | "value or ]" | "name" | "name or }" | ":" | "rest";

/** Says where a text stops being JSON. Undefined: it is JSON. */
export function jsonFault(text: string): JsonFault | undefined {
  const open: ("{" | "[")[] = [];
  let place: Place = "value";
  for (let at = after(SPACE, text, 0); at < text.length || !isEnd(place, open); ) {
    PART.lastIndex = at;
    const { word, value, sign } = PART.exec(text)?.groups ?? {};
    const next = placeAfter(place, { open, word, value, sign });
    if (next === undefined) {
      return faultAt(text, at, expectedAt(place, open.at(-1)));
    }
    place = next;
    at = after(SPACE, text, PART.lastIndex);
  }
  return undefined;
}

/** Says a fault to people. */
export function faultText({ line, column, expected }: JsonFault): string {
  return `This is not JSON: line ${line}, column ${column} must have ${expected}.`;
}

function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  pattern.test(text);
  return pattern.lastIndex;
}

function isEnd(place: Place, open: readonly string[]): boolean {
  return place === "rest" && open.length === 0;
}

interface Part {
  readonly open: ("{" | "[")[];
  readonly word: string | undefined;
  readonly value: string | undefined;
  readonly sign: string | undefined;
}

/** Takes a part, and says what may come after it. Undefined: it may not stand there. */
function placeAfter(place: Place, { open, word, value, sign }: Part): Place | undefined {
  switch (place) {
    case "name":
    case "name or }":
      return word !== undefined ? ":" : place === "name or }" && sign === "}" ? closed(open) : undefined;
    case ":":
      return sign === ":" ? "value" : undefined;
    case "value":
    case "value or ]":
      if (word !== undefined || value !== undefined) {
        return "rest";
      }
      if (sign === "{" || sign === "[") {
        open.push(sign);
        return sign === "{" ? "name or }" : "value or ]";
      }
      return place === "value or ]" && sign === "]" ? closed(open) : undefined;
    case "rest":
      if (sign === "," && open.length > 0) {
        return open.at(-1) === "{" ? "name" : "value";
      }
      return sign !== undefined && sign === END[open.at(-1) ?? ""] ? closed(open) : undefined;
  }
}

const END: Readonly<Record<string, string>> = { "{": "}", "[": "]" };

function closed(open: string[]): Place {
  open.pop();
  return "rest";
}

function expectedAt(place: Place, container: "{" | "[" | undefined): string {
  switch (place) {
    case "value":
      return "a value";
    case "value or ]":
      return "a value or ]";
    case "name":
      return "a name in double quotes";
    case "name or }":
      return "a name in double quotes or }";
    case ":":
      return "a colon";
    case "rest":
      return container === undefined ? "nothing more" : `a comma or ${END[container]}`;
  }
}

function faultAt(text: string, at: number, expected: string): JsonFault {
  const lines = text.slice(0, at).split("\n");
  return { line: lines.length, column: (lines.at(-1) ?? "").length + 1, expected };
}
