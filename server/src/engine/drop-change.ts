import { LIVE } from "../model/delivery.ts";
import type { Offset } from "../model/offset.ts";
import type { Change } from "./flusher.ts";
import { isAbandoned, keepsOrder, type Lane, retryKey, rowOf } from "./lane.ts";
import { forgetNewest } from "./newest.ts";
import { forgetRetry } from "./outcome-effect.ts";
import { contributeStep, countPassedOver, noteDurable } from "./replay-cursor.ts";
import type { RetryWindow } from "./retry-window.ts";
import type { Dropped } from "./sendable.ts";

export interface Dropping {
  readonly lane: Lane;
  readonly dropped: Dropped;
  readonly now: number;
  readonly window: Pick<RetryWindow, "remove">;
  readonly routedTo: () => Offset;
  readonly onReady: (lane: Lane) => void;
}

/**
 * Records that deliveries will not be sent, because their time is over, the log no longer has them, they were
 * erased, or something newer says it all.
 */
export function dropChange({ lane, dropped, now, window, routedTo, onReady }: Dropping): Change {
  const { item, reasons, isWhole } = dropped;
  const isHead = isWhole && item.retry === undefined && keepsOrder(lane);
  const isParted = !isWhole && item.retry === undefined && lane.batch !== undefined;
  if (isParted && lane.batch !== undefined) {
    // At once, so that the others are the whole batch wherever they are put back.
    lane.batch = { ...lane.batch, offsets: lane.batch.offsets.filter((offset) => !reasons.has(offset)) };
  }
  for (const [offset, reason] of reasons) {
    if (reason !== "superseded") {
      forgetNewest(lane.newest, offset);
    }
  }
  let takeBackCount = (): void => undefined;
  return {
    endpoint: lane.endpoint,
    contribute(facts) {
      // What was abandoned has its gap.
      if (isAbandoned(lane, item)) {
        return;
      }
      for (const [offset, reason] of reasons) {
        // What a replay delivered meanwhile has its gap.
        if (item.cursor === LIVE && !lane.cancelled.has(offset)) {
          facts.gaps.push({ endpoint: lane.endpoint, from: offset, to: offset, reason, at: now });
        }
        if (item.retry !== undefined) {
          facts.endedRetries.push(item.retry);
        }
        const cursor = lane.cursors.get(item.cursor);
        if (cursor !== undefined) {
          takeBackCount = countPassedOver(cursor, offset);
          contributeStep(facts, cursor);
        }
      }
      if (isHead && (lane.hold !== undefined || lane.batch !== undefined)) {
        // The head of a held lane is gone: the next one has not been tried.
        lane.hold = lane.hold === undefined ? undefined : { ...lane.hold, requests: 0 };
        lane.row = { ...rowOf(lane, routedTo()), batch: undefined };
        facts.lanes.push(lane.row);
      } else if (isParted) {
        lane.row = rowOf(lane, routedTo());
        facts.lanes.push(lane.row);
      }
    },
    applied() {
      // What a replay does not send may be on its way on the live cursor.
      for (const offset of item.cursor === LIVE ? reasons.keys() : []) {
        lane.inFlight.delete(offset);
        lane.cancelled.delete(offset);
      }
      if (item.retry !== undefined && lane.retriesInFlight.delete(retryKey(item.retry))) {
        forgetRetry(lane, item.retry, window);
        const cursor = lane.cursors.get(item.cursor);
        if (cursor !== undefined) {
          noteDurable(cursor, item.retry.offset, false);
        }
      }
      if (isWhole && keepsOrder(lane)) {
        lane.requestsOut -= 1;
        lane.batch = isHead ? undefined : lane.batch;
      }
      onReady(lane);
    },
    failed() {
      takeBackCount();
      if (isWhole && keepsOrder(lane)) {
        lane.requestsOut -= 1;
      }
    },
  };
}
