import type { LaneView } from "./engine.ts";
import { faultOf } from "./lane.ts";
import type { LeaseState } from "./lease-state.ts";

// It stops every lane of the lease, until its owner starts anew.
const LEASE_STOPPED = "lease_stopped";

/** Says what a lane does right now; undefined for an idle one. */
export function laneView(state: LeaseState, endpoint: number): LaneView | undefined {
  const lane = state.lanes.get(endpoint);
  if (lane === undefined) {
    return undefined;
  }
  const { hold, batch, ready, inFlight } = lane;
  const fault = state.isStopped ? LEASE_STOPPED : faultOf(lane);
  // The members of a frozen batch are counted, whether or not the lane has read past them.
  const readTo = Math.max(lane.cursor, batch?.offsets.at(-1) ?? 0);
  const isBehind = lane.isBehind && readTo < state.routedTo;
  return {
    waiting: ready.length + inFlight.size + (batch?.offsets.length ?? 0),
    retries: lane.retries - lane.replays,
    behindAfter: isBehind ? readTo : undefined,
    inFlight: lane.requestsOut,
    needsAttention: fault !== undefined,
    heldSince: hold?.since,
    reason: fault ?? hold?.reason ?? batch?.reason,
    nextProbeAt: fault === undefined ? (hold?.until ?? batch?.dueAt) : undefined,
  };
}

/** Finds the endpoints that wait until a person does something. */
export function stoppedEndpoints(state: LeaseState): readonly number[] {
  return [...state.lanes.keys()].filter((endpoint) => laneView(state, endpoint)?.needsAttention === true);
}
