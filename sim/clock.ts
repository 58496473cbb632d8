import type { Clock, Timer } from "../server/src/clock.ts";
import { createHeap } from "../server/src/engine/heap.ts";

/** Time that passes only when nothing else is left to do. */
export interface SimClock extends Clock {
  /** Moves what the clock on the wall shows, and nothing else. */
  jump(byMs: number): void;
  /**
   * Lets time pass up to a monotonic moment, or until `isOver`. Returns whether it was over, or nothing was
   * left to wait for.
   */
  run(until: number, isOver?: () => boolean): Promise<boolean>;
}

interface Waiting {
  readonly at: number;
  readonly order: number;
  ring: (() => void) | undefined;
}

// 2026-01-01T00:00:00Z.
const START_MS = 1_767_225_600_000;
const IMMEDIATES_A_ROUND = 64;

/**
 * Makes a clock with an event loop of its own: the next timer rings when all promises have run. Nothing in
 * a simulation waits for anything but promises and this clock, so the order of everything follows from the
 * seed.
 */
export function createSimClock(): SimClock {
  const timers = createHeap<Waiting>((one, other) => one.at - other.at || one.order - other.order);
  const rest = createRest();
  let elapsed = 0;
  let offset = START_MS;
  let order = 0;

  return {
    now: () => Math.floor(elapsed + offset),
    monotonic: () => elapsed,
    after(delayMs, ring): Timer {
      order += 1;
      const waiting: Waiting = { at: elapsed + Math.max(0, delayMs), order, ring };
      timers.push(waiting);
      return {
        cancel() {
          waiting.ring = undefined;
        },
      };
    },
    jump(byMs) {
      offset += byMs;
    },
    async run(until, isOver = () => false) {
      await rest();
      for (let next = timers.peek(); next !== undefined && next.at <= until; next = timers.peek()) {
        if (isOver()) {
          return true;
        }
        timers.pop();
        if (next.ring !== undefined) {
          elapsed = next.at;
          next.ring();
          await rest();
        }
      }
      if (timers.peek() === undefined) {
        return true;
      }
      elapsed = Math.max(elapsed, until);
      return isOver();
    },
  };
}

/**
 * Makes a wait for the moment when no promise is left that could run: an immediate runs only then, also the
 * next of several. Many are put into one round of the event loop, since a round costs more than they do.
 */
function createRest(): () => Promise<void> {
  let left = 0;
  let rest: (() => void) | undefined;

  function ring(): void {
    left -= 1;
    const resolve = rest;
    rest = undefined;
    resolve?.();
  }

  return () =>
    new Promise((resolve) => {
      rest = resolve;
      if (left === 0) {
        left = IMMEDIATES_A_ROUND;
        Array.from({ length: left }, () => setImmediate(ring));
      }
    });
}
