import type { Clock, Timer } from "./clock.ts";

/** A clock for development, that can be moved ahead: what waits on it for hours comes in a moment. */
export interface MovableClock extends Clock {
  /** How far it is ahead of the machine's. */
  readonly aheadMs: number;
  /**
   * Moves it ahead from one moment at which something was to happen to the next, as if the time had passed:
   * `settled` resolves when what a moment set off has come to rest. Stops when that has taken so much of the
   * machine's time, and returns how far it came.
   */
  advance(byMs: number, passing: Passing): Promise<number>;
}

export interface Passing {
  readonly settled: () => Promise<void>;
  readonly tookMsMax: number;
}

/** What waits for less is no moment to stop at: it comes with the next one. */
const MOMENT_MS_MIN = 1000;

interface Wait {
  readonly at: number;
  /** The moment that it is for, where it is only looked at before. */
  readonly wantedAt: number;
  readonly delayMs: number;
  readonly ring: () => void;
  /** Of the machine. */
  timer: Timer | undefined;
}

export function createMovableClock(machine: Clock): MovableClock {
  const waits = new Set<Wait>();
  let aheadMs = 0;
  let advancing: Promise<unknown> = Promise.resolve();

  const monotonic = (): number => machine.monotonic() + aheadMs;

  function fire(wait: Wait): void {
    if (waits.delete(wait)) {
      wait.timer?.cancel();
      wait.ring();
    }
  }

  function arm(wait: Wait): void {
    wait.timer?.cancel();
    wait.timer = machine.after(wait.at - monotonic(), () => fire(wait));
  }

  /** The next moment at which something is to happen, if that is before another. */
  function nextBefore(end: number): number {
    const now = monotonic();
    let next = end;
    for (const { wantedAt, delayMs } of waits) {
      if (delayMs >= MOMENT_MS_MIN && wantedAt > now) {
        next = Math.min(next, wantedAt);
      }
    }
    return next;
  }

  /** By whole milliseconds, as `now` has them: else what waits for a time by that may ring one too early. */
  function jumpTo(moment: number, aheadMsMax: number): void {
    aheadMs = Math.min(aheadMsMax, Math.ceil(aheadMs + Math.max(0, moment - monotonic())));
    const due = [...waits].filter(({ at }) => at <= moment).toSorted((one, other) => one.at - other.at);
    due.forEach(fire);
  }

  async function walk(byMs: number, { settled, tookMsMax }: Passing): Promise<number> {
    const from = aheadMs;
    const to = from + byMs;
    const startedAt = machine.monotonic();
    const isLate = (): boolean => machine.monotonic() - startedAt > tookMsMax;
    while (to - aheadMs >= 1 && !isLate()) {
      // The machine's own time goes on meanwhile, and is not counted.
      jumpTo(nextBefore(monotonic() + to - aheadMs), to);
      await settled();
    }
    waits.forEach(arm);
    return aheadMs - from;
  }

  return {
    now: () => machine.now() + Math.round(aheadMs),
    monotonic,
    after(delayMs, ring, wantedMs = delayMs) {
      const now = monotonic();
      const [at, wantedAt] = [now + Math.max(0, delayMs), now + Math.max(0, wantedMs)];
      const wait: Wait = { at, wantedAt, delayMs, ring, timer: undefined };
      waits.add(wait);
      arm(wait);
      return {
        cancel() {
          waits.delete(wait);
          wait.timer?.cancel();
        },
      };
    },
    get aheadMs() {
      return Math.round(aheadMs);
    },
    advance(byMs, passing) {
      const walked = advancing.then(async () => await walk(byMs, passing));
      advancing = walked.catch(() => undefined);
      return walked;
    },
  };
}
