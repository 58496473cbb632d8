/**
 * A payload as lines, of which a screen shows a few at a time. Lines are places in the text: nothing of it is
 * copied, however long it is, and a line is indented when it is shown, however deep it stands.
 */

import { indentText, type JsonToken } from "./json-text.ts";

export interface JsonPage {
  readonly text: string;
  /** Where each line begins and ends in the text, and how deep it stands. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly depths: readonly number[];
  /** The line that closes what a line opens; the line itself: it opens nothing. */
  readonly closers: readonly number[];
  /** Of lines that begin within a word that began on a line before, where that word ends. */
  readonly rests: ReadonlyMap<number, number>;
  /** Whether it is laid out as JSON. Else the lines are the text's own. */
  readonly isJson: boolean;
}

/** A longer line is shown over several: a browser lays a million characters of one out for seconds. */
export const LINE_CHARACTERS_MAX = 160;

interface PageOptions {
  /** Whether the lines are to be the text's own. Default: JSON is laid out. */
  readonly isRaw?: boolean;
  /** Default: LINE_CHARACTERS_MAX. */
  readonly lineCharactersMax?: number;
}

/** Lays a text out over lines. What is no JSON keeps its own. */
export function pageOf(text: string, options: PageOptions = {}): JsonPage {
  const { isRaw = false, lineCharactersMax = LINE_CHARACTERS_MAX } = options;
  return (isRaw ? undefined : laidOutPage(text, lineCharactersMax)) ?? rawPage(text, lineCharactersMax);
}

interface Lines {
  readonly starts: number[];
  readonly ends: number[];
  readonly depths: number[];
  readonly closers: number[];
  readonly rests: Map<number, number>;
}

function noLines(): Lines {
  return { starts: [], ends: [], depths: [], closers: [], rests: new Map() };
}

interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly max: number;
  /** The ends of its words, in their order. */
  readonly wordEnds: readonly number[];
}

/** Adds a line, or as many as it takes. None begins with the second half of a character. */
function add(lines: Lines, text: string, { start, end, depth, max, wordEnds }: Stretch): void {
  for (let from = start; from === start || from < end; ) {
    const wide = Math.min(end, from + max);
    const to = wide < end && isSecondHalf(text.charCodeAt(wide)) ? wide - 1 : wide;
    const rest = from === start ? undefined : wordEnds.find((wordEnd) => wordEnd > from);
    if (rest !== undefined) {
      lines.rests.set(lines.starts.length, rest);
    }
    lines.closers.push(lines.starts.length);
    lines.starts.push(from);
    lines.ends.push(to);
    lines.depths.push(depth);
    from = Math.max(to, from + 1);
  }
}

function isSecondHalf(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

function rawPage(text: string, max: number): JsonPage {
  const lines = noLines();
  for (let start = 0; start <= text.length; ) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    add(lines, text, { start, end, depth: 0, max, wordEnds: [] });
    start = end + 1;
  }
  return { text, ...lines, isJson: false };
}

function laidOutPage(text: string, max: number): JsonPage | undefined {
  const lines = noLines();
  /** Lines that opened something. */
  const open: number[] = [];
  /** Of the line that is being made; none is: less than 0. */
  let start = -1;
  let end = 0;
  let wordEnds: number[] = [];
  const breakLine = () => {
    if (start >= 0) {
      add(lines, text, { start, end, depth: open.length, max, wordEnds });
      start = -1;
      wordEnds = [];
    }
  };
  for (let at = afterSpace(text, 0); at < text.length; at = afterSpace(text, end)) {
    const wordEnd = endOfWord(text, at);
    if (wordEnd === undefined) {
      return undefined;
    }
    const sign = text.charAt(at);
    if (sign === "}" || sign === "]") {
      breakLine();
      const opener = open.pop();
      if (opener !== undefined) {
        lines.closers[opener] = lines.starts.length;
      }
    }
    start = start < 0 ? at : start;
    end = wordEnd;
    wordEnds.push(end);
    if (sign === "{" || sign === "[") {
      const next = afterSpace(text, end);
      if (text.charAt(next) === CLOSING[sign]) {
        end = next + 1;
      } else {
        breakLine();
        open.push(lines.starts.length - 1);
      }
    } else if (sign === ",") {
      breakLine();
    }
  }
  breakLine();
  return lines.starts.length === 0 ? undefined : { text, ...lines, isJson: true };
}

