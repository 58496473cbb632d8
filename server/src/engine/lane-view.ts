import type { LaneView } from "./engine.ts";
import type { LeaseState } from "./lease-state.ts";

/** Says what a lane does right now; undefined for an idle one. */
export function laneView(state: LeaseState, endpoint: number): LaneView | undefined {
  const lane = state.lanes.get(endpoint);
  if (lane === undefined) {
    return undefined;
  }
  const { hold, batch, ready, inFlight, route } = lane;
  const fault = lane.attention ?? route.fault;
  const isBehind = lane.isBehind && lane.cursor < state.routedTo;
  return {
    waiting: ready.length + inFlight.size + (batch?.offsets.length ?? 0),
    behindAfter: isBehind ? lane.cursor : undefined,
    inFlight: lane.requestsOut,
    needsAttention: fault !== undefined,
    heldSince: hold?.since,
    reason: fault ?? hold?.reason ?? batch?.reason,
    nextProbeAt: fault === undefined ? (hold?.until ?? batch?.dueAt) : undefined,
  };
}
