import { timeOfOffset } from "../model/offset.ts";
import type { EngineStats } from "./engine.ts";
import { faultOf, type Lane, settledBelow } from "./lane.ts";
import { laneView } from "./lane-view.ts";
import type { LeaseState } from "./lease-state.ts";
import type { RetryWindow } from "./retry-window.ts";

export type Waiting = Pick<
  EngineStats,
  "endpointsWaiting" | "deliveriesWaiting" | "lanesHeld" | "lanesStopped" | "oldestDueAt"
>;

/** Counts what waits in memory and in `retry`, and finds since when the oldest of what is due has been. */
export function waitingOf(state: LeaseState, window: Pick<RetryWindow, "nextDueAt">, now: number): Waiting {
  const endpoints = new Set<number>();
  let deliveriesWaiting = 0;
  let lanesHeld = 0;
  let lanesStopped = 0;
  let oldest = window.nextDueAt() ?? Number.POSITIVE_INFINITY;
  for (const [endpoint, lane] of state.lanes) {
    const { waiting = 0, behindAfter, needsAttention, heldSince } = laneView(state, endpoint) ?? {};
    deliveriesWaiting += waiting + lane.retries;
    if (waiting + lane.retries > 0 || behindAfter !== undefined) {
      endpoints.add(endpoint);
    }
    lanesStopped += needsAttention === true ? 1 : 0;
    lanesHeld += needsAttention !== true && heldSince !== undefined ? 1 : 0;
    oldest = Math.min(oldest, dueSince(lane));
  }
  for (const { endpoint, live, replays } of state.retryCounts.values()) {
    deliveriesWaiting += live + replays;
    endpoints.add(endpoint);
  }
  const oldestDueAt = oldest <= now ? oldest : undefined;
  return { endpointsWaiting: endpoints.size, deliveriesWaiting, lanesHeld, lanesStopped, oldestDueAt };
}

/** Since when a lane could have sent what it has not: what is paused or stopped waits for a person. */
function dueSince(lane: Lane): number {
  if (lane.route.state !== "enabled" || faultOf(lane) !== undefined) {
    return Number.POSITIVE_INFINITY;
  }
  const retries = [...lane.due.values()].map(({ dueAt }) => dueAt);
  const first = settledBelow(lane);
  const acceptedAt = first === Number.POSITIVE_INFINITY ? first : timeOfOffset(first);
  const waitsUntil = lane.hold?.until ?? lane.batch?.dueAt ?? 0;
  return Math.max(waitsUntil, Math.min(acceptedAt, ...retries));
}
