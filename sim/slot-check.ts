import type { Sent } from "../server/src/outbound/sender.ts";
import type { Ledger } from "./ledger.ts";
import type { Watch } from "./watch.ts";
import type { KnownEndpoint } from "./world.ts";

export interface SlotCheckPorts {
  readonly ledger: Ledger;
  readonly watch: Watch;
  /** Monotonic. */
  readonly elapsed: () => number;
  /** How long it may take to read an event that is about to be sent. */
  readonly readingMsMax: number;
}

/** Checks that one process has fewer requests in flight to a receiver that says, or shows, it is too much. */
export interface SlotCheck {
  /** Looks at a request that starts now, and with which so many are in flight. */
  starts(endpoint: KnownEndpoint, inFlight: number): void;
  answered(endpoint: KnownEndpoint, answer: Sent["answer"], isDelivered: boolean): void;
}

export function createSlotCheck({ ledger, watch, elapsed, readingMsMax }: SlotCheckPorts): SlotCheck {
  /** By endpoint: when it was too much, since something last got through. */
  const strains = new Map<number, number[]>();

  return {
    starts({ number, contract, config }, inFlight) {
      if (ledger.retriesOf(number) === 0) {
        // A lane with nothing to do leaves memory, and what it knew goes with it.
        strains.delete(number);
      }
      // What was taken to be sent before that is still sent once the event has been read.
      const known = (strains.get(number) ?? []).filter((at) => elapsed() - at > readingMsMax);
      const max = config.maxInFlight ?? contract.defaults.maxInFlight;
      const allowed = Math.max(1, Math.floor(max / 2 ** known.length));
      if (inFlight > allowed) {
        const name = `endpoint ${number}`;
        watch.fail(
          "limits_hold",
          `${name} has ${inFlight} requests in flight, ${known.length} were too much`,
        );
      }
    },
    answered({ number }, answer, isDelivered) {
      const isTooMuch =
        answer.kind === "timed_out" ||
        (answer.kind === "status" && (answer.status === 429 || answer.status === 503));
      if (isDelivered) {
        strains.delete(number);
      } else if (isTooMuch) {
        strains.set(number, [...(strains.get(number) ?? []), elapsed()]);
      }
    },
  };
}
