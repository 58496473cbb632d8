import type { Book } from "./book.ts";
import type { Ledger } from "./ledger.ts";
import type { Delivered } from "./receivers.ts";
import type { Watch } from "./watch.ts";
import type { KnownEndpoint } from "./world.ts";

export interface WaitCheckPorts {
  readonly book: Book;
  readonly ledger: Ledger;
  readonly watch: Watch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Whether a person asked for something to be sent sooner. */
  readonly wasHurried: (endpoint: number) => boolean;
}

/** Checks that what is stored to wait does wait: retries, batches, and lanes that are held. */
export interface WaitCheck {
  /** Looks at a request that starts now. */
  check(endpoint: KnownEndpoint, events: readonly Delivered[]): void;
  /** Learns that a request was answered, and whether the answer says that the lane must wait. */
  answered(endpoint: number, startedAt: number, isHold: boolean): void;
}

interface Probing {
  /** When the requests in flight were started. */
  readonly inFlight: number[];
  /** When the last request was started whose answer was not a hold. */
  newsAt: number;
}

export function createWaitCheck({ book, ledger, watch, now, wasHurried }: WaitCheckPorts): WaitCheck {
  const lanes = new Map<number, Probing>();

  function laneOf(endpoint: number): Probing {
    const known = lanes.get(endpoint);
    if (known !== undefined) {
      return known;
    }
    const lane = { inFlight: [], newsAt: 0 };
    lanes.set(endpoint, lane);
    return lane;
  }

  function wait(endpoint: number, what: string, until: number): void {
    if (until > now()) {
      watch.fail("what_waits_is_not_sent", `${what} of endpoint ${endpoint} waits ${until - now()} ms more`);
    }
  }

  return {
    check({ number }, events) {
      const { inFlight, newsAt } = laneOf(number);
      const row = ledger.lanes.get(number);
      if (!wasHurried(number)) {
        wait(number, "the lane", row?.hold?.until ?? 0);
        wait(number, "the batch", row?.batch?.dueAt ?? 0);
        for (const { serial } of events) {
          wait(number, `delivery ${serial}`, ledger.dueAt(number, book.offsetOf(serial) ?? -1) ?? 0);
        }
        const probedSince = row?.hold?.until;
        const isProbed =
          probedSince !== undefined &&
          newsAt < probedSince &&
          inFlight.some((startedAt) => startedAt >= probedSince);
        if (isProbed) {
          watch.fail("what_waits_is_not_sent", `held endpoint ${number} is probed by two requests at once`);
        }
      }
      inFlight.push(now());
    },
    answered(endpoint, startedAt, isHold) {
      const lane = laneOf(endpoint);
      const place = lane.inFlight.indexOf(startedAt);
      if (place !== -1) {
        lane.inFlight.splice(place, 1);
      }
      lane.newsAt = isHold ? lane.newsAt : Math.max(lane.newsAt, startedAt);
    },
  };
}
