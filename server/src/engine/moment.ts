import { CLOCK_JUMP_MS_MIN } from "./limits.ts";

/** One moment, as both clocks show it. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** On the monotonic clock of this process. */
  readonly elapsed: number;
}

/**
 * Returns by how much the clock on the wall was set forward between two moments, in whole milliseconds;
 * negative if it was set back, and 0 if it only drifted.
 */
export function jumpBetween(first: Moment, second: Moment): number {
  const byMs = second.at - first.at - (second.elapsed - first.elapsed);
  return Math.abs(byMs) >= CLOCK_JUMP_MS_MIN ? Math.round(byMs) : 0;
}
