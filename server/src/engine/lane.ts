import {
  type Cursor,
  type FrozenBatch,
  type Hold,
  type LaneRow,
  LIVE,
  type Retry,
} from "../model/delivery.ts";
import type { Offset } from "../model/offset.ts";
import { type Concurrency, FIRST_CONCURRENCY } from "./concurrency.ts";
import type { FailureRun } from "./failure-run.ts";
import { forgetNewest, type NewestByKey } from "./newest.ts";
import { createOffsetQueue, type OffsetQueue } from "./offset-queue.ts";
import type { ReplayCursor } from "./replay-cursor.ts";
import type { Route } from "./routes.ts";
import type { Welcome } from "./welcome.ts";

/**
 * An endpoint's reading of the log while it has something to do: where it stands, and what is in flight. An
 * idle endpoint has none. Lanes hold offsets only; a lane with too many of them is behind, and reads by
 * cursor.
 */
export interface Lane {
  readonly endpoint: number;
  route: Route;
  /** Owed, not tried yet (or the head of a held `ordered` lane), ascending. */
  readonly ready: OffsetQueue;
  /** When the first of `ready` came. */
  readySince: number;
  /** Live deliveries on their first request, until their outcome is durable. */
  readonly inFlight: Set<Offset>;
  /**
   * Retries and replays on their way, until their outcome is durable or they are abandoned, by `retryKey`.
   */
  readonly retriesInFlight: Map<string, Retry>;
  /** Requests that have not been answered, or for lanes with one in flight: whose outcome is not durable. */
  requestsOut: number;
  /** How many requests its receiver stands. */
  concurrency: Concurrency;
  /** Its last request took long. */
  isSlow: boolean;
  /** Retries and replays that are due and wait for their turn, by `retryKey`. */
  readonly due: Map<string, Retry>;
  /** Retries and replays stored for this lane, waiting, due or in flight; of them, replays. */
  retries: number;
  replays: number;
  hold: Hold | undefined;
  /** Failures in a row. */
  failures: FailureRun | undefined;
  /**
   * Answers that hold or disable and wait for a flush to begin, and what people end of it that is not durable
   * yet: nothing is sent until then.
   */
  stopsWaiting: number;
  batch: FrozenBatch | undefined;
  /** The newest of what came, by key, where its endpoint wants only that: those that came last. */
  readonly newest: NewestByKey;
  /** Taken out of the line for something newer, until that is durable. */
  readonly superseded: Set<Offset>;
  /** The log goes on after `cursor`, and is read when there is room. */
  isBehind: boolean;
  cursor: Offset;
  isReading: boolean;
  /** Up to here the store says what is settled: these offsets were there before this owner. */
  readonly settledTo: Offset;
  /** Cancelled while the lane had not read so far. */
  readonly cancelled: Set<Offset>;
  /**
   * Delivered by replays, until that is durable: nothing live of them is sent, whatever the store says. With
   * each whether the retry of it that waits, if one does, has been taken off `retries`.
   */
  readonly replayed: Map<Offset, "counted" | "taken_off">;
  /** The last greeting that was accepted, of a contract with a handshake. */
  welcome: Welcome | undefined;
  /** A greeting is on its way: nothing else begins. */
  isGreeting: boolean;
  /** The endpoint's change in force when it was last greeted, whatever the answer; 0: not yet. */
  greetedChange: number;
  /** The endpoint was saved, and is greeted although nothing may wait. */
  isGreetingDue: boolean;
  /** When the bucket of its limit on the rate is full again. */
  bucketFullAt: number;
  /** The row in the store, if the lane has one: as it will be once what is being flushed is durable. */
  row: LaneRow | undefined;
  /** The row as it is durable. */
  storedRow: LaneRow | undefined;
  /**
   * What follows this offset may not be durable: the store refused it, and the lane stopped. Infinite:
   * everything may be.
   */
  refusedAfter: Offset;
  /**
   * Why a fault, ours or the contract's, stopped the lane, as a code. A person must look; it goes on when
   * the endpoint is changed, one of its deliveries is commanded, or its owner starts anew.
   */
  attention: string | undefined;
  /** The dispatcher's line in which it waits for its turn. */
  standsIn: "slow" | "others" | undefined;
  /** When the dispatcher looks again by itself. */
  wakeAt: number;
  /** Whether a retry went last, so that new deliveries go next. */
  retryWentLast: boolean;
  /** Replays of ranges that run, or are paused, by number; the one that went last is last. */
  readonly cursors: Map<Cursor, ReplayCursor>;
  /** Deliveries in a row that were none of theirs. */
  liveSinceReplayed: number;
}

