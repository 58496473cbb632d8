import type { Endpoint } from "../server/src/model/endpoint.ts";
import type { Book } from "./book.ts";
import type { Ledger } from "./ledger.ts";
import { isChanging, isEnding } from "./owed.ts";
import type { Delivered } from "./receivers.ts";
import type { Watch } from "./watch.ts";
import type { KnownEndpoint } from "./world.ts";

export interface WaitCheckPorts {
  readonly book: Book;
  readonly ledger: Ledger;
  readonly watch: Watch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly elapsed: () => number;
  /** How long it may take to read an event that is about to be sent. */
  readonly readingMsMax: number;
  /** Whether a person asked for something to be sent sooner. */
  readonly wasHurried: (endpoint: number) => boolean;
}

/** Checks that what is stored to wait does wait: retries, batches, and lanes that are held. */
export interface WaitCheck {
  /** Looks at a request that starts now. */
  check(endpoint: KnownEndpoint, stored: Endpoint, events: readonly Delivered[]): void;
  /** Learns that a request was answered, and whether the answer says that the lane must wait. */
  answered(endpoint: number, answered: Answered): void;
}

interface Answered {
  readonly startedAt: number;
  readonly isHold: boolean;
  /** The endpoint's last change when the request was started. */
  readonly change: number;
}

interface Probing {
  /** When the requests in flight were started. */
  readonly inFlight: number[];
  /** When the last request was started whose answer was not a hold. */
  newsAt: number;
  /** When an answer last said to wait, and to which state of the endpoint. */
  toldToWait: { readonly at: number; readonly change: number } | undefined;
}

export function createWaitCheck(ports: WaitCheckPorts): WaitCheck {
  const { book, ledger, watch, now, wasHurried } = ports;
  const lanes = new Map<number, Probing>();

  function laneOf(endpoint: number): Probing {
    const known = lanes.get(endpoint);
    if (known !== undefined) {
      return known;
    }
    const lane: Probing = { inFlight: [], newsAt: 0, toldToWait: undefined };
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

  /** Whoever says to wait is left alone from that moment on, whatever has yet to be stored. */
  function checkToldToWait({ number, contract }: KnownEndpoint, change: number): void {
    const { toldToWait } = laneOf(number);
    const { firstMs, jitter } = contract.defaults.hold;
    if (contract.discipline !== "each" || toldToWait?.change !== change) {
      return;
    }
    const sinceMs = now() - toldToWait.at;
    // What was taken before is still sent once the event has been read.
    if (sinceMs > ports.readingMsMax && sinceMs < firstMs * (1 - jitter)) {
      watch.fail("what_waits_is_not_sent", `endpoint ${number} said to wait ${sinceMs} ms ago`);
    }
  }

  return {
    check(endpoint, stored, events) {
      const { number } = endpoint;
      const row = ledger.lanes.get(number);
      if (!wasHurried(number) && !isEnding(stored, ledger.changesApplied)) {
        for (const { serial } of events) {
          wait(number, `delivery ${serial}`, ledger.dueAt(number, book.offsetOf(serial) ?? -1) ?? 0);
        }
      }
      if (!wasHurried(number) && !isChanging(stored, ledger.changesApplied)) {
        wait(number, "the batch", row?.batch?.dueAt ?? 0);
        // What was taken to be sent when its lane was held, or held anew, is still sent once the event has
        // been read. A hold that a refused greeting made ends with the greeting that is accepted, whenever
        // that is.
        const heldMs = ports.elapsed() - (ledger.heldAt(number) ?? 0);
        const isHandshake = row?.hold?.reason.startsWith("handshake_") === true;
        if (row?.hold !== undefined && !isHandshake && heldMs > ports.readingMsMax) {
          checkHold(number, row.hold.until);
        }
        checkToldToWait(endpoint, stored.versions.at(-1)?.change ?? 0);
      }
      laneOf(number).inFlight.push(now());
    },
    answered(endpoint, { startedAt, isHold, change }) {
      const lane = laneOf(endpoint);
      const place = lane.inFlight.indexOf(startedAt);
      if (place !== -1) {
        lane.inFlight.splice(place, 1);
      }
      // Whoever was told before that it must wait learns nothing new from an older request.
      if (isHold && startedAt >= (lane.toldToWait?.at ?? 0)) {
        lane.toldToWait = { at: now(), change };
      }
      lane.newsAt = isHold ? lane.newsAt : Math.max(lane.newsAt, startedAt);
    },
  };
}
