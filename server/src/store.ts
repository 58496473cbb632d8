// house-rules allow file-length: a port is one idea, and is read in one place.
/**
 * The port the engine writes through, and reads its own state back from. `stores/conformance.ts` is the
 * definition of every verb here; `registry.ts` is the port for configuration, `reader.ts` the one for lists
 * and pages.
 *
 * A **lease** is the right to deliver one part of the log: one shard on PostgreSQL, all of them together on
 * SQLite and in memory. Offsets are unique and grow in commit order within a lease.
 */
import type {
  Attempt,
  Cursor,
  DeadLetter,
  DeliveryKey,
  Failing,
  Gap,
  LaneRow,
  Replay,
  Retry,
  ToldHold,
} from "./model/delivery.ts";
import type { FactsQuery, StoredFacts } from "./model/delivery-state.ts";
import type { Endpoint } from "./model/endpoint.ts";
import type { Erasure } from "./model/erasure.ts";
import type { EventMeta, IdempotencyKey, NewEvent, RaisedEvent, StoredEvent } from "./model/event.ts";
import type { Offset } from "./model/offset.ts";
import type { OpenReplay, ReplayStep } from "./model/range-replay.ts";
import type { Tenant } from "./model/tenant.ts";

export interface Store {
  /** The leases there are. */
  leases(): readonly number[];

  /** Which lease covers a tenant's shard. */
  leaseOf(shard: number): number;

  /**
   * Takes a lease under a new epoch, committed before anything is read; waits while another process holds it.
   * The old owner's flushes are fenced from then on.
   */
  takeLease(lease: number): Promise<TakenLease>;

  /** Holds a lease for its whole time again, from before it was asked. `fenced`: another owner has it. */
  renewLease(lease: Lease): Promise<"renewed" | "fenced">;

  /** Gives a lease up, so that a process that waits for it has not to wait until it ends. */
  releaseLease(lease: Lease): Promise<void>;

  /**
   * Stores submissions of events, each whole or not at all, and answers after the commit (invariant 1).
   * Events of one submission have neighbouring offsets. A submission all of whose keys were seen with the
   * same hash gives the original offsets; one key seen with another hash refuses that submission alone, and
   * so does a tenant that is deleted. Throws a StoreRefusal where an event cannot be stored.
   */
  append(lease: number, submissions: readonly Submission[]): Promise<Appended>;

  /** Reads how far the log and its configuration have come. */
  readHead(lease: number): Promise<Head>;

  /**
   * Reads events after an offset, in order. Bounded by `limit` looks and by `bytesMax` of data after the
   * first: a look is at one event, or at one block of the directory that names nothing wanted.
   */
  readLog(query: LogQuery): Promise<LogPage>;

  /** Reads events by offset; what does not exist is left out. */
  readEvents(lease: number, offsets: readonly Offset[]): Promise<readonly StoredEvent[]>;

  /**
   * Reads which deliveries of one cursor with offsets in `(after, to]` need no sending: they have a final
   * attempt, a dead letter, a gap, or wait in `retry`. Gaps are the live cursor's alone.
   */
  readSettled(query: SettledQuery): Promise<Settled>;

  /** Reads a tenant with its endpoints, deleted ones too; undefined if there is no such tenant. */
  readRoutes(tenant: number): Promise<TenantRoutes | undefined>;

  /** Reads one endpoint, deleted or not. */
  readEndpoint(endpoint: number): Promise<Endpoint | undefined>;

  /** Reads endpoints changed after `change`, in the order of their changes. */
  readChanged(lease: number, change: number): Promise<readonly Endpoint[]>;

  readLanes(lease: number): Promise<readonly LaneRow[]>;

  /** Reads retries after a place in the order (due_at, endpoint, cursor, offset). */
  readRetries(lease: number, after: RetryPlace | undefined, limit: number): Promise<readonly Retry[]>;

  /** Reads which deliveries up to an offset wait on one cursor of an endpoint, in order. */
  readWaiting(lease: number, place: WaitingPlace): Promise<readonly Offset[]>;

  /** Reads one waiting retry. */
  readRetry(lease: number, key: DeliveryKey): Promise<Retry | undefined>;

  /** Counts waiting retries by endpoint, live ones and replays apart. */
  countRetries(lease: number): Promise<readonly RetryCount[]>;

  /** Reads which endpoints nothing gets through to. */
  readFailing(lease: number): Promise<readonly Failing[]>;

  /** Reads which endpoints the operator was told are held, and not yet that they recovered. */
  readToldHolds(lease: number): Promise<readonly ToldHold[]>;

  /** Reads every attempt of one event for one endpoint, on every cursor, oldest first. */
  readAttempts(lease: number, key: { endpoint: number; offset: Offset }): Promise<readonly Attempt[]>;

  /** Reads what was asked to be erased and is not yet, oldest first. */
  readErasures(lease: number): Promise<readonly Erasure[]>;

  /** Reads the replays of ranges that have not ended, by number. */
  readReplays(lease: number): Promise<readonly OpenReplay[]>;

  /** Reads every fact about the live deliveries and replays of some events. */
  readFacts(query: FactsQuery): Promise<StoredFacts>;

  /**
   * Reads which events an erasure has left, in order. Bounded by `limit` looks, as `readLog` is, and by
   * `bytesMax` of data after the first.
   */
  findErasable(query: ErasableQuery): Promise<ErasablePage>;

