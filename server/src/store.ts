/**
 * The port the engine writes through, and reads its own state back from. `stores/conformance.ts` is the
 * definition of every verb here; `registry.ts` is the port for configuration, `reader.ts` the one for lists
 * and pages.
 *
 * A **lease** is the right to deliver one part of the log: one shard on PostgreSQL, all of them together on
 * SQLite and in memory. Offsets are unique and grow in commit order within a lease.
 */
import type { Facts } from "./facts.ts";
import type {
  Attempt,
  Cursor,
  DeliveryKey,
  Failing,
  Gap,
  LaneRow,
  Retry,
  ToldHold,
} from "./model/delivery.ts";
import type { FactsQuery, StoredFacts } from "./model/delivery-state.ts";
import type { Endpoint } from "./model/endpoint.ts";
import type { Erasure } from "./model/erasure.ts";
import type { IdempotencyKey, NewEvent, StoredEvent } from "./model/event.ts";
import type { Offset } from "./model/offset.ts";
import type { OpenReplay } from "./model/range-replay.ts";
import type { AgedKind, TenantRetention } from "./model/retention.ts";
import type { StatSeconds } from "./model/stat.ts";
import type { Tenant } from "./model/tenant.ts";

export interface Store extends LogReads, FactReads, AskedReads {
  /** The leases there are. */
  leases(): readonly number[];

  /** Which lease covers a tenant's shard. */
  leaseOf(shard: number): number;

  /**
   * Takes a lease under a new epoch, committed before anything is read. The old owner's flushes are fenced
   * from then on. Where nodes share the leases it must be free, or claimed before: else it throws.
   */
  takeLease(lease: number): Promise<TakenLease>;

  /** Holds a lease for its whole time again, from before it was asked. `fenced`: another owner has it. */
  renewLease(lease: Lease): Promise<"renewed" | "fenced">;

  /** Gives a lease up, so that another node may have it before it ends. */
  releaseLease(lease: Lease): Promise<void>;

  /**
   * Stores submissions of events, each whole or not at all, and answers after the commit (invariant 1).
   * Events of one submission have neighbouring offsets. A submission all of whose keys were seen with the
   * same hash gives the original offsets; one key seen with another hash refuses that submission alone, and
   * so does a tenant that is deleted. Throws a StoreRefusal where an event cannot be stored.
   *
   * The submissions are taken once, when writing begins: what has come by then goes with them. Appends of a
   * lease are written and answered one after the other.
   */
  append(lease: number, submissions: Iterable<Submission>): Promise<Appended>;

  /**
   * Writes facts in one transaction whose first statement checks the epoch. `fenced`: another owner has the
   * lease, and nothing changed (invariant 7). Writing the same facts twice is the same as once, however late
   * the second time comes. Throws a StoreRefusal where one of them cannot be stored.
   */
  flush(lease: Lease, facts: Facts): Promise<"flushed" | "fenced">;

  /** Reads every fact about the live deliveries and replays of some events. */
  readFacts(query: FactsQuery): Promise<StoredFacts>;

  /** Resolves when nothing that was overwritten or deleted before can be found in what the store keeps. */
  scrub(): Promise<void>;

  /** Forgets idempotency keys that expired before `now`, at most `limit`; returns how many. */
  reapKeys(now: number, limit: number): Promise<number>;

  /** Reads the times of those tenants that have some of their own. */
  readRetentions(): Promise<readonly TenantRetention[]>;

  /**
   * Looks at no more than `limit` events that nothing in flight can be about, in order, for what of a kind is
   * still there; a lane that has a row may stand before them.
   */
  findAged(query: AgedQuery): Promise<AgedPage>;

  /** Reads which endpoints still need something of the log up to an offset, apart from what is in flight. */
  readNeeding(lease: number, to: Offset): Promise<readonly number[]>;

  /**
   * Forgets what the log holds up to an offset, events first, then what is known of them, and replays that
   * had ended at its time, whose numbers are not given again; at most `limit` rows, or one partition. What is
   * in flight or needed, in any lease, stays, and with it all that follows (invariant 1). Returns how many
   * rows, or partitions, went; 0: no more may go.
   */
  forgetLog(to: Offset, limit: number): Promise<number>;

  /** Forgets what was counted of the oldest minutes, or hours, at most `limit` rows; returns how many. */
  forgetStats(lease: number, query: OldStatsQuery): Promise<number>;

  close(): Promise<void>;
}

/** What the engine reads of the log, and of the configuration that is in force along it. */
export interface LogReads {
  /** Reads how far the log and its configuration have come. */
  readHead(lease: number): Promise<Head>;

  /**
   * Reads events after an offset, in order. Bounded by `limit` looks and by `bytesMax` of data after the
   * first: a look is at one event, or at a part of the directory that names nothing wanted.
   */
  readLog(query: LogQuery): Promise<LogPage>;

  /** Reads events by offset; what does not exist is left out. */
  readEvents(lease: number, offsets: readonly Offset[]): Promise<readonly StoredEvent[]>;

  /** Reads a tenant with its endpoints, deleted ones too; undefined if there is no such tenant. */
  readRoutes(tenant: number): Promise<TenantRoutes | undefined>;

  /** Reads one endpoint, deleted or not. */
  readEndpoint(endpoint: number): Promise<Endpoint | undefined>;

  /** Reads endpoints changed after `change`, in the order of their changes. */
  readChanged(lease: number, change: number): Promise<readonly Endpoint[]>;
}

/** What it reads of what became of events. */
export interface FactReads {
  /**
   * Reads which deliveries of one cursor with offsets in `(after, to]` need no sending: they have a final
   * attempt, a dead letter, a gap, or wait in `retry`. Gaps are the live cursor's alone.
   */
  readSettled(query: SettledQuery): Promise<Settled>;

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
}

/** What it reads of what people asked for. */
export interface AskedReads {
  /** Reads the replays of ranges that have not ended, by number. */
  readReplays(lease: number): Promise<readonly OpenReplay[]>;

  /** Reads what was asked to be erased and is not yet, oldest first. */
  readErasures(lease: number): Promise<readonly Erasure[]>;

  /**
   * Reads which events an erasure has left, in order. Bounded by `limit` looks, as `readLog` is, and by
   * `bytesMax` of data after the first.
   */
  findErasable(query: ErasableQuery): Promise<ErasablePage>;
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
  /** Events up to here are counted as accepted. */
  readonly countedTo: Offset;
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

export interface AgedQuery {
  readonly lease: number;
  readonly kind: AgedKind;
  readonly after: Offset;
  readonly to: Offset;
  /** Milliseconds since 1970. */
  readonly finalBefore: number;
  readonly limit: number;
}

export interface AgedPage {
  readonly found: readonly Aged[];
  /** Everything up to here was looked at; equal to the query's `after` when there is no more. */
  readonly scannedTo: Offset;
}

/** An event of which something of the kind is there. */
export interface Aged {
  readonly offset: Offset;
  readonly tenant: number;
  /** Nothing of it waits to be retried, and its last request was made, or it was given up, before that. */
  readonly isOver: boolean;
}

export interface OldStatsQuery {
  readonly seconds: StatSeconds;
  /** Only what begins before it, in milliseconds since 1970. */
  readonly before: number;
  readonly limit: number;
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
