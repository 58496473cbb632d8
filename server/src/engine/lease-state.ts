import type { Facts } from "../facts.ts";
import type { LaneRow } from "../model/delivery.ts";
import type { Offset } from "../model/offset.ts";
import type { RetryCount, TakenLease } from "../store.ts";
import type { Asked } from "./as-in-memory.ts";
import type { FailingSince, KnownFailing } from "./failing.ts";
import { createLane, isRefused, type Lane } from "./lane.ts";
import type { Route } from "./routes.ts";
import { type SinceByEndpoint, setSince } from "./since.ts";
import type { Welcomes } from "./welcome.ts";

/** What the owner of a lease knows: the lanes with something to do, and how far everything has come. */
export interface LeaseState extends KnownFailing {
  readonly lease: TakenLease;
  /** By endpoint number. */
  readonly lanes: Map<number, Lane>;
  /** Every event up to here was handed to the lanes that are owed it. */
  routedTo: Offset;
  /** The head when the lease was taken: up to here the store may know that something is settled already. */
  readonly settledTo: Offset;
  /** Changes of endpoints that have taken effect in memory. */
  changes: number;
  /** Of them, those whose consequences are durable; never beyond `changesAppliedMax`. */
  changesApplied: number;
  /** The store refused the consequences of the change after this one. Infinite: of none. */
  changesAppliedMax: number;
  /** The checkpoint that is durable. */
  checkpoint: Offset;
  /** Never beyond: the store refused to end what a lane was owed after this. Infinite: it refused nothing. */
  checkpointMax: Offset;
  /** The offset of every thousandth event routed, as far back as a lane without a row may lag. */
  readonly marks: Offset[];
  eventsSinceMark: number;
  /** The greatest replay number given out. */
  replays: number;
  /**
   * Retries and replays that were stored before this owner, by endpoint, for lanes that are not in memory
   * yet.
   */
  readonly retryCounts: Map<number, RetryCount>;
  /** The store refused what no lane is to blame for: nothing is sent any more. */
  isStopped: boolean;
  readonly welcomes: Welcomes;
  /** Of what is failing, what is durable. */
  readonly storedFailing: FailingSince;
  /** Which holds the operator was told of; and which of it is durable. */
  readonly toldHolds: SinceByEndpoint;
  readonly storedToldHolds: SinceByEndpoint;
  /**
   * Events whose erasure is on its way into the store, and those that were in flight when it was: they are
   * not sent any more, and what receivers answer to them is not stored.
   */
  readonly erased: Set<Offset>;
  /** Replays of ranges that have ended, whatever was read of them before that was durable. */
  readonly endedReplays: Map<number, { readonly isDurable: boolean }>;
  /** By endpoint: what is ended in memory, and still stands in the store until that is durable. */
  readonly ending: Map<number, Ending>;
  readonly asked: Set<Asked>;
}

/** Retries up to an offset, and replays that were asked for up to a number. */
export interface Ending {
  readonly to: Offset;
  readonly replays: number;
}

export const MARK_EVERY_EVENTS = 1000;

export function createLeaseState(lease: TakenLease, head: Offset): LeaseState {
  return {
    lease,
    lanes: new Map(),
    routedTo: lease.checkpoint,
    settledTo: head,
    changes: lease.changesApplied,
    changesApplied: lease.changesApplied,
    changesAppliedMax: Infinity,
    checkpoint: lease.checkpoint,
    checkpointMax: Infinity,
    marks: [],
    eventsSinceMark: 0,
    replays: lease.replays,
    retryCounts: new Map(),
    isStopped: false,
    failing: new Map(),
    failuresSeen: new Map(),
    storedFailing: new Map(),
    toldHolds: new Map(),
    storedToldHolds: new Map(),
    endedReplays: new Map(),
    ending: new Map(),
    asked: new Set(),
    erased: new Set(),
    welcomes: new Map(),
  };
}

/** Notes what is durable of lanes now that these facts are, in the order in which a flush writes them. */
export function noteWritten(state: LeaseState, facts: Facts): void {
  const { lanes, storedFailing, storedToldHolds } = state;
  const noteRow = (endpoint: number, row: LaneRow | undefined): void => {
    const lane = lanes.get(endpoint);
    if (lane !== undefined) {
      lane.row = row;
      lane.storedRow = row;
    }
  };
  facts.releasedLanes.forEach((endpoint) => noteRow(endpoint, undefined));
  facts.lanes.forEach((row) => noteRow(row.endpoint, row));
  facts.failing.forEach(({ endpoint, since }) => setSince(storedFailing, endpoint, since));
  facts.toldHolds.forEach(({ endpoint, since }) => setSince(storedToldHolds, endpoint, since));
}

/**
 * Stops the lane of an endpoint whose facts the store refused, and puts it back to what is durable: from here
 * on it is known only that what came before its row, or before the checkpoint, is. Returns, once, a row that
 * keeps that place for a lane that has none, so that the checkpoint may pass it.
 */
export function stopRefused(state: LeaseState, endpoint: number): LaneRow | undefined {
  setSince(state.failing, endpoint, state.storedFailing.get(endpoint));
  setSince(state.toldHolds, endpoint, state.storedToldHolds.get(endpoint));
  const lane = state.lanes.get(endpoint);
  if (lane === undefined) {
    return undefined;
  }
  const { storedRow } = lane;
  const isNew = !isRefused(lane);
  lane.row = storedRow;
  lane.hold = storedRow?.hold;
  lane.batch = storedRow?.batch;
  lane.refusedAfter = Math.min(lane.refusedAfter, storedRow?.position ?? state.checkpoint);
  return isNew && storedRow === undefined
    ? { endpoint, position: state.checkpoint, hold: undefined, batch: undefined }
    : undefined;
}

/** Returns the lane of an endpoint, made if it had nothing to do until now. */
export function laneFor(state: LeaseState, route: Route): Lane {
  const known = state.lanes.get(route.endpoint.number);
  if (known !== undefined) {
    return known;
  }
  const lane = createLane(route, state.settledTo);
  lane.welcome = state.welcomes.get(lane.endpoint);
  lane.greetedChange = lane.welcome?.change ?? 0;
  const stored = state.retryCounts.get(lane.endpoint);
  if (stored !== undefined) {
    noteRetries(lane, stored);
    state.retryCounts.delete(lane.endpoint);
  }
  state.lanes.set(lane.endpoint, lane);
  return lane;
}

/** Notes what the store has waiting for a lane. */
export function noteRetries(lane: Lane, { live, replays }: RetryCount): void {
  lane.retries = live + replays;
  lane.replays = replays;
}

/** Notes that one more event was routed. */
export function markRouted(state: LeaseState, offset: Offset): void {
  state.eventsSinceMark += 1;
  if (state.eventsSinceMark >= MARK_EVERY_EVENTS) {
    state.eventsSinceMark = 0;
    state.marks.push(offset);
  }
}