  /** Resolves when nothing that was overwritten or deleted before can be found in what the store keeps. */
  scrub(): Promise<void>;

  /**
   * Writes facts in one transaction whose first statement checks the epoch. `fenced`: another owner has the
   * lease, and nothing changed (invariant 7). Writing the same facts twice is the same as once. Throws a
   * StoreRefusal where one of them cannot be stored.
   */
  flush(lease: Lease, facts: Facts): Promise<"flushed" | "fenced">;

  /** Forgets idempotency keys that expired before `now`, at most `limit`; returns how many. */
  reapKeys(now: number, limit: number): Promise<number>;

  close(): Promise<void>;
}

/**
 * Thrown by a store that cannot hold what it was given: a constraint says no, or a stored row that is needed
 * cannot be read. Nothing changed, and the same would be refused again. Whatever else a store throws may
 * pass.
 */
export class StoreRefusal extends Error {
  override readonly name = "StoreRefusal";

  constructor(cause: unknown) {
    super(`the store refuses what it was given: ${cause instanceof Error ? cause.message : typeof cause}`, {
      cause,
    });
  }
}

export interface Lease {
  readonly id: number;
  readonly epoch: number;
}

/** What a new owner starts from. */
export interface TakenLease extends Lease {
  /** How long it is held without being renewed; undefined: for as long as nobody takes it. */
  readonly leaseMs: number | undefined;
  /** Below it nothing of the log needs reading, except for lanes that have a row. */
  readonly checkpoint: Offset;
  /** Endpoint changes up to this number were applied. */
  readonly changesApplied: number;
  /** The greatest replay number given out; 0 if none. */
  readonly replays: number;
  /** The directory says of every event up to here where it is. */
  readonly directoryTo: Offset;
}

export interface Head {
  readonly head: Offset;
  readonly changes: number;
}

/**
 * The events of one request. With a `key`, the whole request is stored once; else each event may have its
 * own.
 */
export interface Submission {
  /** The tenant's number. */
  readonly tenant: number;
  readonly events: readonly SubmittedEvent[];
  readonly key: IdempotencyKey | undefined;
  /** When the keys may be forgotten, in milliseconds since 1970. */
  readonly keysExpireAt: number;
}

export interface SubmittedEvent {
  readonly event: NewEvent;
  readonly key: IdempotencyKey | undefined;
}

export type SubmissionResult =
  /** `stored` has those that are new; a repeated key gives the first offset again. */
  | {
      readonly kind: "accepted";
      readonly offsets: readonly Offset[];
      readonly stored: readonly StoredEvent[];
    }
  /**
   * The place in the submission of the event whose key was seen with other bytes; -1: the submission's own
   * key.
   */
  | { readonly kind: "key_reused"; readonly index: number }
  | { readonly kind: "no_tenant" };

export interface Appended extends Head {
  /**
   * The head before this append: an owner that has routed up to here may route what follows without reading
   * it.
   */
  readonly previousHead: Offset;
  readonly results: readonly SubmissionResult[];
}

export interface LogQuery {
  readonly lease: number;
  readonly after: Offset;
  readonly to: Offset;
  /** Only this tenant's, by number. */
  readonly tenant?: number;
  /**
   * Of a tenant's, only those of these types (names or globs), and those that have a `to`, whatever their
   * type.
   */
  readonly types?: readonly string[] | undefined;
  readonly limit: number;
  readonly bytesMax: number;
}

export interface LogPage {
  readonly events: readonly StoredEvent[];
  /** Everything up to here was looked at; equal to the query's `to` when there is no more. */
  readonly scannedTo: Offset;
}

export interface ErasableQuery extends Pick<Erasure, "tenant" | "subject" | "from" | "to"> {
  readonly lease: number;
  readonly limit: number;
  readonly bytesMax: number;
}

export interface ErasablePage {
  readonly offsets: readonly Offset[];
  /** Everything up to here was looked at; equal to the query's `to` when there is no more. */
  readonly scannedTo: Offset;
}

export interface SettledQuery {
  readonly lease: number;
  readonly after: Offset;
  readonly to: Offset;
  /** Only this endpoint's. */
  readonly endpoint?: number;
  /** Default: LIVE. */
  readonly cursor?: Cursor;
}

export interface Settled {
  readonly deliveries: readonly { readonly endpoint: number; readonly offset: Offset }[];
  readonly gaps: readonly Gap[];
}

export interface TenantRoutes {
  readonly tenant: Tenant;
  readonly endpoints: readonly Endpoint[];
}

export interface RetryPlace extends DeliveryKey {
  readonly dueAt: number;
}

/** Everything of one cursor up to an offset. */
export interface WaitingPlace extends Pick<DeliveryKey, "endpoint" | "cursor"> {
  readonly to: Offset;
}

export interface RetryCount {
  readonly endpoint: number;
  readonly live: number;
  readonly replays: number;
}

/** What a flush writes. Every list may be empty. */
export interface Facts {
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
  /** Events about what this flush writes; each has a key, under which it is stored once. */
  readonly raised: readonly RaisedEvent[];
  readonly directory: readonly DirectoryBlock[];
  readonly erasing: readonly ErasureStep[];
  /** Replays of ranges that have got on; of several about one replay the last holds. */
  readonly replaying: readonly ReplayStep[];
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
  /** The greatest replay number that it ends: one that was asked for since goes on. LIVE: no replay. */
  readonly replays: number;
  readonly reason: "disabled" | "cancelled" | "skipped";
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
    replaying: [],
  };
}
