import type { Clock } from "../clock.ts";
import { handedOnSubmissionOf } from "../raised.ts";
import type { Sharing } from "../sharing.ts";
import type { Submission } from "../store.ts";
import { flushed } from "./flushed.ts";
import type { Flusher } from "./flusher.ts";
import { createRounds, type Rounds } from "./rounds.ts";
import { NO_ENDPOINT } from "./write-apart.ts";

export interface CourierPorts {
  readonly lease: number;
  readonly sharing: Pick<Sharing, "readOutbox">;
  readonly clock: Clock;
  readonly flusher: Pick<Flusher, "add">;
  readonly accept: (lease: number, submission: Submission) => Promise<unknown>;
  readonly onFailed: (error: unknown) => void;
}

const STEP_EVENTS = 100;

/**
 * Hands on what a lease's shard has to tell in others: stores it there under its key, and forgets it here in
 * a flush. After a crash in between it is handed on again, and the key is known.
 */
export function createCourier(ports: CourierPorts): Rounds {
  const { lease, sharing, clock, flusher, accept } = ports;
  return createRounds(async (isStopped) => {
    for (;;) {
      const outgoing = isStopped() ? [] : await sharing.readOutbox(lease, STEP_EVENTS);
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
  }, ports.onFailed);
}
