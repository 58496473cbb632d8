/** Where the members of a JSON object lie in its text, and where the values of the wanted ones begin. */
export interface ObjectText {
  /** The first byte after the opening brace. */
  readonly from: number;
  /** The closing brace. */
  readonly to: number;
  /** The first byte of each wanted member's value; where a name occurs twice, of the last, as parsers do. */
  readonly found: ReadonlyMap<string, number>;
}

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const bracketOpen = 0x5b;
const backslash = 0x5c;
const bracketClose = 0x5d;
export const braceOpen = 0x7b;
const braceClose = 0x7d;

/**
 * Finds members at the top level of a JSON object without parsing it; undefined where the text is no object.
 *
 * The text must be valid JSON: then braces and quotes inside strings, and names that occur deeper, cannot
 * mislead it, and a name spelled with escapes (`"\u0062hid"`) is found like any other. Bytes of UTF-8
 * beyond ASCII never look like a brace or a quote.
 */
export function findMembers(json: Uint8Array, wanted: ReadonlySet<string>): ObjectText | undefined {
  const open = afterSpace(json, 0);
  if (json[open] !== braceOpen) {
    return undefined;
  }
  const found = new Map<string, number>();
  let depth = 1;
  // So after the opening brace and after every comma at depth 1: the next string is a member's name.
  let nameComesNext = true;
  let at = open + 1;
  while (at < json.length) {
    const byte = json[at];
    if (byte === quote) {
      const end = afterString(json, at);
      if (nameComesNext) {
        nameComesNext = false;
        const name = stringAt(json, at, end);
        if (wanted.has(name)) {
          found.set(name, valueAfter(json, end));
        }
      }
      at = end;
      continue;
    }
    if (byte === braceOpen || byte === bracketOpen) {
      depth += 1;
    } else if (byte === braceClose || byte === bracketClose) {
      depth -= 1;
      if (depth === 0) {
        return { from: open + 1, to: at, found };
      }
    } else if (byte === comma && depth === 1) {
      nameComesNext = true;
    }
    at += 1;
  }
  return undefined;
}

/** Where the string that opens at `open` has ended: one beyond its closing quote. */
function afterString(json: Uint8Array, open: number): number {
  let at = open + 1;
  while (at < json.length && json[at] !== quote) {
    at += json[at] === backslash ? 2 : 1;
  }
  return at + 1;
}

function stringAt(json: Uint8Array, from: number, to: number): string {
  const text = Buffer.from(json.buffer, json.byteOffset + from, to - from).toString();
  return text.includes("\\") ? String(JSON.parse(text)) : text.slice(1, -1);
}

function valueAfter(json: Uint8Array, nameEnd: number): number {
  const at = afterSpace(json, nameEnd);
  return afterSpace(json, json[at] === colon ? at + 1 : at);
}

function afterSpace(json: Uint8Array, from: number): number {
  let at = from;
  while (json[at] === 0x20 || json[at] === 0x09 || json[at] === 0x0a || json[at] === 0x0d) {
    at += 1;
  }
  return at;
}
