import type { Clock, Timer } from "../clock.ts";
import type { Log } from "../log.ts";
import type { ApiKey } from "../model/tenant.ts";
import type { Registry } from "../registry.ts";

/**
 * Remembers when API keys were last used, and stores it now and then: no request waits for it, and a busy
 * key is written as rarely as any. A crash forgets what was not stored yet.
 */
export interface KeyUses {
  note(key: ApiKey, at: number): void;
  /** When a key was last used, as far as this process knows. */
  lastUseOf(key: ApiKey): number | undefined;
  start(): void;
  /** Stores what is known, once more. */
  stop(): Promise<void>;
  /** Stores what was noted since the last time. */
  runOnce(): Promise<void>;
}

const EVERY_MS = 60_000;
/** Of one transaction: what comes meanwhile waits no longer than for this. */
const STEP_KEYS = 500;
/** What is used beyond it is noted at its next use in a later minute. */
const WAITING_KEYS_MAX = 10_000;

export function createKeyUses(ports: {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly log: Log;
}): KeyUses {
  const { registry, clock, log } = ports;
  const waiting = new Map<string, number>();
  let timer: Timer | undefined;
  let isStarted = false;

  async function runOnce(): Promise<void> {
    const uses = Array.from(waiting, ([id, at]) => ({ id, at }));
    for (let start = 0; start < uses.length; start += STEP_KEYS) {
      const step = uses.slice(start, start + STEP_KEYS);
      await registry.noteKeyUses(step);
      for (const { id, at } of step) {
        if (waiting.get(id) === at) {
          waiting.delete(id);
        }
      }
    }
  }

  async function runSafely(): Promise<void> {
    try {
      await runOnce();
    } catch (error) {
      log.warn("when keys were used could not be stored; it is tried again", { error: { fault: error } });
    }
  }

  /** While nothing waits nothing rings, so that a clock that is moved does not stop at every minute. */
  function schedule(): void {
    if (isStarted && timer === undefined && waiting.size > 0) {
      timer = clock.after(EVERY_MS, () => {
        void runSafely().then(() => {
          timer = undefined;
          schedule();
        });
      });
    }
  }

  return {
    note({ id }, at) {
      if (waiting.has(id) || waiting.size < WAITING_KEYS_MAX) {
        waiting.set(id, at);
        schedule();
      }
    },
    lastUseOf: ({ id, lastUsedAt }) => waiting.get(id) ?? lastUsedAt,
    start() {
      isStarted = true;
      schedule();
    },
    async stop() {
      isStarted = false;
      timer?.cancel();
      timer = undefined;
      await runSafely();
    },
    runOnce,
  };
}
