import type { Clock } from "../clock.ts";
import { regularly } from "../regularly.ts";
import type { Store } from "../store.ts";
import type { Fault } from "./fault.ts";
import { turn } from "./wait.ts";

/** Forgets idempotency keys whose time is over, a bounded step at a time. */
export interface KeyReaper {
  start(): void;
  stop(): void;
  /** Forgets what has expired by now; returns how many keys that were. */
  runOnce(): Promise<number>;
}

const EVERY_MS = 10 * 60 * 1000;
const STEP_KEYS = 1000;

export function createKeyReaper({
  store,
  clock,
  onFault,
}: {
  store: Store;
  clock: Clock;
  onFault: (fault: Fault) => void;
}): KeyReaper {
  const onFailed = (error: unknown) => onFault({ what: "reap_failed", error });
  const regular = regularly(clock, EVERY_MS, { run: runOnce, onFailed });

  async function runOnce(): Promise<number> {
    for (let sum = 0; ; ) {
      const reaped = await store.reapKeys(clock.now(), STEP_KEYS);
      sum += reaped;
      if (reaped < STEP_KEYS || regular.isStopped) {
        return sum;
      }
      await turn(clock);
    }
  }

  return { start: regular.start, stop: regular.stop, runOnce };
}
