import {
  type Attempt,
  type DeadLetter,
  type FrozenBatch,
  type Gap,
  type GapReason,
  type Hold,
  LANE_UNREADABLE,
  type LaneRow,
  type Retry,
  type VerdictKind,
} from "../model/delivery.ts";
import {
  ENDPOINT_UNREADABLE,
  type Endpoint,
  type EndpointState,
  type EndpointVersion,
} from "../model/endpoint.ts";
import type { Erasure } from "../model/erasure.ts";
import type { EventMeta, Extensions, ListedEvent, StoredEvent } from "../model/event.ts";
import type { EventType, EventTypeRule, SchemaVersion, Validation } from "../model/event-type.ts";
import { timeOfOffset } from "../model/offset.ts";
import type { OpenReplay, RangeReplay, ReplayChoice, ReplayEnd, ReplayWish } from "../model/range-replay.ts";
import { isRetention, NO_RETENTION, type Retention, type TenantRetention } from "../model/retention.ts";
import type { SealedSecret } from "../model/secret.ts";
import { type ApiKey, SCOPES, type Scope, type Tenant } from "../model/tenant.ts";
import type { EndpointMark } from "../reader.ts";
import type { PlacedSecret } from "../secret-registry.ts";
import {
  bytesIn,
  integerIn,
  jsonIn,
  numberIn,
  optionalIn,
  type Row,
  readable,
  textIn,
  wordIn,
} from "./columns.ts";
import { configOf, UNREADABLE_CONFIG } from "./endpoint-config.ts";

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

const STATES: Record<EndpointState, true> = { enabled: true, paused: true, disabled: true, deleted: true };

const VALIDATION_WORDS: Record<Validation, true> = { off: true, warn: true, reject: true };

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
    types: optionalIn(row, "types", (from, name) => jsonIn(from, name, areTexts)),
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

export function markOf(row: Row): EndpointMark {
  return {
    number: integerIn(row, "number"),
    isEnabled: textIn(row, "state") === "enabled",
    isHeld: integerIn(row, "is_held") === 1,
    isFailing: integerIn(row, "is_failing") === 1,
  };
}

export function tenantOf(row: Row): Tenant {
  return {
    number: integerIn(row, "number"),
    id: textIn(row, "id"),
    name: textIn(row, "name"),
    contract: optionalIn(row, "contract", textIn),
    shard: integerIn(row, "shard"),
    createdAt: integerIn(row, "created_at"),
    // A mode of a later version must not stop what has nothing to do with it.
    validation: readable(() => validationIn(row, "validation"))?.value ?? "off",
    eventTypesRevision: integerIn(row, "event_types_revision"),
    retention: retentionOf(row),
  };
}

/** The tenant's number is in `tenant`. */
export function tenantRetentionOf(row: Row): TenantRetention {
  return { tenant: integerIn(row, "tenant"), retention: retentionOf(row) };
}

/** What cannot be read is kept for as long as the installation says, and not for less. */
function retentionOf(row: Row): Retention {
  const read = () => optionalIn(row, "retention", (from, name) => jsonIn(from, name, isRetention));
  return readable(read)?.value ?? NO_RETENTION;
}

export function eventTypeOf(row: Row): EventType {
  return {
    tenant: integerIn(row, "tenant"),
    name: textIn(row, "name"),
    description: optionalIn(row, "description", textIn),
    schema: optionalIn(row, "schema", textIn),
    schemaVersion: integerIn(row, "schema_version"),
    example: optionalIn(row, "example", textIn),
    validation: optionalIn(row, "validation", validationIn),
    isDeprecated: integerIn(row, "is_deprecated") === 1,
    successor: optionalIn(row, "successor", textIn),
    revision: integerIn(row, "revision"),
    createdAt: integerIn(row, "created_at"),
    updatedAt: integerIn(row, "updated_at"),
  };
}

export function eventTypeRuleOf(row: Row): EventTypeRule {
  return {
    name: textIn(row, "name"),
    validation: optionalIn(row, "validation", validationIn),
    schemaVersion: integerIn(row, "schema_version"),
    hasSchema: integerIn(row, "has_schema") === 1,
  };
}

