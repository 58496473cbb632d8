import type { Cursor, FrozenBatch, Hold, LaneRow, Retry } from "../model/delivery.ts";
import { LIVE } from "../model/delivery.ts";
import { currentVersion } from "../model/endpoint.ts";
import type { Offset } from "../model/offset.ts";
import type { FailureRun } from "./failure-run.ts";
import { forgetNewest, type NewestByKey } from "./newest.ts";
import { createOffsetQueue, type OffsetQueue } from "./offset-queue.ts";
import { fullAtBy, sendableAt } from "./pace.ts";
import type { Route } from "./routes.ts";
import { isGreeted, type Welcome } from "./welcome.ts";

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
  /** How many requests its receiver stands, with a fraction; at first more than its endpoint allows. */
  slots: number;
  /** Retries and replays that are due and wait for their turn, by `retryKey`. */
  readonly due: Map<string, Retry>;
  /** Retries and replays stored for this lane, waiting, due or in flight; of them, replays. */
  retries: number;
  replays: number;
  hold: Hold | undefined;
  /** Failures in a row. */
  failures: FailureRun | undefined;
  /** Answers that hold or disable and wait for a flush to begin: nothing is sent until they take effect. */
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
  /** Whether it stands in the dispatcher's line. */
  isQueued: boolean;
  /** When the dispatcher looks again by itself. */
  wakeAt: number;
  /** Whether a retry went last, so that new deliveries go next. */
  retryWentLast: boolean;
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
  /** The row in `retry` that this settles or renews. */
  readonly retry: Retry | undefined;
}

