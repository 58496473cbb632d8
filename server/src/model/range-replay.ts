import type { Cursor } from "./delivery.ts";
import type { Offset } from "./offset.ts";

/** What of a range a replay delivers, by where its deliveries stand when it comes to them. */
export const REPLAY_CHOICES = ["dead", "missed", "undelivered", "all"] as const;

export type ReplayChoice = (typeof REPLAY_CHOICES)[number];

/** What a person wants of a replay; only its owner says what it is. */
export type ReplayWish = "run" | "pause" | "cancel";

/** Deliveries of one endpoint, between two offsets, made again: a second cursor over the log, with an end. */
export interface ReplayRequest {
  /** The tenant's number. */
  readonly tenant: number;
  /** Whose deliveries are looked at. */
  readonly source: number;
  /** Where they are sent to. */
  readonly endpoint: number;
  /** Both ends included. */
  readonly from: Offset;
  readonly to: Offset;
  readonly only: ReplayChoice;
  /** Names or globs; undefined: every type. */
  readonly types: readonly string[] | undefined;
  /** Undefined: as fast as the endpoint's own limits allow. */
  readonly ratePerSecond: number | undefined;
  readonly createdAt: number;
}

/** A replay is one row, whatever the number of events. */
export interface RangeReplay extends ReplayRequest {
  /** Its cursor. */
  readonly number: Cursor;
  /** The log's changes when it was asked for: one that disables an endpoint ends what was asked before. */
  readonly changes: number;
  readonly wish: ReplayWish;
  readonly progress: ReplayProgress;
  readonly ended: ReplayEnd | undefined;
}

export interface OpenReplay extends RangeReplay {
  /** How many of its deliveries wait in `retry`. */
  readonly waiting: number;
}

export interface ReplayProgress {
  /** Everything up to here was looked at, and is settled or waits in `retry`. */
  readonly position: Offset;
  /** Events of the tenant and of the types asked for, up to the position. */
  readonly lookedAt: number;
  /** Of them, those to deliver. */
  readonly chosen: number;
  /** Of those, the ones that could not be sent any more: erased, or their time was over. */
  readonly passedOver: number;
  readonly delivered: number;
  /** Rejected, dead after the last retry, or answered by what disables the endpoint. */
  readonly failed: number;
}

export interface ReplayEnd {
  readonly how: "finished" | "cancelled";
  /** Stable code of why it was cancelled. */
  readonly reason: string | undefined;
  readonly at: number;
}

/**
 * Says how far a replay of a range has come; nothing if it has ended before. What still waits of one that
 * ends goes: it is written after `retries`.
 */
export interface ReplayStep {
  /** The replay's number. */
  readonly replay: Cursor;
  readonly endpoint: number;
  readonly progress: ReplayProgress;
  readonly ended: ReplayEnd | undefined;
}

/**
 * Their numbers lie above those of replays of one delivery, which the lease's owner counts: both are cursors,
 * and these are given out where they are asked for.
 */
export const RANGE_REPLAYS_FROM = 2 ** 40;

export function isRangeReplay(cursor: Cursor): boolean {
  return cursor >= RANGE_REPLAYS_FROM;
}
