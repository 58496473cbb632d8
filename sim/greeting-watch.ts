import type { Endpoint } from "../server/src/model/endpoint.ts";
import type { OutboundRequest, Sent } from "../server/src/outbound/sender.ts";
import { WELCOME_HEADER } from "./contracts.ts";
import type { Ledger } from "./ledger.ts";
import type { Watch } from "./watch.ts";
import type { KnownEndpoint } from "./world.ts";

export interface GreetingWatchPorts {
  readonly ledger: Ledger;
  readonly watch: Watch;
  /** Monotonic. */
  readonly elapsed: () => number;
  /** How long it may take to read an event that is about to be sent. */
  readonly readingMsMax: number;
  readonly isTimeSteady: boolean;
  readonly wasHurried: (endpoint: number) => boolean;
}

/** Checks that one process greets before it sends, and waits where it was refused. */
export interface GreetingWatch {
  /** Looks at a greeting that starts now; the answer is told to what it returns. */
  greets(known: KnownEndpoint, stored: Endpoint, request: OutboundRequest): (answer: Sent["answer"]) => void;
  /** Looks at events that are sent now. */
  sends(known: KnownEndpoint, stored: Endpoint, request: OutboundRequest): void;
}

interface Made {
  readonly url: string;
  /** The newest change there was when it started: no newer one was greeted. */
  readonly change: number;
  readonly startedAt: number;
  answeredAt: number;
  isAccepted: boolean;
}

export function createGreetingWatch(ports: GreetingWatchPorts): GreetingWatch {
  const { ledger, watch, elapsed, readingMsMax, isTimeSteady } = ports;
  const made = new Map<number, Made[]>();

  function checkWaited({ number, contract }: KnownEndpoint, change: number): void {
    const last = made.get(number)?.at(-1);
    if (last?.answeredAt === Infinity) {
      watch.fail("greeted_before_anything_is_sent", `endpoint ${number} is greeted twice at once`);
    }
    const { firstMs, jitter } = contract.defaults.hold;
    const waited = elapsed() - (last?.answeredAt ?? -Infinity);
    // Where the last greeting may have been of an older configuration, the newer one is greeted at once.
    const isSame = last !== undefined && (ledger.changeAppliedAt(change) ?? Infinity) <= last.startedAt;
    const mayHurry = ports.wasHurried(number) || !isTimeSteady || !isSame;
    if (last?.isAccepted === false && !mayHurry && waited < firstMs * (1 - jitter) - 1) {
      watch.fail("what_waits_is_not_sent", `endpoint ${number} refused a greeting ${waited} ms ago`);
    }
  }

  /** The newest change of an endpoint that the owner certainly knew when it took what it sends now. */
  function knownChange({ versions }: Endpoint): number {
    const latest = elapsed() - readingMsMax;
    const known = versions.findLast(({ change }) => (ledger.changeAppliedAt(change) ?? latest + 1) <= latest);
    return known?.change ?? 0;
  }

  return {
    greets(known, stored, request) {
      const url = placeOf(request);
      const change = stored.versions.at(-1)?.change ?? 0;
      checkWaited(known, change);
      const greeting: Made = {
        url,
        change,
        startedAt: elapsed(),
        answeredAt: Infinity,
        isAccepted: false,
      };
      made.set(known.number, [...(made.get(known.number) ?? []), greeting]);
      return (answer) => {
        greeting.answeredAt = elapsed();
        greeting.isAccepted = answer.kind === "status" && answer.headers[WELCOME_HEADER] !== undefined;
      };
    },
    sends({ number, contract }, stored, request) {
      const url = placeOf(request);
      const { handshake } = contract;
      if (handshake === undefined || stored.config.settings["greets"] === false) {
        return;
      }
      const all = made.get(number) ?? [];
      const accepted = all.findLast((greeting) => greeting.isAccepted && greeting.url === url);
      const name = `endpoint ${number} at ${url}`;
      if (accepted === undefined || accepted.change < knownChange(stored)) {
        watch.fail("greeted_before_anything_is_sent", `${name} was not greeted as it is now`);
      } else if (isTimeSteady && elapsed() - accepted.answeredAt > handshake.everyMs + readingMsMax) {
        watch.fail("greeted_before_anything_is_sent", `${name} was greeted ${accepted.answeredAt} ms ago`);
      }
      const since = all.findLast(({ isAccepted }) => !isAccepted)?.startedAt ?? Infinity;
      if (all.at(-1)?.isAccepted === false && elapsed() - since > readingMsMax) {
        watch.fail("greeted_before_anything_is_sent", `${name} has refused the last greeting`);
      }
    },
  };
}

/** The URL of an endpoint, whichever of its hooks is called. */
function placeOf({ url }: OutboundRequest): string {
  return url.replace(/\/(Hello1|SendEvent1)$/, "");
}