export function createLane(route: Route, settledTo: Offset): Lane {
  return {
    endpoint: route.endpoint.number,
    route,
    ready: createOffsetQueue(),
    readySince: 0,
    inFlight: new Set(),
    retriesInFlight: new Map(),
    requestsOut: 0,
    slots: Number.POSITIVE_INFINITY,
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
    welcome: undefined,
    isGreeting: false,
    greetedChange: 0,
    isGreetingDue: false,
    bucketFullAt: 0,
    row: undefined,
    storedRow: undefined,
    attention: undefined,
    refusedAfter: Number.POSITIVE_INFINITY,
    isQueued: false,
    wakeAt: Number.POSITIVE_INFINITY,
    retryWentLast: false,
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
    lane.ready.peek() ?? Number.POSITIVE_INFINITY,
    lane.batch?.offsets[0] ?? Number.POSITIVE_INFINITY,
    lane.isBehind ? lane.cursor + 1 : Number.POSITIVE_INFINITY,
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

/** Whether a lane must be found again although it is not lagging. */
export function needsRow(lane: Lane): boolean {
  const isPaused = lane.route.state === "paused" && settledBelow(lane) !== Number.POSITIVE_INFINITY;
  return lane.hold !== undefined || lane.batch !== undefined || isPaused;
}

/** Whether the store refused what became of the lane: its owner does not know any more where it stands. */
export function isRefused(lane: Lane): boolean {
  return lane.refusedAfter !== Number.POSITIVE_INFINITY;
}

/** Whether nothing of the lane needs to stay in memory. */
export function isIdle(lane: Lane): boolean {
  return (
    settledBelow(lane) === Number.POSITIVE_INFINITY &&
    lane.requestsOut === 0 &&
    lane.retriesInFlight.size === 0 &&
    lane.due.size === 0 &&
    lane.retries <= 0 &&
    lane.cancelled.size === 0 &&
    !lane.isReading &&
    !lane.isGreetingDue &&
    !needsRow(lane)
  );
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
  if (lane.route.contract.discipline !== "each") {
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

/** What a lane can send now; or when to look again; or neither, until something happens. */
export type Turn = Item | { readonly greets: true } | { readonly wakeAt: number } | undefined;

/**
 * Takes the next delivery or batch out of a lane, if its contract's discipline and its limits allow one
 * now.
 */
export function take(lane: Lane, now: number, retriesMax: number): Turn {
  const { state, fault, policy, contract } = lane.route;
  const isStopped = fault !== undefined || lane.attention !== undefined || isRefused(lane);
  if (state !== "enabled" || isStopped || lane.stopsWaiting > 0) {
    return undefined;
  }
  // A held lane is probed by one request; the others follow when it went well.
  const slots = lane.hold === undefined ? Math.min(policy.maxInFlight, Math.floor(lane.slots)) : 1;
  if (lane.requestsOut >= slots || lane.isGreeting) {
    return undefined;
  }
  const isUngreeted = !isGreeted(lane.route, lane.welcome, now);
  if (isUngreeted && lane.isGreetingDue) {
    return takeGreeting(lane);
  }
  // The probe of a lane whose greeting was refused is another greeting, whether or not something waits.
  const hasProbe = hasWork(lane) || (isUngreeted && lane.hold !== undefined);
  const pace = paceMs(lane);
  lane.bucketFullAt = fullAtBy({ fullAt: lane.bucketFullAt, now, paceMs: pace });
  const mayBeSentAt = sendableAt({ fullAt: lane.bucketFullAt, paceMs: pace });
  const waitUntil = Math.max(lane.hold?.until ?? 0, mayBeSentAt);
  if (waitUntil > now) {
    return hasProbe ? { wakeAt: waitUntil } : undefined;
  }
  if (isUngreeted) {
    return hasProbe ? takeGreeting(lane) : undefined;
  }
  switch (contract.discipline) {
    case "each":
      return takeEach(lane, retriesMax);
    case "ordered":
      if (isHeadUnread(lane)) {
        return undefined;
      }
      return takeReplay(lane) ?? (lane.replays > 0 ? undefined : takeReady(lane, 1));
    case "batched":
      return takeReplay(lane) ?? (lane.replays > 0 ? undefined : takeBatch(lane, now));
  }
}

function takeGreeting(lane: Lane): Turn {
  lane.isGreeting = true;
  lane.isGreetingDue = false;
  lane.greetedChange = currentVersion(lane.route.endpoint).change;
  lane.requestsOut += 1;
  return { greets: true };
}

/**
 * Whether it is not known yet which delivery the requests were made for that a hold counts. A replay may
 * deliver just that one, and then the next has not been tried.
 */
function isHeadUnread({ hold, isBehind, ready }: Lane): boolean {
  return hold !== undefined && hold.requests > 0 && isBehind && ready.length === 0;
}

function hasWork(lane: Lane): boolean {
  return lane.ready.length > 0 || lane.due.size > 0 || lane.batch !== undefined;
}

function takeEach(lane: Lane, retriesMax: number): Turn {
  // What is in flight may become a retry.
  const isReadyAllowed = lane.ready.length > 0 && lane.retries + lane.inFlight.size < retriesMax;
  if (lane.due.size > 0 && !(lane.retryWentLast && isReadyAllowed)) {
    lane.retryWentLast = true;
    return takeReplay(lane);
  }
  lane.retryWentLast = false;
  return isReadyAllowed ? takeReady(lane, 1) : undefined;
}

/** Takes a retry or a replay that is due. */
function takeReplay(lane: Lane): Item | undefined {
  const [first] = lane.due;
  if (first === undefined) {
    return undefined;
  }
  const [key, retry] = first;
  lane.due.delete(key);
  lane.retriesInFlight.set(key, retry);
  lane.requestsOut += 1;
  const { cursor, offset, requests, used } = retry;
  return { cursor, offsets: [offset], requests, used, retry };
}

function takeReady(lane: Lane, count: number): Item | undefined {
  const offsets = lane.ready.take(count);
  if (offsets.length === 0) {
    return undefined;
  }
  for (const offset of offsets) {
    lane.inFlight.add(offset);
  }
  lane.requestsOut += 1;
  const requests = lane.route.contract.discipline === "ordered" ? (lane.hold?.requests ?? 0) : 0;
  return { cursor: LIVE, offsets, requests, used: 0, retry: undefined };
}

function takeBatch(lane: Lane, now: number): Turn {
  const { batch } = lane;
  if (batch !== undefined) {
    if (batch.dueAt > now) {
      return { wakeAt: batch.dueAt };
    }
    lane.requestsOut += 1;
    const { offsets, requests, used } = batch;
    return { cursor: LIVE, offsets, requests, used, retry: undefined };
  }
  const limits = lane.route.policy.batch;
  if (lane.ready.length === 0 || limits === undefined) {
    return undefined;
  }
  const closesAt = lane.readySince + limits.waitMs;
  return lane.ready.length < limits.eventsMax && !lane.isBehind && closesAt > now
    ? { wakeAt: closesAt }
    : takeReady(lane, limits.eventsMax);
}

/** Names a retry within its lane. */
export function retryKey({ cursor, offset }: { cursor: Cursor; offset: Offset }): string {
  return `${cursor}/${offset}`;
}
