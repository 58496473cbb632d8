/** What an outcome does to its lane in memory: what is over leaves it, and what goes again is put back. */
import { LIVE, type Retry } from "../model/delivery.ts";
import type { Offset } from "../model/offset.ts";
import { dropReady, type Item, keepsOrder, type Lane, retryKey, takeOff } from "./lane.ts";
import { noteDurable } from "./replay-cursor.ts";
import type { RetryWindow } from "./retry-window.ts";
import { goesAgain, type Settlement } from "./settle.ts";
import { isHead, leavesTheLine, retryAfter, type Settled } from "./settled.ts";

export interface EffectPorts {
  readonly window: RetryWindow;
  readonly routedTo: () => Offset;
  /** A retry was put into the window. */
  readonly onRetryAdded: () => void;
}

/** A lane with one in flight may send the next; others may since the answer came. */
export function releaseSlot({ lane, isPart }: Settled): void {
  if (keepsOrder(lane) && !isPart) {
    lane.requestsOut -= 1;
  }
}

/** Ends the item's time in flight. */
export function release(settled: Settled): void {
  const { lane, item } = settled;
  releaseSlot(settled);
  if (item.retry !== undefined) {
    lane.retriesInFlight.delete(retryKey(item.retry));
    return;
  }
  for (const offset of item.offsets) {
    lane.inFlight.delete(offset);
  }
}

/** Puts back what goes again, and counts what is over. */
export function advance({ lane, item }: Settled, settlement: Settlement, ports: EffectPorts): void {
  const { window } = ports;
  const isAgain = goesAgain(settlement);
  const cursor = lane.cursors.get(item.cursor);
  if (cursor !== undefined) {
    noteDurable(cursor, item.offsets[0] ?? 0, isAgain);
  }
  // It was skipped while this was being stored.
  const isSkipped = item.cursor === LIVE && lane.cancelled.delete(item.offsets[0] ?? 0);
  if (isAgain && leavesTheLine(lane, item)) {
    if (isSkipped) {
      lane.retries -= item.retry === undefined ? 0 : 1;
      return;
    }
    lane.retries += item.retry === undefined ? 1 : 0;
    window.add(retryAfter(lane, item, settlement));
    ports.onRetryAdded();
    return;
  }
  if (isAgain && isHead(lane, item)) {
    lane.ready.putBack(item.offsets);
    return;
  }
  if (item.retry !== undefined) {
    forgetRetry(lane, item.retry, window);
  }
}

/** Counts a retry that is over; a page of retries that was read meanwhile may have brought it back. */
export function forgetRetry(lane: Lane, retry: Retry, window: Pick<RetryWindow, "remove">): void {
  window.remove(retry);
  lane.retries -= 1;
  lane.replays -= retry.cursor === LIVE ? 0 : 1;
}

/** Takes the live delivery of what a replay delivered out of memory, wherever it waits. */
export function forgetLive(lane: Lane, item: Item, { window, routedTo }: EffectPorts): void {
  const [offset = 0] = item.offsets;
  const live = { endpoint: lane.endpoint, cursor: LIVE, offset };
  dropReady(lane, offset, routedTo());
  if (lane.inFlight.has(offset) || lane.retriesInFlight.has(retryKey(live))) {
    lane.cancelled.add(offset);
  }
  const wasDue = lane.due.delete(retryKey(live));
  const wasWaiting = window.remove(live) !== undefined;
  if (wasDue || wasWaiting) {
    takeOff(lane, offset);
  }
}

/** Ends what `replayed` is for: it is durable, or never will be. What a person or a page put back goes. */
export function endReplayed(lane: Lane, offset: Offset, { window }: Pick<EffectPorts, "window">): void {
  if (window.remove({ endpoint: lane.endpoint, cursor: LIVE, offset }) !== undefined) {
    takeOff(lane, offset);
  }
  lane.replayed.delete(offset);
}
