import type { Offset } from "./offset.ts";

/** Cursor 0 is the live lane; every replay has a number of its own. */
export type Cursor = number;

export const LIVE: Cursor = 0;

export const DELIVERY_STATES = [
  "pending",
  "retrying",
  "delivered",
  "rejected",
  "dead",
  "cancelled",
  "expired",
] as const;

export type DeliveryState = (typeof DELIVERY_STATES)[number];

export const VERDICT_KINDS = ["delivered", "rejected", "retry", "hold", "disable"] as const;

export type VerdictKind = (typeof VERDICT_KINDS)[number];

export type GapReason = "cancelled" | "skipped" | "disabled" | "expired" | "superseded" | "erased";

/** One event owed to one endpoint, read by one cursor. */
export interface DeliveryKey {
  readonly endpoint: number;
  readonly cursor: Cursor;
  readonly offset: Offset;
}

/** One HTTP request, immutable. */
export interface Attempt extends DeliveryKey {
  /** Counts requests from 1. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** From the start to a connection, and to the answer's headers; absent where they were not reached. */
  readonly connectedMs: number | undefined;
  readonly headersMs: number | undefined;
  readonly verdict: VerdictKind;
  /** Stable code of the verdict's reason: `status_503`, `timeout_headers`, …; absent when delivered. */
  readonly reason: string | undefined;
  readonly status: number | undefined;
  /**
   * What failed, in a sentence of ours that ends with the system's code; at most ATTEMPT_DETAIL_MAX long.
   * Absent where there was an answer, or nothing could be rendered.
   */
  readonly detail: string | undefined;
  /** The answer's first bytes; at most ANSWER_STORED_BYTES_MAX. */
  readonly answer: Uint8Array | undefined;
  /** The first 16 bytes of the SHA-256 of the payload; absent if nothing could be rendered. */
  readonly payloadHash: Uint8Array | undefined;
  /**
   * A batch stands in full at its last member: the others point at that member's offset and repeat only the
   * verdict.
   */
  readonly batch: Offset | undefined;
}

export const ANSWER_STORED_BYTES_MAX = 4096;

export const ATTEMPT_DETAIL_MAX = 256;

/** A delivery that was tried and will be tried again. */
export interface Retry extends DeliveryKey {
  /** Requests made so far. */
  readonly requests: number;
  /** Retries of the schedule used so far; a throttled request uses none. */
  readonly used: number;
  /** Milliseconds since 1970. */
  readonly dueAt: number;
  readonly reason: string;
}

/** A delivery that ended without success after its last attempt. */
export interface DeadLetter extends DeliveryKey {
  readonly reason: string;
  readonly at: number;
}

/**
 * Offsets an endpoint was owed and will not be sent, both ends included. What was settled before stays what
 * it is.
 */
export interface Gap {
  readonly endpoint: number;
  readonly from: Offset;
  readonly to: Offset;
  readonly reason: GapReason;
  readonly at: number;
}

/** Since when every request to an endpoint has failed, in milliseconds since 1970. */
export interface Failing {
  readonly endpoint: number;
  readonly since: number;
}

/** Since when an endpoint is held or stopped, in milliseconds since 1970, as the operator was told. */
export interface ToldHold {
  readonly endpoint: number;
  readonly since: number;
}

/** Why the whole lane waits, and until when. */
export interface Hold {
  readonly since: number;
  readonly until: number;
  readonly reason: string;
  /** How often in a row it was held; the back-off doubles with it. */
  readonly rounds: number;
  /** Requests made for the head of an `ordered` lane; 0 for other lanes. */
  readonly requests: number;
}

/** A batch that was sent without success: the same members go again. */
export interface FrozenBatch {
  readonly offsets: readonly Offset[];
  readonly requests: number;
  readonly used: number;
  readonly dueAt: number;
  readonly reason: string;
}

/** A lane that must be found again after a crash although the checkpoint may pass it. */
export interface LaneRow {
  readonly endpoint: number;
  /** Everything owed up to here is settled, in `retry`, or in the frozen batch. */
  readonly position: Offset;
  readonly hold: Hold | undefined;
  readonly batch: FrozenBatch | undefined;
  /** Why what else is stored of it cannot be read, as a code; undefined: it can. */
  readonly fault?: string | undefined;
}

/** The fault of a row whose hold or batch is damaged, or of a later version. */
export const LANE_UNREADABLE = "lane_unreadable";

/** Deliver old events again, asked for by a person: a second cursor over the log, both ends included. */
export interface Replay {
  readonly number: Cursor;
  readonly endpoint: number;
  readonly from: Offset;
  readonly to: Offset;
  /** How many changes there were when it was asked for: a later one that disables its endpoint ends it. */
  readonly changes: number;
  readonly createdAt: number;
}
