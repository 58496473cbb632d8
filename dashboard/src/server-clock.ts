/** The server's clock, by what its answers say: a browser's own may be wrong. */

// An answer's time is cut to its second, and it was on its way: what is nearer than that is no difference.
const DIFFERENCE_MS_MIN = 2000;
const HALF_A_SECOND_MS = 500;

let aheadMs = 0;
const listeners = new Set<() => void>();

/** Calls whenever it is seen that the server's clock is another than it was thought to be. */
export function whenCorrected(listener: () => void): void {
  listeners.add(listener);
}

/** Looks at the time that an answer was made. */
export function noteServerTime(date: string | null, now = Date.now()): void {
  const at = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(at)) {
    return;
  }
  const difference = at + HALF_A_SECOND_MS - now;
  const isNear = Math.abs(difference) < DIFFERENCE_MS_MIN;
  // Kept as it is while it fits: times that are shown are to go on steadily.
  const isKept = !isNear && Math.abs(difference - aheadMs) < DIFFERENCE_MS_MIN;
  const seenMs = isNear ? 0 : isKept ? aheadMs : difference;
  if (seenMs !== aheadMs) {
    aheadMs = seenMs;
    for (const listener of listeners) {
      listener();
    }
  }
}

/** Returns what the server's clock says now, to a second or two. */
export function serverNow(now = Date.now()): number {
  return now + aheadMs;
}
