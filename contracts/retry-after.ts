/** A receiver cannot ask for a longer wait than this: 24 hours. */
const retryAfterMsMax = 86_400_000;

// Seven digits hold 115 days, far beyond the limit; more of them only serve to overflow someone's arithmetic.
const seconds = /^\d{1,7}$/;
// RFC 9110's IMF-fixdate, without its two obsolete forms. Date.parse alone would take "120" for a year.
const fixdate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Reads a Retry-After header: the wait in milliseconds, from 0 to 24 hours.
 *
 * Undefined where the header is absent or is neither whole seconds nor a valid HTTP date: it is then ignored.
 * `at` is when the answer came, in milliseconds since 1970.
 */
export function retryAfterMs(value: string | undefined, at: number): number | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (seconds.test(value)) {
    return Math.min(Number(value) * 1_000, retryAfterMsMax);
  }
  if (!fixdate.test(value)) {
    return undefined;
  }
  const date = new Date(value);
  // Printing it back refuses days and weekdays that do not exist, which Date would silently carry over.
  if (date.toUTCString() !== value) {
    return undefined;
  }
  return Math.min(Math.max(date.getTime() - at, 0), retryAfterMsMax);
}
