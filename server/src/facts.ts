/** What the engine writes: the facts of one flush. */
import type { Attempt, DeadLetter, DeliveryKey, Gap, LaneRow, Replay, Retry } from "./model/delivery.ts";
import type { EventMeta, RaisedEvent } from "./model/event.ts";
import type { Offset } from "./model/offset.ts";
import type { ReplayStep } from "./model/range-replay.ts";
import type { AgedKind } from "./model/retention.ts";
import type { StatStep } from "./model/stat.ts";

/** What a flush writes. Every list may be empty. */
export interface Facts {
  /**
   * Counts the flushes of one owner, from 1: one that is written again, or that comes after a later one,
   * changes nothing. 0: it is not counted, and written whenever it comes.
   */
  readonly flush: number;
  readonly checkpoint: Offset;
  readonly changesApplied: number;
  readonly attempts: readonly Attempt[];
  /** Retries to write, or to write anew. */
  readonly retries: readonly Retry[];
  /** Retries that are over. */
  readonly endedRetries: readonly DeliveryKey[];
  readonly deadLetters: readonly DeadLetter[];
  readonly gaps: readonly Gap[];
  /** Lanes that get a row, or a new one; it stays, whatever else this flush says of the lane. */
  readonly lanes: readonly LaneRow[];
  /** Endpoints whose lane needs its row no longer. */
  readonly releasedLanes: readonly number[];
  readonly replays: readonly Replay[];
  readonly abandoned: readonly Abandonment[];
  readonly disabled: readonly Disabling[];
  /** Endpoints that began to fail, or ended to; of several about one endpoint the last holds. */
  readonly failing: readonly FailingChange[];
  /** Holds that the operator is told of with this flush, or that are over; of several the last holds. */
  readonly toldHolds: readonly ToldHoldChange[];
  /** Events about what this flush writes. */
  readonly raised: readonly RaisedEvent[];
  readonly directory: readonly DirectoryBlock[];
  readonly erasing: readonly ErasureStep[];
  readonly ageing: readonly AgeingStep[];
  /** Replays of ranges that have got on; of several about one replay the last holds. */
  readonly replaying: readonly ReplayStep[];
  /** What was counted: it is added to what is stored, once, as the flush is. */
  readonly stats: readonly StatStep[];
  /** What other nodes asked for; nothing where a log is not shared. */
  readonly answered: readonly Answered[];
  /** Numbers of outgoing events that are stored where they belong, likewise. */
  readonly handedOn: readonly HandedOn[];
}

/** Something that another node asked for, done with this flush. */
export interface Answered {
  readonly asked: number;
  /** Undefined: it is done, and the answer comes later or never; it is not done again. */
  readonly answer: string | undefined;
}

export interface HandedOn {
  readonly outgoing: number;
}

/**
 * Every event of the log after one offset up to another, for the directory: by it, what is sparse is found
 * without reading what lies between. It follows from the log, so that it may be missing anywhere.
 */
export interface DirectoryBlock {
  readonly after: Offset;
  readonly to: Offset;
  /** In order. */
  readonly events: readonly IndexedEvent[];
}

/** What the directory goes by. */
export type IndexedEvent = Pick<EventMeta, "offset" | "tenant" | "type" | "subject" | "to">;

/**
 * Overwrites what events of one tenant say: data, subjects, receivers' answers and hashes of payloads; the
 * keys they came with stay taken, and no request matches them any more. It is written after everything else
 * of its flush.
 */
export interface ErasureStep {
  /** The erasure's number. */
  readonly erasure: number;
  readonly tenant: number;
  readonly offsets: readonly Offset[];
  /** Where the erasure goes on; undefined: it is over, and forgotten. */
  readonly next: Offset | undefined;
}

/**
 * Forgets of events of one tenant what is kept for less time than they are: as an erasure does, but for their
 * keys; or what their receivers answered; or that they were given up, which a gap says from then on, of the
 * reason `expired`.
 */
export interface AgeingStep {
  readonly kind: AgedKind;
  readonly tenant: number;
  readonly offsets: readonly Offset[];
  readonly at: number;
}

/** `since` as in `Failing`; undefined: something gets through again, or nothing is sent any more. */
export interface FailingChange {
  readonly endpoint: number;
  readonly since: number | undefined;
}

/** `since` as in `ToldHold`; undefined: it is over. */
export interface ToldHoldChange {
  readonly endpoint: number;
  readonly since: number | undefined;
}

/**
 * Ends everything an endpoint is still owed up to an offset: its retries up to there and its lane's row go,
 * and a gap is written from `from` or its first retry, whichever is lower. It is written after `retries` and
 * before `lanes`.
 */
export interface Abandonment {
  readonly endpoint: number;
  readonly from: Offset;
  readonly to: Offset;
  /**
   * It ends the replays of one delivery that were asked for before this change, however often it is written.
   * 0: no replay.
   */
  readonly replaysBefore: number;
  readonly reason: "disabled" | "cancelled" | "skipped" | "expired";
  readonly at: number;
}

/**
 * Turns an endpoint off from the log's next offset on, as a change like any other; nothing if it is not
 * enabled or paused.
 */
export interface Disabling {
  readonly endpoint: number;
  readonly reason: string;
  /** Stored with the change, if there is one. */
  readonly raises?: RaisedEvent | undefined;
}

/** Facts being gathered. */
export type FactsDraft = {
  -readonly [Name in keyof Facts]: Facts[Name] extends readonly (infer Fact)[] ? Fact[] : Facts[Name];
};

/** Returns facts without content, to be filled. */
export function emptyFacts(checkpoint: Offset, changesApplied: number): FactsDraft {
  return {
    flush: 0,
    checkpoint,
    changesApplied,
    attempts: [],
    retries: [],
    endedRetries: [],
    deadLetters: [],
    gaps: [],
    lanes: [],
    releasedLanes: [],
    replays: [],
    abandoned: [],
    disabled: [],
    failing: [],
    toldHolds: [],
    raised: [],
    directory: [],
    erasing: [],
    ageing: [],
    replaying: [],
    stats: [],
    answered: [],
    handedOn: [],
  };
}
