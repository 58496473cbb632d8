import type { Retry } from "../model/delivery.ts";
import { type Item, keepsOrder, type Lane, retryKey } from "./lane.ts";
import { fullAfterSending, fullAtBy, paceOf, sendableAt } from "./pace.ts";
import { type ReplayCursor, takenOf } from "./replay-cursor.ts";

/** Deliveries of the live cursor that go first, where some wait, for one of a replay of a range. */
export const LIVE_A_REPLAYED = 4;

/**
 * Takes the next delivery out of a lane's replays of ranges, which take turns; or says when their limits on
 * the rate allow one. What is taken is a retry that is not stored: its outcome settles it, or stores it.
 */
export function takeReplayed(lane: Lane, now: number, slots: number): Item | { wakeAt: number } | undefined {
  let wakeAt = Infinity;
  for (const cursor of lane.cursors.values()) {
    if (!hasNext(lane, cursor, slots)) {
      continue;
    }
    const paceMs = paceOf(cursor.replay.ratePerSecond);
    const fullAt = fullAtBy({ fullAt: cursor.bucketFullAt, now, paceMs });
    cursor.bucketFullAt = fullAt;
    const at = paceMs === 0 ? now : sendableAt({ fullAt, paceMs });
    if (at <= now) {
      cursor.bucketFullAt = fullAfterSending({ fullAt, now, paceMs });
      return takeFrom(lane, cursor, now);
    }
    wakeAt = Math.min(wakeAt, at);
  }
  return wakeAt === Infinity ? undefined : { wakeAt };
}

/**
 * Whether the next of a replay may go. Where order matters, not before the one before it is settled; else in
 * half of the lane's slots at most, so that the live cursor always finds some.
 */
function hasNext(lane: Lane, cursor: ReplayCursor, slots: number): boolean {
  if (cursor.isPaused || cursor.ready.length === 0) {
    return false;
  }
  return keepsOrder(lane)
    ? cursor.waiting === 0 && takenOf(cursor) === 0
    : takenOfAll(lane) < Math.max(1, Math.floor(slots / 2));
}

function takenOfAll({ cursors }: Lane): number {
  return cursors.values().reduce((sum, cursor) => sum + takenOf(cursor), 0);
}

function takeFrom(lane: Lane, cursor: ReplayCursor, now: number): Item | undefined {
  const { endpoint } = lane;
  const { number } = cursor.replay;
  const [offset] = cursor.ready.take(1);
  if (offset === undefined) {
    return undefined;
  }
  // It stands at the end of the line now.
  lane.cursors.delete(number);
  lane.cursors.set(number, cursor);
  const untried = { requests: 0, used: 0 };
  const retry: Retry = { endpoint, cursor: number, offset, ...untried, dueAt: now, reason: "replay" };
  lane.retriesInFlight.set(retryKey(retry), retry);
  lane.retries += 1;
  lane.replays += 1;
  lane.requestsOut += 1;
  return { cursor: number, offsets: [offset], ...untried, retry };
}

/** Whether a replay of a range has something that it may send. */
export function hasReplayed({ cursors }: Lane): boolean {
  return cursors.values().some(({ isPaused, ready }) => !isPaused && ready.length > 0);
}

/** Whether what is due may be sent: what waits of a replay that is paused waits on. */
export function isPausedRetry({ cursors }: Lane, { cursor }: Retry): boolean {
  return cursors.get(cursor)?.isPaused === true;
}

/** Whether the live cursor of a lane where order matters waits for a replay: for any that is not paused. */
export function isLiveHeld({ cursors, replays }: Lane): boolean {
  let paused = 0;
  for (const cursor of cursors.values()) {
    if (!cursor.isPaused) {
      return true;
    }
    paused += cursor.waiting + takenOf(cursor);
  }
  return replays > paused;
}
