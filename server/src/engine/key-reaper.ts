import type { Clock, Timer } from "../clock.ts";
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
  let timer: Timer | undefined;
  let isStopped = true;

  async function runOnce(): Promise<number> {
    for (let sum = 0; ; ) {
      const reaped = await store.reapKeys(clock.now(), STEP_KEYS);
      sum += reaped;
      if (reaped < STEP_KEYS || isStopped) {
        return sum;
      }
      await turn(clock);
    }
  }

  function schedule(): void {
    timer = clock.after(EVERY_MS, () => {
      runOnce()
        .catch((error: unknown) => onFault({ what: "reap_failed", error }))
        .finally(() => {
          if (!isStopped) {
            schedule();
          }
        });
    });
  }

  return {
    start() {
      isStopped = false;
      schedule();
    },
    stop() {
      isStopped = true;
      timer?.cancel();
    },
    runOnce,
  };
}
