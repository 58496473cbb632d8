/** Rows of the log and of what became of its events, as values of the domain. */
import {
  type Attempt,
  type DeadLetter,
  type Failing,
  type FrozenBatch,
  type Gap,
  type GapReason,
  type Hold,
  LANE_UNREADABLE,
  type LaneRow,
  type Retry,
  type ToldHold,
  type VerdictKind,
} from "../model/delivery.ts";
import type { Erasure } from "../model/erasure.ts";
import type { EventMeta, Extensions, ListedEvent, StoredEvent } from "../model/event.ts";
import { timeOfOffset } from "../model/offset.ts";
import type { OpenReplay, RangeReplay, ReplayChoice, ReplayEnd, ReplayWish } from "../model/range-replay.ts";
import type { RetryCount, Settled } from "../store.ts";
import {
  bytesIn,
  integerIn,
  jsonIn,
  numberIn,
  optionalIn,
  type Row,
  readable,
  textIn,
  textsIn,
  wordIn,
} from "./columns.ts";
import type { StoredBlock } from "./directory/block.ts";

const VERDICTS: Record<VerdictKind, true> = {
  delivered: true,
  rejected: true,
  retry: true,
  hold: true,
  disable: true,
};

const GAP_REASONS: Record<GapReason, true> = {
  cancelled: true,
  skipped: true,
  disabled: true,
  expired: true,
  superseded: true,
  erased: true,
};

const REPLAY_CHOICES: Record<ReplayChoice, true> = { dead: true, missed: true, undelivered: true, all: true };

const REPLAY_WISHES: Record<ReplayWish, true> = { run: true, pause: true, cancel: true };

const REPLAY_ENDS: Record<ReplayEnd["how"], true> = { finished: true, cancelled: true };

export function eventOf(row: Row): StoredEvent {
  const extensions = optionalIn(row, "extensions", (from, name) => jsonIn(from, name, areExtensions));
  return { ...eventMetaOf(row), data: bytesIn(row, "data"), extensions };
}

export function listedEventOf(row: Row): ListedEvent {
  return { ...eventMetaOf(row), dataBytes: integerIn(row, "data_bytes") };
}

export function eventMetaOf(row: Row): EventMeta {
  const offset = integerIn(row, "offset");
  return {
    offset,
    tenant: integerIn(row, "tenant"),
    type: textIn(row, "type"),
    subject: optionalIn(row, "subject", textIn),
    occurredAt: optionalIn(row, "occurred_at", integerIn) ?? timeOfOffset(offset),
    expiresAt: optionalIn(row, "expires_at", integerIn),
    to: optionalIn(row, "to_endpoint", integerIn),
  };
}

export function attemptOf(row: Row): Attempt {
  return {
    offset: integerIn(row, "offset"),
    endpoint: integerIn(row, "endpoint"),
    cursor: integerIn(row, "cursor"),
    number: integerIn(row, "number"),
    startedAt: integerIn(row, "started_at"),
    durationMs: numberIn(row, "duration_ms"),
    connectedMs: optionalIn(row, "connected_ms", numberIn),
    headersMs: optionalIn(row, "headers_ms", numberIn),
    verdict: wordIn(row, "verdict", VERDICTS),
    reason: optionalIn(row, "reason", textIn),
    status: optionalIn(row, "status", integerIn),
    detail: optionalIn(row, "detail", textIn),
    answer: optionalIn(row, "answer", bytesIn),
    payloadHash: optionalIn(row, "payload_hash", bytesIn),
    batch: optionalIn(row, "batch", integerIn),
  };
}

export function retryOf(row: Row): Retry {
  return {
    endpoint: integerIn(row, "endpoint"),
    cursor: integerIn(row, "cursor"),
    offset: integerIn(row, "offset"),
    requests: integerIn(row, "requests"),
    used: integerIn(row, "used"),
    dueAt: integerIn(row, "due_at"),
    reason: textIn(row, "reason"),
  };
}

export function deadLetterOf(row: Row): DeadLetter {
  return {
    endpoint: integerIn(row, "endpoint"),
    cursor: integerIn(row, "cursor"),
    offset: integerIn(row, "offset"),
    reason: textIn(row, "reason"),
    at: integerIn(row, "at"),
  };
}

export function gapOf(row: Row): Gap {
  return {
    endpoint: integerIn(row, "endpoint"),
    from: integerIn(row, "from_offset"),
    to: integerIn(row, "to_offset"),
    // A reason of a later version: what it covers is over, whatever for.
    reason: readable(() => wordIn(row, "reason", GAP_REASONS))?.value ?? "cancelled",
    at: integerIn(row, "at"),
  };
}

