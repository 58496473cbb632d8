import { abandonedUpTo, type Endpoint } from "../server/src/model/endpoint.ts";
import type { Book } from "./book.ts";
import type { Ledger } from "./ledger.ts";
import { wasOwedTo } from "./owed.ts";
import type { Delivered } from "./receivers.ts";
import type { Watch } from "./watch.ts";
import type { KnownEndpoint } from "./world.ts";

export interface OrderCheckPorts {
  readonly book: Book;
  readonly ledger: Ledger;
  readonly watch: Watch;
  readonly wasCancelHeard: (endpoint: number, serial: number) => boolean;
  readonly wasReplayed: (endpoint: number, serial: number) => boolean;
  readonly replays: { wasAsked(endpoint: number): boolean };
  readonly isToBeErased: (offset: number) => boolean;
}

/**
 * Checks that, where order matters, nothing goes past what a person cancelled before that is durable: after a
 * crash it would be sent late. What else is passed over shows in the order of arrivals alone.
 */
export function createOrderCheck(ports: OrderCheckPorts) {
  const { book, ledger, watch, wasCancelHeard, wasReplayed, replays, isToBeErased } = ports;

  return (endpoint: KnownEndpoint, stored: Endpoint, events: readonly Delivered[]): void => {
    const { number, contract, config } = endpoint;
    const isLive = !replays.wasAsked(number) && events.every(({ serial }) => !wasReplayed(number, serial));
    if (contract.discipline === "each" || config.latestOnlyBy !== undefined || !isLive) {
      return;
    }
    const first = Math.min(...events.map(({ serial }) => book.offsetOf(serial) ?? 0));
    const passed = book.stored.find(
      (event) =>
        event.offset < first &&
        event.offset > abandonedUpTo(stored) &&
        wasCancelHeard(number, book.serialAt(event.offset) ?? -1) &&
        wasOwedTo(stored, contract, event) &&
        !isToBeErased(event.offset) &&
        ledger.standing(number, event.offset) === "open",
    );
    if (passed !== undefined) {
      const serial = book.serialAt(passed.offset);
      watch.fail("cancelled_is_not_overtaken", `endpoint ${number} is sent ${first} before ${serial}`);
    }
  };
}
