const FORM = /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** Completes "must be …". */
export const TIMESTAMP_FORM =
  "a time of ISO 8601 with a zone from 1970 to 9999, such as 2026-03-11T18:34:54.941Z";

const LAST_MS = Date.parse("9999-12-31T23:59:59.999Z");

/**
 * Reads a time of ISO 8601 with a zone, in milliseconds since 1970; undefined if it is none, or not from
 * 1970 to 9999. What is finer than a millisecond is cut off.
 */
export function parseTimestamp(text: string): number | undefined {
  const parts = FORM.exec(text);
  if (parts === null || !isDayOfMonth(Number(parts[1]), Number(parts[2]), Number(parts[3]))) {
    return undefined;
  }
  const atMs = Date.parse(text);
  return atMs >= 0 && atMs <= LAST_MS ? atMs : undefined;
}

// Date.parse takes February 30 for March 1 or 2.
function isDayOfMonth(year: number, month: number, day: number): boolean {
  return day <= 28 || new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}

/**
 * Writes a time as the API does: ISO 8601 in UTC, with milliseconds; whatever is later than the year 9999
 * as its end.
 */
export function timestampOf(atMs: number): string {
  return new Date(Math.min(atMs, LAST_MS)).toISOString();
}

/** As `timestampOf`, null where there is no time. */
export function timestampOrNull(atMs: number | undefined): string | null {
  return atMs === undefined ? null : timestampOf(atMs);
}
