import type { FactsDraft } from "../facts.ts";
import type { Offset } from "../model/offset.ts";
import type {
  OpenReplay,
  RangeReplay,
  ReplayEnd,
  ReplayProgress,
  ReplayStep,
} from "../model/range-replay.ts";
import { createOffsetQueue, type OffsetQueue } from "./offset-queue.ts";

/**
 * A replay of a range while it runs: a second cursor of its lane. It holds the offsets of a bounded window;
 * its position trails what is durable, as the checkpoint does.
 */
export interface ReplayCursor {
  readonly replay: RangeReplay;
  isPaused: boolean;
  /** Chosen, and not taken yet. */
  readonly ready: OffsetQueue;
  /** Chosen, and without an outcome that is durable: in `ready`, or taken. */
  readonly open: Set<Offset>;
  /** Of those, what the live cursor has done with: nothing of it is to be ended by a delivery. */
  readonly liveIsOver: Set<Offset>;
  /** Stored in `retry`: waiting, due or in flight. */
  waiting: number;
  /** What was looked at beyond the position, in order. */
  readonly seen: Seen[];
  progress: ReplayProgress;
  /** The log was read up to here. */
  readTo: Offset;
  isReading: boolean;
  /** On the monotonic clock: when it was last written how far it has read, whatever was chosen. */
  toldAt: number;
  /** When the bucket of its limit on the rate is full again. */
  bucketFullAt: number;
}

/** A stretch of the log up to one delivery that was chosen, or up to where a page ended. */
export interface Seen {
  readonly to: Offset;
  readonly lookedAt: number;
  readonly chosen: number;
  passedOver: number;
}

export function createReplayCursor({ waiting, ...replay }: OpenReplay): ReplayCursor {
  return {
    replay,
    isPaused: replay.wish === "pause",
    ready: createOffsetQueue(),
    open: new Set(),
    liveIsOver: new Set(),
    waiting,
    seen: [],
    progress: replay.progress,
    readTo: replay.progress.position,
    isReading: false,
    toldAt: -Infinity,
    bucketFullAt: 0,
  };
}

/** Returns how many were taken and have no durable outcome, nor a row in `retry`. */
export function takenOf({ open, ready }: ReplayCursor): number {
  return open.size - ready.length;
}

/** Whether everything in its range is settled. */
export function isOver({ replay, readTo, open, waiting }: ReplayCursor): boolean {
  return readTo >= replay.to && open.size === 0 && waiting === 0;
}

/**
 * Counts what became of one of its deliveries, with the flush that stores it. Returns what takes that back,
 * should the store refuse it.
 */
export function countOutcome(cursor: ReplayCursor, isDelivered: boolean): () => void {
  return add(cursor, isDelivered ? "delivered" : "failed");
}

/**
 * Counts a delivery that cannot be sent any more: with its place, if the position has yet to pass that.
 * Returns what takes that back, should the store refuse it.
 */
export function countPassedOver(cursor: ReplayCursor, offset: Offset): () => void {
  const seen = cursor.open.has(offset) ? cursor.seen.find(({ to }) => to === offset) : undefined;
  if (seen === undefined) {
    return add(cursor, "passedOver");
  }
  seen.passedOver = 1;
  return () => {
    seen.passedOver = 0;
  };
}

function add(cursor: ReplayCursor, what: "delivered" | "failed" | "passedOver"): () => void {
  const change = (deliveries: 1 | -1): void => {
    cursor.progress = { ...cursor.progress, [what]: cursor.progress[what] + deliveries };
  };
  change(1);
  return () => change(-1);
}

/** Learns that the outcome of a delivery is durable. */
export function noteDurable(cursor: ReplayCursor, offset: Offset, isWaiting: boolean): void {
  if (cursor.open.delete(offset)) {
    cursor.waiting += isWaiting ? 1 : 0;
  } else {
    cursor.waiting -= isWaiting ? 0 : 1;
  }
  cursor.liveIsOver.delete(offset);
}

/** Adds how far a replay has come, by what is durable when this flush begins. */
export function contributeStep(facts: FactsDraft, cursor: ReplayCursor, ended?: ReplayEnd): void {
  passSeen(cursor);
  const { number, endpoint } = cursor.replay;
  const step: ReplayStep = { replay: number, endpoint, progress: cursor.progress, ended };
  const place = facts.replaying.findIndex(({ replay }) => replay === number);
  facts.replaying.splice(place === -1 ? facts.replaying.length : place, place === -1 ? 0 : 1, step);
}

/** Moves the position behind what is not open any more. */
export function passSeen(cursor: ReplayCursor): void {
  const { seen, open } = cursor;
  let count = 0;
  let { position, lookedAt, chosen, passedOver } = cursor.progress;
  for (const one of seen) {
    if (open.has(one.to) && one.chosen > 0) {
      break;
    }
    count += 1;
    position = one.to;
    lookedAt += one.lookedAt;
    chosen += one.chosen;
    passedOver += one.passedOver;
  }
  seen.splice(0, count);
  cursor.progress = { ...cursor.progress, position, lookedAt, chosen, passedOver };
}
