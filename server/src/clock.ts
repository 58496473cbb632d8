/** Where the time comes from. The engine never reads a clock of its own. */
export interface Clock {
  /** Milliseconds since 1970. May jump. */
  now(): number;
  /** Milliseconds from some moment; never goes back. */
  monotonic(): number;
  /**
   * Runs `ring` once, after `delayMs` or a little later. What would wait for longer, and only looks meanwhile
   * whether `now` has jumped, says in `wantedMs` for how long: so a clock that is moved needs no such look.
   */
  after(delayMs: number, ring: () => void, wantedMs?: number): Timer;
}

export interface Timer {
  cancel(): void;
}

// Node fires a longer timer after one millisecond instead.
const TIMER_MS_MAX = 2 ** 31 - 1;

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, ring) {
    const timer = setTimeout(ring, Math.min(Math.max(0, delayMs), TIMER_MS_MAX));
    return { cancel: () => clearTimeout(timer) };
  },
};