/** One delivery, or one batch, on its way. */
export interface Item {
  readonly cursor: Cursor;
  /** One, but for batches; ascending. */
  readonly offsets: readonly Offset[];
  /** Requests made before. */
  readonly requests: number;
  /** Retries of the schedule used before. */
  readonly used: number;
  /** The row in `retry` that this settles or renews; of a replay of a range, there may be none yet. */
  readonly retry: Retry | undefined;
}

// It stops a lane for good, until its owner starts anew.
const FACTS_REFUSED = "facts_refused";

export function createLane(route: Route, settledTo: Offset): Lane {
  return {
    endpoint: route.endpoint.number,
    route,
    ready: createOffsetQueue(),
    readySince: 0,
    inFlight: new Set(),
    retriesInFlight: new Map(),
    requestsOut: 0,
    concurrency: FIRST_CONCURRENCY,
    isSlow: false,
    due: new Map(),
    retries: 0,
    replays: 0,
    hold: undefined,
    failures: undefined,
    stopsWaiting: 0,
    batch: undefined,
    newest: new Map(),
    superseded: new Set(),
    isBehind: false,
    cursor: 0,
    isReading: false,
    settledTo,
    cancelled: new Set(),
    replayed: new Map(),
    welcome: undefined,
    isGreeting: false,
    greetedChange: 0,
    isGreetingDue: false,
    bucketFullAt: 0,
    row: undefined,
    storedRow: undefined,
    attention: undefined,
    refusedAfter: Infinity,
    standsIn: undefined,
    wakeAt: Infinity,
    retryWentLast: false,
    cursors: new Map(),
    liveSinceReplayed: 0,
  };
}

/** Hands an owed offset to a lane that follows the log; a full lane falls behind instead. */
export function offer(
  lane: Lane,
  offset: Offset,
  { now, readyMax }: { now: number; readyMax: number },
): void {
  if (lane.isBehind) {
    return;
  }
  if (lineLength(lane) >= readyMax) {
    lane.isBehind = true;
    lane.cursor = offset - 1;
    return;
  }
  pushReady(lane, offset, now);
}

/** How much of its room a lane uses. */
export function lineLength({ ready, superseded }: Lane): number {
  return ready.length + superseded.size;
}

export function pushReady(lane: Lane, offset: Offset, now: number): void {
  if (lane.ready.length === 0) {
    lane.readySince = now;
  }
  lane.ready.push(offset);
}

/**
 * Returns the offset below which everything live is settled, in `retry`, or in the frozen batch; infinite
 * for a lane that has nothing.
 */
export function settledBelow(lane: Lane): Offset {
  return Math.min(
    ...lane.inFlight,
    ...lane.superseded,
    lane.ready.peek() ?? Infinity,
    lane.batch?.offsets[0] ?? Infinity,
    lane.isBehind ? lane.cursor + 1 : Infinity,
    lane.refusedAfter + 1,
  );
}

/** Returns the row that finds the lane again after a crash. */
export function rowOf(lane: Lane, routedTo: Offset): LaneRow {
  return {
    endpoint: lane.endpoint,
    position: Math.min(settledBelow(lane) - 1, routedTo),
    hold: lane.hold,
    batch: lane.batch,
  };
}

/**
 * Whether order matters: the lane has one request out at a time, and the next one waits until the outcome is
 * durable.
 */
