import type { LaneView } from "./engine.ts";
import { isRefused } from "./lane.ts";
import type { LeaseState } from "./lease-state.ts";

// Codes of what stopped a lane for good, until its owner starts anew.
const FACTS_REFUSED = "facts_refused";
const LEASE_STOPPED = "lease_stopped";

/** Says what a lane does right now; undefined for an idle one. */
export function laneView(state: LeaseState, endpoint: number): LaneView | undefined {
  const lane = state.lanes.get(endpoint);
  if (lane === undefined) {
    return undefined;
  }
  const { hold, batch, ready, inFlight, route } = lane;
  const refused = isRefused(lane) ? FACTS_REFUSED : undefined;
  const fault = (state.isStopped ? LEASE_STOPPED : refused) ?? lane.attention ?? route.fault;
  // The members of a frozen batch are counted, whether or not the lane has read past them.
  const readTo = Math.max(lane.cursor, batch?.offsets.at(-1) ?? 0);
  const isBehind = lane.isBehind && readTo < state.routedTo;
  return {
    waiting: ready.length + inFlight.size + (batch?.offsets.length ?? 0),
    behindAfter: isBehind ? readTo : undefined,
    inFlight: lane.requestsOut,
    needsAttention: fault !== undefined,
    heldSince: hold?.since,
    reason: fault ?? hold?.reason ?? batch?.reason,
    nextProbeAt: fault === undefined ? (hold?.until ?? batch?.dueAt) : undefined,
  };
}
