import type { Clock } from "../clock.ts";
import { handedOnSubmissionOf } from "../raised.ts";
import type { Sharing } from "../sharing.ts";
import type { Submission } from "../store.ts";
import { flushed } from "./flushed.ts";
import type { Flusher } from "./flusher.ts";
import { NO_ENDPOINT } from "./write-apart.ts";

/**
 * Hands on what a lease's shard has to tell in others: stores it there under its key, and forgets it here in
 * a flush. After a crash in between it is handed on again, and the key is known.
 */
export interface Courier {
  /** Hands on what there is; resolves when it is forgotten here. */
  runOnce(): Promise<void>;
  stop(): void;
}

export interface CourierPorts {
  readonly lease: number;
  readonly sharing: Pick<Sharing, "readOutbox">;
  readonly clock: Clock;
  readonly flusher: Pick<Flusher, "add">;
  readonly accept: (lease: number, submission: Submission) => Promise<unknown>;
  readonly onFailed: (error: unknown) => void;
}

const STEP_EVENTS = 100;

export function createCourier(ports: CourierPorts): Courier {
  const { lease, sharing, clock, flusher, accept } = ports;
  let running: Promise<void> | undefined;
  let isStopped = false;

  async function handOn(): Promise<void> {
    for (;;) {
      const outgoing = isStopped ? [] : await sharing.readOutbox(lease, STEP_EVENTS);
      for (const { lease: to, raised } of outgoing) {
        await accept(to, handedOnSubmissionOf(raised, clock.now()));
      }
      if (outgoing.length === 0) {
        return;
      }
      await flushed(flusher, {
        endpoint: NO_ENDPOINT,
        contribute: (facts) =>
          void facts.handedOn.push(...outgoing.map(({ number }) => ({ outgoing: number }))),
        applied: () => undefined,
      });
    }
  }

  return {
    runOnce() {
      running ??= handOn()
        .catch((error: unknown) => {
          if (!isStopped) {
            ports.onFailed(error);
          }
        })
        .finally(() => {
          running = undefined;
        });
      return running;
    },
    stop() {
      isStopped = true;
    },
  };
}
