import { LIVE, type Retry } from "../model/delivery.ts";
import type { Outcome } from "./attempt.ts";
import { type Item, keepsOrder, type Lane } from "./lane.ts";
import type { Again } from "./settle.ts";

/** One item of a lane, and what came of it. */
export interface Settled {
  readonly lane: Lane;
  readonly item: Item;
  readonly outcome: Outcome;
  /** Whether other members of the same batch are still on their way. */
  readonly isPart: boolean;
}

/**
 * Whether a delivery that goes again waits in `retry`: all but the head of an `ordered` lane and a frozen
 * batch.
 */
export function leavesTheLine(lane: Lane, item: Item): boolean {
  return !keepsOrder(lane) || item.retry !== undefined;
}

/** Whether an `ordered` lane waits for this item: nothing goes before it is over. */
export function isHead(lane: Lane, item: Item): boolean {
  return lane.route.contract.discipline === "ordered" && item.retry === undefined;
}

/** Whether this delivers what the live cursor has yet to be done with. */
export function endsLive({ lane, item, outcome }: Settled): boolean {
  const isOver = lane.cursors.get(item.cursor)?.liveIsOver.has(item.offsets[0] ?? 0) === true;
  return item.cursor !== LIVE && outcome.verdict.kind === "delivered" && !isOver;
}

export function retryAfter(lane: Lane, item: Item, settlement: Again): Retry {
  const [offset = 0] = item.offsets;
  const again =
    settlement.kind === "retry"
      ? { used: settlement.used, dueAt: settlement.dueAt, reason: settlement.reason }
      : { used: item.used, dueAt: settlement.hold.until, reason: settlement.hold.reason };
  return { endpoint: lane.endpoint, cursor: item.cursor, offset, requests: item.requests + 1, ...again };
}
