import type { PlacedToken } from "./json-page.ts";

/** Where a text has what is looked for. */
export interface Match {
  readonly start: number;
  readonly end: number;
}

/** More are not counted. */
export const MATCHES_MAX = 10_000;

/** Finds what is looked for, small or large letters. Space beside signs may be there or not. */
export function matchesIn(text: string, wanted: string): readonly Match[] {
  const trimmed = wanted.trim();
  if (trimmed === "") {
    return [];
  }
  const pattern = trimmed
    .replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&")
    .replaceAll(/(?<=[^\w\s])\s+|\s+(?=[^\w\s])/g, "\\s*")
    .replaceAll(/\s+/g, "\\s+");
  const matches: Match[] = [];
  for (const { 0: found, index } of text.matchAll(new RegExp(pattern, "gi"))) {
    if (matches.length === MATCHES_MAX) {
      break;
    }
    matches.push({ start: index, end: index + found.length });
  }
  return matches;
}

/** A piece of a line, of one kind and all of it found or not. */
export interface Segment extends PlacedToken {
  /** The number of the match it is of. Undefined: of none. */
  readonly match: number | undefined;
}

/** Cuts the words of a line at the ends of matches, which are in their order. */
export function segmentsOf(tokens: readonly PlacedToken[], matches: readonly Match[]): readonly Segment[] {
  return tokens.flatMap((token) =>
    token.start < 0 ? [{ ...token, match: undefined }] : cut(token, matches),
  );
}

function cut({ kind, text, start }: PlacedToken, matches: readonly Match[]): readonly Segment[] {
  const segments: Segment[] = [];
  const end = start + text.length;
  let at = start;
  const take = (to: number, match: number | undefined) => {
    if (to > at) {
      segments.push({ kind, text: text.slice(at - start, to - start), start: at, match });
      at = to;
    }
  };
  for (let number = firstAfter(matches, start); number < matches.length; number += 1) {
    const match = matches[number];
    if (match === undefined || match.start >= end) {
      break;
    }
    take(Math.max(at, match.start), undefined);
    take(Math.min(end, match.end), number);
  }
  take(end, undefined);
  return segments;
}

/** The first match that ends behind a place. */
function firstAfter(matches: readonly Match[], at: number): number {
  let [low, high] = [0, matches.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((matches[middle]?.end ?? 0) > at) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}
