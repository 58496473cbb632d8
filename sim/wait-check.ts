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
  /** How long it may take to read an event that is about to be sent. */
  readonly readingMsMax: number;
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

export function createWaitCheck(ports: WaitCheckPorts): WaitCheck {
  const { book, ledger, watch, now, wasHurried } = ports;
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

  function checkHold(endpoint: number, until: number): void {
    const { inFlight, newsAt } = laneOf(endpoint);
    wait(endpoint, "the lane", until);
    if (newsAt < until && inFlight.some((startedAt) => startedAt >= until)) {
      watch.fail("what_waits_is_not_sent", `held endpoint ${endpoint} is probed by two requests at once`);
    }
  }

  return {
    check({ number }, events) {
      const row = ledger.lanes.get(number);
      if (!wasHurried(number)) {
        wait(number, "the batch", row?.batch?.dueAt ?? 0);
        for (const { serial } of events) {
          wait(number, `delivery ${serial}`, ledger.dueAt(number, book.offsetOf(serial) ?? -1) ?? 0);
        }
        // What was taken to be sent when its lane was held is still sent once the event has been read.
        // A hold that a refused greeting made ends with the greeting that is accepted, whenever that is.
        const isHandshake = row?.hold?.reason.startsWith("handshake_") === true;
        if (row?.hold !== undefined && !isHandshake && now() - row.hold.since > ports.readingMsMax) {
          checkHold(number, row.hold.until);
        }
      }
      laneOf(number).inFlight.push(now());
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
