import { LIVE, type Retry } from "../model/delivery.ts";
import { currentVersion } from "../model/endpoint.ts";
import { isDue } from "./due.ts";
import { isAtRest } from "./hold-end.ts";
import { faultOf, type Item, keepsOrder, type Lane, paceMs } from "./lane.ts";
import type { Limits } from "./limits.ts";
import { fullAtBy, sendableAt } from "./pace.ts";
import { hasReplayed, isLiveHeld, isPausedRetry, LIVE_A_REPLAYED, takeReplayed } from "./take-replayed.ts";
import { isGreeted } from "./welcome.ts";

/** What a lane can send now; or when to look again; or neither, until something happens. */
export type Turn =
  | Item
  | { readonly greets: true }
  /** Its hold is over, and nothing is left that would show whether the receiver is back. */
  | { readonly endsHold: true }
  | { readonly wakeAt: number }
  | undefined;

export type UnflushedLimits = Pick<Limits, "unflushedPerLaneMax" | "unflushedPerSlotMax">;
export type TakeLimits = UnflushedLimits & Pick<Limits, "retriesPerLaneMax">;

/**
 * Takes the next delivery or batch out of a lane, if its contract's discipline and its limits allow one
 * now.
 */
export function take(lane: Lane, now: number, limits: TakeLimits): Turn {
  const { state, policy, contract } = lane.route;
  const isStopped = faultOf(lane) !== undefined;
  if (state !== "enabled" || isStopped || lane.stopsWaiting > 0) {
    return undefined;
  }
  // A held lane is probed by one request; the others follow when it went well.
  const slots =
    lane.hold === undefined ? Math.min(policy.maxInFlight, Math.floor(lane.concurrency.slots)) : 1;
  if (lane.requestsOut >= slots || lane.isGreeting) {
    return undefined;
  }
  const isUngreeted = !isGreeted(lane.route, lane.welcome, now);
  if (isUngreeted && lane.isGreetingDue) {
    return takeGreeting(lane);
  }
  // The probe of a lane whose greeting was refused is another greeting, whether or not something waits.
  const hasProbe = hasWork(lane) || (isUngreeted && lane.hold !== undefined);
  const isHeldForNothing = lane.hold !== undefined && isAtRest(lane);
  const pace = paceMs(lane);
  lane.bucketFullAt = fullAtBy({ fullAt: lane.bucketFullAt, now, paceMs: pace });
  const mayBeSentAt = sendableAt({ fullAt: lane.bucketFullAt, paceMs: pace });
  const waitUntil = Math.max(lane.hold?.until ?? 0, mayBeSentAt);
  if (!isDue(waitUntil, now)) {
    return hasProbe || isHeldForNothing ? { wakeAt: waitUntil } : undefined;
  }
  if (isUngreeted) {
    return hasProbe ? takeGreeting(lane) : undefined;
  }
  if (isHeldForNothing) {
    return { endsHold: true };
  }
  switch (contract.discipline) {
    case "each":
      return unflushedOf(lane) < unflushedMaxOf(lane, limits)
        ? takeEach(lane, now, { slots, retriesMax: limits.retriesPerLaneMax })
        : undefined;
    case "ordered":
      if (isHeadUnread(lane)) {
        return undefined;
      }
      return takeAgain(lane, now, slots) ?? (isLiveHeld(lane) ? undefined : takeReady(lane, 1));
    case "batched":
      return takeAgain(lane, now, slots) ?? (isLiveHeld(lane) ? undefined : takeBatch(lane, now));
  }
}

/** How many outcomes may wait to be durable where a lane sends several at a time. */
export function unflushedMaxOf({ route }: Lane, limits: UnflushedLimits): number {
  return Math.min(limits.unflushedPerLaneMax, limits.unflushedPerSlotMax * route.policy.maxInFlight);
}

/** Outcomes that are not durable: a crash repeats them. */
export function unflushedOf({ inFlight, retriesInFlight, requestsOut }: Lane): number {
  return inFlight.size + retriesInFlight.size - requestsOut;
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
  return lane.ready.length > 0 || lane.due.size > 0 || lane.batch !== undefined || hasReplayed(lane);
}

interface EachLimits {
  readonly slots: number;
  readonly retriesMax: number;
}

/** Takes from the live cursor first, but for one of a replay of a range now and then. */
function takeEach(lane: Lane, now: number, { slots, retriesMax }: EachLimits): Turn {
  if (lane.liveSinceReplayed < LIVE_A_REPLAYED) {
    const live = takeLive(lane, retriesMax);
    lane.liveSinceReplayed += 1;
    if (live !== undefined) {
      return live;
    }
  }
  lane.liveSinceReplayed = 0;
  const replayed = takeReplayed(lane, now, slots);
  return replayed !== undefined && "offsets" in replayed
    ? replayed
    : (takeLive(lane, retriesMax) ?? replayed);
}

function takeLive(lane: Lane, retriesMax: number): Item | undefined {
  // What is in flight may become a retry. What a replay has delivered leaves the line when that is durable.
  const next = lane.ready.peek();
  const isReadyAllowed =
    next !== undefined && !lane.replayed.has(next) && lane.retries + lane.inFlight.size < retriesMax;
  const isDueNext = lane.due.size > 0 && !(lane.retryWentLast && isReadyAllowed);
  const due = isDueNext ? takeDue(lane) : undefined;
  lane.retryWentLast = due !== undefined;
  return due ?? (isReadyAllowed ? takeReady(lane, 1) : undefined);
}

/** Where order matters, what a person wants again goes before what is live. */
function takeAgain(lane: Lane, now: number, slots: number): Turn {
  return takeDue(lane) ?? takeReplayed(lane, now, slots);
}

/** Whether a replay has delivered what is to be tried again, which may not be durable yet. */
function isReplayed({ replayed }: Lane, { cursor, offset }: Retry): boolean {
  return cursor === LIVE && replayed.has(offset);
}

/** Takes a retry or a replay that is due. */
function takeDue(lane: Lane): Item | undefined {
  const first = lane.due
    .entries()
    .find(([, retry]) => !isPausedRetry(lane, retry) && !isReplayed(lane, retry));
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
  // What was passed over comes back after a crash unless that is durable: where order matters, nothing goes
  // past it before (invariant 3).
  const before = keepsOrder(lane) ? Math.min(...lane.superseded) : Infinity;
  const offsets = lane.ready.take(count, before);
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
    if (!isDue(batch.dueAt, now)) {
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
  return lane.ready.length < limits.eventsMax && !lane.isBehind && !isDue(closesAt, now)
    ? { wakeAt: closesAt }
    : takeReady(lane, limits.eventsMax);
}
