import type { Clock, Timer } from "../server/src/clock.ts";
import type { SimClock } from "./clock.ts";
import type { Faults } from "./faults.ts";
import type { Trace } from "./trace.ts";

/** One process from its start to its end. What it began has no effect once it is over. */
export interface Life {
  readonly name: string;
  readonly isOver: boolean;
  /** The epoch of the lease it took; 0 before. */
  epoch: number;
  /** When (monotonic) it learned that it may send nothing more; undefined: it may. */
  fencedAt: number | undefined;
  /** When (monotonic) it asked for its lease the last time that it got it; undefined: never yet. */
  renewedAt: number | undefined;
  /** Since when (monotonic) it cannot store what came of its requests; undefined: it can. */
  unstoredSince: number | undefined;
  /** Whether it waits for a person before it sends. */
  isPaused: boolean;
  /** Whether a lane of it stopped for good: what that lane is owed is for the next process. */
  isImpaired: boolean;
  /** The clock as this process sees it: its timers end with it. */
  readonly clock: Clock;
  /** Waits; never comes back if the process ends meanwhile. */
  pass(ms: number): Promise<void>;
  /** Ends the process here, if there are lives left; then it never comes back. */
  crash(where: string): Promise<void>;
  /** Stands still from here on: what comes meanwhile, timers too, it gets when it goes on. */
  suspend(): void;
  resume(): void;
  /** When (monotonic) it last went on; undefined: it never stood still. */
  readonly resumedAt: number | undefined;
  /** Resolves when it does not stand still. */
  awake(): Promise<void>;
  end(): void;
  /** Resolves when it is over. */
  readonly ended: Promise<void>;
}

export interface LifePorts {
  readonly clock: SimClock;
  readonly faults: Faults;
  readonly trace: Trace;
  readonly onCrash: () => void;
}

export function createLife(name: string, { clock, faults, trace, onCrash }: LifePorts): Life {
  let isOver = false;
  const { promise: ended, resolve: tellEnded } = Promise.withResolvers<void>();
  let standing: PromiseWithResolvers<void> | undefined;
  let resumedAt: number | undefined;
  /** What rang while it stood still. */
  const late: (() => void)[] = [];

  function ringAfter(delayMs: number, ring: () => void): Timer {
    let isCancelled = false;
    const ringNow = (): void => {
      if (!isOver && !isCancelled) {
        ring();
      }
    };
    const timer = clock.after(delayMs, () => {
      if (standing === undefined) {
        ringNow();
      } else {
        late.push(ringNow);
      }
    });
    return {
      cancel() {
        isCancelled = true;
        timer.cancel();
      },
    };
  }

  return {
    name,
    epoch: 0,
    fencedAt: undefined,
    isPaused: false,
    renewedAt: undefined,
    unstoredSince: undefined,
    isImpaired: false,
    ended,
    get isOver() {
      return isOver;
    },
    clock: {
      now: clock.now,
      monotonic: clock.monotonic,
      after: ringAfter,
    },
    suspend() {
      standing ??= Promise.withResolvers<void>();
    },
    resume() {
      const stood = standing;
      standing = undefined;
      resumedAt = clock.monotonic();
      // Timers come before what was read, as in any event loop.
      late.splice(0).forEach((ring) => ring());
      stood?.resolve();
    },
    get resumedAt() {
      return resumedAt;
    },
    async awake() {
      await standing?.promise;
    },
    pass(ms) {
      return new Promise((resolve) => {
        clock.after(ms, () => {
          if (!isOver) {
            resolve();
          }
        });
      });
    },
    async crash(where) {
      if (isOver) {
        await never();
      }
      if (!faults.spendLife()) {
        return;
      }
      trace.add(`${name} crashes ${where}`);
      this.end();
      onCrash();
      await never();
    },
    end() {
      isOver = true;
      tellEnded();
    },
  };
}

/** What a process waits for when it is gone. */
function never(): Promise<never> {
  return new Promise(() => {});
}