export function schemaVersionOf(row: Row): SchemaVersion {
  return {
    version: integerIn(row, "version"),
    schema: optionalIn(row, "schema", textIn),
    createdAt: integerIn(row, "created_at"),
  };
}

function validationIn(row: Row, name: string): Validation {
  return wordIn(row, name, VALIDATION_WORDS);
}

export function apiKeyOf(row: Row): ApiKey {
  return {
    id: textIn(row, "id"),
    tenant: optionalIn(row, "tenant", integerIn),
    name: textIn(row, "name"),
    hash: bytesIn(row, "hash"),
    scopes: optionalIn(row, "scopes", (from, name) => jsonIn(from, name, areScopes)),
    ratePerSecond: optionalIn(row, "rate_per_second", integerIn),
    createdAt: integerIn(row, "created_at"),
    expiresAt: optionalIn(row, "expires_at", integerIn),
    lastUsedAt: optionalIn(row, "last_used_at", integerIn),
  };
}

export function secretOf(row: Row): SealedSecret {
  return {
    number: integerIn(row, "number"),
    sealed: bytesIn(row, "sealed"),
    publicKey: optionalIn(row, "public_key", textIn),
    createdAt: integerIn(row, "created_at"),
    expiresAt: optionalIn(row, "expires_at", integerIn),
  };
}

export function placedSecretOf(row: Row): PlacedSecret {
  return {
    tenant: integerIn(row, "tenant"),
    endpoint: integerIn(row, "endpoint"),
    number: integerIn(row, "number"),
    sealed: bytesIn(row, "sealed"),
  };
}

/** Reads a version; undefined if it is damaged, or of a state that this version does not know. */
function versionOf(row: Row): EndpointVersion | undefined {
  return readable(() => ({
    since: integerIn(row, "since"),
    change: integerIn(row, "change"),
    state: wordIn(row, "state", STATES),
    reason: optionalIn(row, "reason", textIn),
    eventTypes: optionalIn(row, "event_types", (from, name) => jsonIn(from, name, areTexts)),
  }))?.value;
}

/** Stands in for a version that cannot be read: whatever comes is kept for whoever can. */
function keptVersion(row: Row | undefined): EndpointVersion {
  return {
    since: row === undefined ? 0 : integerIn(row, "since"),
    change: row === undefined ? 0 : integerIn(row, "change"),
    state: "paused",
    reason: undefined,
    eventTypes: undefined,
  };
}

export interface EndpointParts {
  readonly secrets: readonly SealedSecret[];
  /** Rows, oldest first. */
  readonly versions: readonly Row[];
}

/** Puts an endpoint together from its row and what belongs to it. One that cannot be read has a fault. */
export function endpointOf(row: Row, { secrets, versions }: EndpointParts): Endpoint {
  const config = readable(() => configOf(row))?.value;
  const read = versions.map(versionOf);
  const isWhole = config !== undefined && read.length > 0 && !read.includes(undefined);
  return {
    number: integerIn(row, "number"),
    tenant: integerIn(row, "tenant"),
    contract: textIn(row, "contract"),
    config: config ?? UNREADABLE_CONFIG,
    secrets,
    versions:
      read.length === 0
        ? [keptVersion(undefined)]
        : read.map((version, index) => version ?? keptVersion(versions[index])),
    createdAt: integerIn(row, "created_at"),
    updatedAt: integerIn(row, "updated_at"),
    ...(isWhole ? {} : { fault: ENDPOINT_UNREADABLE }),
  };
}

function areTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function areExtensions(value: unknown): value is Extensions {
  const values = typeof value === "object" && value !== null ? Object.values(value) : [];
  return values.length > 0 && values.every((each) => ["string", "number", "boolean"].includes(typeof each));
}

function areScopes(value: unknown): value is Scope[] {
  return areTexts(value) && value.every((each) => SCOPES.some((scope) => scope === each));
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
