import type { Clock, Timer } from "../clock.ts";
import { isDue } from "./due.ts";
import { createHeap } from "./heap.ts";

/** Many wake-ups on one timer. */
export interface Alarm {
  /** Runs `ring` once, when the clock shows `at` (milliseconds since 1970) or later. */
  set(at: number, ring: () => void): void;
  stop(): void;
}

// The wall clock may jump: no timer trusts it for longer than this.
const LOOK_AGAIN_MS = 60_000;

export function createAlarm(clock: Clock): Alarm {
  const waiting = createHeap<{ at: number; ring: () => void }>((a, b) => a.at - b.at);
  let timer: Timer | undefined;
  let timerAt = Infinity;

  function arm(): void {
    const next = waiting.peek();
    if (next === undefined || next.at >= timerAt) {
      return;
    }
    timer?.cancel();
    const wantedMs = Math.max(0, next.at - clock.now());
    timerAt = next.at;
    timer = clock.after(Math.min(wantedMs, LOOK_AGAIN_MS), ringDue, wantedMs);
  }

  function ringDue(): void {
    timerAt = Infinity;
    const now = clock.now();
    for (let next = waiting.peek(); next !== undefined && isDue(next.at, now); next = waiting.peek()) {
      waiting.pop();
      next.ring();
    }
    arm();
  }

  return {
    set(at, ring) {
      waiting.push({ at, ring });
      arm();
    },
    stop() {
      timer?.cancel();
      waiting.clear();
    },
  };
}