const CLOSING: Readonly<Record<string, string>> = { "{": "}", "[": "]" };

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function afterSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text.charCodeAt(at))) {
    at += 1;
  }
  return at;
}

const WORD = /(?:-?\d[\d.eE+-]*|true|false|null)(?![\w.+-])|[[\]{},:]/y;

/** Finds the end of the word of JSON that begins at a place. Undefined: none does. */
function endOfWord(text: string, at: number): number | undefined {
  if (text.charAt(at) === '"') {
    const end = endOfString(text, at + 1);
    return text.charAt(end - 1) === '"' && end > at + 1 ? end : undefined;
  }
  WORD.lastIndex = at;
  return WORD.test(text) ? WORD.lastIndex : undefined;
}

/** Finds where a string ends, behind its quote; where it does not, the first place that none may go over. */
function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      return at + 1;
    }
    if (code < 0x20) {
      return at;
    }
    at += code === 0x5c ? 1 : 0;
  }
  return text.length;
}

/** A word of a line, and where it stands in the text; less than 0: it is space that is not there. */
export interface PlacedToken extends JsonToken {
  readonly start: number;
}

/** Says what a line has, without the spaces of the text. */
export function tokensOf(page: JsonPage, line: number): readonly PlacedToken[] {
  const { text, isJson, rests } = page;
  const [start = 0, end = 0] = [page.starts[line], page.ends[line]];
  if (!isJson) {
    return [{ kind: "space", text: text.slice(start, end), start }];
  }
  const tokens: PlacedToken[] = [];
  let at = start;
  const rest = rests.get(line);
  if (rest !== undefined) {
    at = Math.min(end, rest);
    tokens.push({ kind: "text", text: text.slice(start, at), start });
  }
  for (at = afterSpace(text, at); at < end; at = afterSpace(text, at)) {
    const wordEnd = Math.min(end, endOfWord(text, at) ?? end);
    const word = text.slice(at, wordEnd);
    tokens.push({ kind: kindOf(word, text.charAt(afterSpace(text, wordEnd))), text: word, start: at });
    at = wordEnd;
    if (word === ":") {
      tokens.push({ kind: "space", text: " ", start: -1 });
    }
  }
  return tokens;
}

function kindOf(word: string, next: string): JsonToken["kind"] {
  if (word.startsWith('"')) {
    return next === ":" ? "name" : "text";
  }
  return /^[-\d]/.test(word) ? "number" : /^[a-z]/.test(word) ? "word" : "sign";
}

/** What stands before a line. */
export function indentOf({ depths }: JsonPage, line: number): string {
  return indentText(depths[line] ?? 0);
}

/** The lines that are shown where some that open something are folded. Undefined: all are. */
export function shownLines(page: JsonPage, folded: ReadonlySet<number>): readonly number[] | undefined {
  if (folded.size === 0) {
    return undefined;
  }
  const shown: number[] = [];
  for (let line = 0; line < page.starts.length; ) {
    shown.push(line);
    line = folded.has(line) ? (page.closers[line] ?? line) + 1 : line + 1;
  }
  return shown;
}

/** Finds the line that has a place of the text. */
export function lineAt({ starts }: JsonPage, at: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= at) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

/** The line that opens what a line stands in. Undefined: it stands in nothing. */
export function openerOf({ depths }: JsonPage, line: number): number | undefined {
  const depth = depths[line] ?? 0;
  for (let above = line - 1; above >= 0 && depth > 0; above -= 1) {
    if ((depths[above] ?? 0) < depth) {
      return above;
    }
  }
  return undefined;
}
