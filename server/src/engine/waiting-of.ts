import { timeOfOffset } from "../model/offset.ts";
import type { Standing } from "./engine.ts";
import { faultOf, type Lane, settledBelow } from "./lane.ts";
import { laneView } from "./lane-view.ts";
import type { LeaseState } from "./lease-state.ts";
import type { RetryWindow } from "./retry-window.ts";

export type Waiting = Omit<Standing, "inFlight">;

/** Counts what waits in memory and in `retry`, and finds since when the oldest of what is due has been. */
export function waitingOf(state: LeaseState, window: Pick<RetryWindow, "nextDueAt">, now: number): Waiting {
  const { endpoints, oldest, ...counted } = waitingIn(state, [...state.lanes.values()]);
  let { deliveriesWaiting } = counted;
  for (const { endpoint, live, replays } of state.retryCounts.values()) {
    deliveriesWaiting += live + replays;
    endpoints.add(endpoint);
  }
  const oldestDueAt = dueBy(now, Math.min(oldest, window.nextDueAt() ?? Infinity));
  return { ...counted, endpointsWaiting: endpoints.size, deliveriesWaiting, oldestDueAt };
}

/**
 * Counts the same of one tenant, with what is on its way; retries that were stored before this owner count
 * once their lane has something to do.
 */
export function standingOfTenant(state: LeaseState, tenant: number, now: number): Standing {
  const lanes = [...state.lanes.values()].filter(({ route }) => route.tenant.number === tenant);
  const { endpoints, oldest, ...counted } = waitingIn(state, lanes);
  const inFlight = lanes.reduce((sum, { requestsOut }) => sum + requestsOut, 0);
  return { ...counted, inFlight, endpointsWaiting: endpoints.size, oldestDueAt: dueBy(now, oldest) };
}

function waitingIn(state: LeaseState, lanes: readonly Lane[]) {
  const endpoints = new Set<number>();
  let deliveriesWaiting = 0;
  let lanesHeld = 0;
  let lanesStopped = 0;
  let oldest = Infinity;
  for (const lane of lanes) {
    const { waiting = 0, behindAfter, needsAttention, heldSince } = laneView(state, lane.endpoint) ?? {};
    deliveriesWaiting += waiting + lane.retries;
    if (waiting + lane.retries > 0 || behindAfter !== undefined) {
      endpoints.add(lane.endpoint);
    }
    lanesStopped += needsAttention === true ? 1 : 0;
    lanesHeld += needsAttention !== true && heldSince !== undefined ? 1 : 0;
    oldest = Math.min(oldest, dueSince(lane));
  }
  return { endpoints, deliveriesWaiting, lanesHeld, lanesStopped, oldest };
}

function dueBy(now: number, at: number): number | undefined {
  return at <= now ? at : undefined;
}

/** Since when a lane could have sent what it has not: what is paused or stopped waits for a person. */
function dueSince(lane: Lane): number {
  if (lane.route.state !== "enabled" || faultOf(lane) !== undefined) {
    return Infinity;
  }
  const retries = [...lane.due.values()].map(({ dueAt }) => dueAt);
  const first = settledBelow(lane);
  const acceptedAt = first === Infinity ? first : timeOfOffset(first);
  const waitsUntil = lane.hold?.until ?? lane.batch?.dueAt ?? 0;
  return Math.max(waitsUntil, Math.min(acceptedAt, ...retries));
}