export function keepsOrder({ route }: Pick<Lane, "route">): boolean {
  return route.contract.discipline !== "each";
}

/** Whether a lane must be found again although it is not lagging. */
export function needsRow(lane: Lane): boolean {
  const isPaused = lane.route.state === "paused" && settledBelow(lane) !== Infinity;
  return lane.hold !== undefined || lane.batch !== undefined || isPaused;
}

/** Whether the store refused what became of the lane: its owner does not know any more where it stands. */
export function isRefused(lane: Lane): boolean {
  return lane.refusedAfter !== Infinity;
}

/** The code of what stopped the lane until a person does something; undefined: nothing did. */
export function faultOf(lane: Lane): string | undefined {
  return isRefused(lane) ? FACTS_REFUSED : (lane.attention ?? lane.route.fault);
}

/** Whether nothing of the lane needs to stay in memory; that it was stopped is kept nowhere else. */
export function isIdle(lane: Lane): boolean {
  return (
    settledBelow(lane) === Infinity &&
    lane.requestsOut === 0 &&
    lane.retriesInFlight.size === 0 &&
    lane.due.size === 0 &&
    lane.cursors.size === 0 &&
    lane.retries <= 0 &&
    lane.cancelled.size === 0 &&
    !lane.isReading &&
    !lane.isGreetingDue &&
    lane.attention === undefined &&
    !needsRow(lane)
  );
}

/** Takes a retry that waited off the count, once, of what a replay has delivered. */
export function takeOff(lane: Lane, offset: Offset): void {
  if (lane.replayed.get(offset) === "counted") {
    lane.replayed.set(offset, "taken_off");
    lane.retries -= 1;
  }
}

/** Takes a live delivery out of the line; one the lane has not come to yet is passed over when it does. */
export function dropReady(lane: Lane, offset: Offset, routedTo: Offset): void {
  lane.ready.remove(offset);
  forgetNewest(lane.newest, offset);
  if ((lane.isBehind && offset > lane.cursor) || offset > routedTo) {
    lane.cancelled.add(offset);
  }
}

/**
 * Whether disabling the endpoint ended what is on its way. A retry or a replay has then been taken out of
 * flight; a replay that was asked for since goes on.
 */
export function isAbandoned(lane: Lane, { offsets, retry }: Item): boolean {
  return retry === undefined
    ? (offsets.at(-1) ?? 0) <= lane.route.abandonedTo
    : !lane.retriesInFlight.has(retryKey(retry));
}

/** Puts back what was taken and could not be tried: it stands where it stood. */
export function putBack(lane: Lane, { offsets, retry }: Item): void {
  if (keepsOrder(lane)) {
    lane.requestsOut -= 1;
  }
  if (retry !== undefined) {
    putRetryBack(lane, retry);
    return;
  }
  // A frozen batch is not taken out of its place. What is left of one that was parted is frozen no longer.
  if (lane.batch?.offsets.length === offsets.length) {
    return;
  }
  const { abandonedTo } = lane.route;
  const waiting = offsets.filter((offset) => offset > abandonedTo && !lane.cancelled.delete(offset));
  for (const offset of offsets) {
    lane.inFlight.delete(offset);
  }
  lane.ready.putBack(waiting);
}

function putRetryBack(lane: Lane, retry: Retry): void {
  const key = retryKey(retry);
  if (!lane.retriesInFlight.delete(key)) {
    // It was abandoned.
    return;
  }
  if (retry.cursor === LIVE && lane.cancelled.delete(retry.offset)) {
    // A replay has delivered it.
    lane.retries -= 1;
    return;
  }
  lane.due.set(key, retry);
}

/** Milliseconds that each request takes up: what the endpoint allows or its receiver wants, if slower. */
export function paceMs({ route, welcome }: Lane): number {
  return Math.max(route.policy.paceMs, welcome?.paceMs ?? 0);
}

/** Names a retry within its lane. */
export function retryKey({ cursor, offset }: { cursor: Cursor; offset: Offset }): string {
  return `${cursor}/${offset}`;
}
