import type { DeliveryKey } from "../model/delivery.ts";
import type { Offset } from "../model/offset.ts";
import type { Submission, SubmissionResult } from "../store.ts";

/** What the API asks of the engine. */
export interface Engine {
  /**
   * Takes the leases, recovers, and starts delivering, or waits with that for `resume`. Resolves when every
   * lease is recovered.
   */
  start(how: "sending" | "paused"): Promise<void>;

  /** Starts delivering, if it has not. */
  resume(): void;

  /** Stops sending new requests, lets those in flight end for `graceMs`, and stores their outcomes. */
  stop(graceMs: number): Promise<void>;

  /**
   * Stores a request's events and answers after the commit (invariant 1). Throws the Problem `overloaded`
   * before anything is stored, `store_unavailable` when it is not known.
   */
  accept(shard: number, submission: Submission): Promise<SubmissionResult>;

  /** Applies changes of endpoints in this shard that the registry has stored. */
  noteChanges(shard: number): void;

  /** Makes a waiting retry, or the head of a held lane, due now. */
  retry(shard: number, delivery: LiveDelivery): Promise<CommandResult>;

  /** Ends a delivery that is not settled as `cancelled`; on an `ordered` lane the next one follows. */
  cancel(shard: number, delivery: LiveDelivery): Promise<CommandResult>;

  /** Delivers one event again, settled or not, on a cursor of its own. Resolves when the replay is stored. */
  replay(shard: number, delivery: LiveDelivery): Promise<CommandResult>;

  /**
   * Lets a lane go on behind its head, or behind everything up to a place: what was owed until there and is
   * not settled becomes a `skipped` gap. Resolves when that is durable.
   */
  skip(shard: number, skipping: Skipping): Promise<SkipResult>;

  /**
   * Takes up replays of ranges that the registry has stored, and what was asked of them since: to pause, to
   * go on, or to end. Resolves when what that ends is durable.
   */
  replayRanges(shard: number): Promise<void>;

  /** Erases what is stored as asked for of a tenant, by number; resolves when nothing of it is left. */
  erase(shard: number, tenant: number): Promise<void>;

  /** Whether this process delivers what is in this shard; else another node does, or is about to. */
  owns(shard: number): boolean;

  /** What a lane of a shard that it owns does right now; undefined for an idle one. */
  laneView(shard: number, endpoint: number): LaneView | undefined;

  /** What waits of a tenant, by number, and what is on its way, wherever that is. */
  standing(shard: number, tenant: number): Promise<Standing>;

  /** Endpoints that wait until a person does something, as far as this process delivers to them. */
  stoppedEndpoints(): readonly number[];

  /** Whether this process has every lease. */
  ownsAll(): boolean;

  /** Counters since the start. */
  stats(): EngineStats;
  /** What of `stats` tells whether it has come to rest; looking at it costs nothing. */
  underWay(): UnderWay;
}

/** A delivery on the live cursor. `tenant` is the tenant's number. */
export interface LiveDelivery extends Omit<DeliveryKey, "cursor"> {
  readonly tenant: number;
}

export interface Skipping {
  /** By number, of the shard's tenant. */
  readonly endpoint: number;
  /** Undefined: the head of its lane. */
  readonly to: Offset | undefined;
}

export type SkipResult =
  /** Whatever was not settled between these offsets. */
  | { readonly kind: "skipped"; readonly from: Offset; readonly to: Offset }
  | { readonly kind: "nothing" }
  /** Its head is being sent. */
  | { readonly kind: "in_flight" }
  /** A fault of ours stopped the lane. */
  | { readonly kind: "stopped" }
  /** Nothing waits behind a head in a lane of discipline `each`. */
  | { readonly kind: "no_head" };

/**
 * `settled`: there is nothing to do any more. `not_owed`: the endpoint's versions say no. `stopped`: a fault
 * of ours stopped the lane, and nothing is sent.
 */
export type CommandResult = "done" | "settled" | "in_flight" | "in_batch" | "not_owed" | "erased" | "stopped";

export interface LaneView {
  /** Owed and known to wait: ready, in flight, or frozen in a batch; retries come on top. */
  readonly waiting: number;
  /** Of live deliveries. */
  readonly retries: number;
  /** Beyond `waiting`, events after this offset have not been looked at; undefined if there are none. */
  readonly behindAfter: number | undefined;
  readonly inFlight: number;
  /** A fault stopped the lane, and `reason` says which: nothing is sent until a person does something. */
  readonly needsAttention: boolean;
  readonly heldSince: number | undefined;
  readonly reason: string | undefined;
  /** When the receiver is tried again; undefined while nothing is held back. */
  readonly nextProbeAt: number | undefined;
}

export type Standing = Omit<EngineStats, "accepted" | "attempts" | "delivered" | "unwritten">;

export type UnderWay = Pick<EngineStats, "inFlight" | "unwritten">;

export interface EngineStats {
  /** Endpoints that something waits for. */
  readonly endpointsWaiting: number;
  /** Deliveries known to wait, retries too; lanes that are behind have more. */
  readonly deliveriesWaiting: number;
  /** Endpoints that are held, and those that wait until a person does something. */
  readonly lanesHeld: number;
  readonly lanesStopped: number;
  /**
   * Since when the oldest of what could be sent has waited, in milliseconds since 1970; undefined: nothing
   * does. What is held, paused or stopped is not due.
   */
  readonly oldestDueAt: number | undefined;
  readonly accepted: number;
  readonly attempts: number;
  readonly delivered: number;
  readonly inFlight: number;
  /** Changes that are on their way into the store: what follows from them is not known yet. */
  readonly unwritten: number;
}