/** Reads a lane's row. One whose hold or batch cannot be read keeps its place, and says so as its fault. */
export function laneOf(row: Row): LaneRow {
  const place = { endpoint: integerIn(row, "endpoint"), position: integerIn(row, "position") };
  const known = readable(() => ({
    hold: optionalIn(row, "hold", (from, name) => jsonIn(from, name, isHold)),
    batch: optionalIn(row, "batch", (from, name) => jsonIn(from, name, isBatch)),
  }));
  return known === undefined
    ? { ...place, hold: undefined, batch: undefined, fault: LANE_UNREADABLE }
    : { ...place, ...known.value };
}

export function erasureOf(row: Row): Erasure {
  return {
    number: integerIn(row, "number"),
    tenant: integerIn(row, "tenant"),
    subject: optionalIn(row, "subject", textIn),
    from: integerIn(row, "from_offset"),
    to: integerIn(row, "to_offset"),
  };
}

export function rangeReplayOf(row: Row): RangeReplay {
  const how = optionalIn(row, "ended", (from, name) => wordIn(from, name, REPLAY_ENDS));
  return {
    number: integerIn(row, "number"),
    tenant: integerIn(row, "tenant"),
    source: integerIn(row, "source"),
    endpoint: integerIn(row, "endpoint"),
    from: integerIn(row, "from_offset"),
    to: integerIn(row, "to_offset"),
    only: wordIn(row, "chosen_by", REPLAY_CHOICES),
    types: optionalIn(row, "types", textsIn),
    ratePerSecond: optionalIn(row, "rate", numberIn),
    changes: integerIn(row, "changes"),
    createdAt: integerIn(row, "created_at"),
    wish: wordIn(row, "wish", REPLAY_WISHES),
    progress: {
      position: integerIn(row, "position"),
      lookedAt: integerIn(row, "looked_at"),
      chosen: integerIn(row, "chosen"),
      passedOver: integerIn(row, "passed_over"),
      delivered: integerIn(row, "delivered"),
      failed: integerIn(row, "failed"),
    },
    ended:
      how === undefined
        ? undefined
        : { how, reason: optionalIn(row, "reason", textIn), at: integerIn(row, "ended_at") },
  };
}

/** Reads open replays, with `waiting`. One that cannot be read is left as it is, and keeps no other. */
export function openReplaysOf(rows: readonly Row[]): readonly OpenReplay[] {
  return rows.flatMap((row) => {
    const replay = readable(() => ({ ...rangeReplayOf(row), waiting: integerIn(row, "waiting") }));
    return replay === undefined ? [] : [replay.value];
  });
}

export function blockOf(row: Row): StoredBlock {
  return {
    after: integerIn(row, "after_offset"),
    to: integerIn(row, "to_offset"),
    bytes: bytesIn(row, "block"),
  };
}

/** What waits in `retry` of an endpoint. */
export function retryCountOf(row: Row): RetryCount {
  return {
    endpoint: integerIn(row, "endpoint"),
    live: integerIn(row, "live"),
    replays: integerIn(row, "replays"),
  };
}

/** A delivery that needs no sending. */
export function settledDeliveryOf(row: Row): Settled["deliveries"][number] {
  return { endpoint: integerIn(row, "endpoint"), offset: integerIn(row, "offset") };
}

/** Since when an endpoint has been failing, or was told of as held. */
export function sinceOf(row: Row): Failing & ToldHold {
  return { endpoint: integerIn(row, "endpoint"), since: integerIn(row, "since") };
}

function areExtensions(value: unknown): value is Extensions {
  const values = typeof value === "object" && value !== null ? Object.values(value) : [];
  return values.length > 0 && values.every((each) => ["string", "number", "boolean"].includes(typeof each));
}

function isHold(value: unknown): value is Hold {
  return (
    areNumbersIn(value, ["since", "until", "rounds", "requests"]) &&
    "reason" in value &&
    typeof value.reason === "string"
  );
}

function isBatch(value: unknown): value is FrozenBatch {
  return (
    areNumbersIn(value, ["requests", "used", "dueAt"]) &&
    "reason" in value &&
    typeof value.reason === "string" &&
    "offsets" in value &&
    Array.isArray(value.offsets) &&
    value.offsets.every(Number.isSafeInteger)
  );
}

function areNumbersIn(value: unknown, names: readonly string[]): value is object {
  return (
    typeof value === "object" &&
    value !== null &&
    names.every((name) => Number.isSafeInteger(Reflect.get(value, name)))
  );
}
