import { LIVE } from "../model/delivery.ts";
import type { Endpoint, EndpointVersion } from "../model/endpoint.ts";
import { abandonedUpTo } from "../model/endpoint.ts";
import type { Change } from "./flusher.ts";
import { isIdle, type Lane, rowOf, settledBelow } from "./lane.ts";
import type { LeaseState } from "./lease-state.ts";
import type { RetryWindow } from "./retry-window.ts";

/**
 * Records that the owner applied the changes of an endpoint; where one of them disabled or deleted it,
 * everything it was owed until then becomes a gap. Memory forgets at once, so that nothing more is sent.
 */
export function changeApplied(
  state: LeaseState,
  window: RetryWindow,
  { endpoint, ended, now }: { endpoint: Endpoint; ended: EndpointVersion | undefined; now: number },
): Change {
  const lane = state.lanes.get(endpoint.number);
  const from = Math.min(
    lane === undefined ? Number.POSITIVE_INFINITY : settledBelow(lane),
    state.routedTo + 1,
  );
  const to = abandonedUpTo(endpoint);
  const change = endpoint.versions.at(-1)?.change ?? 0;
  const hadRow = lane?.row !== undefined;
  if (ended !== undefined && lane !== undefined) {
    forget(lane, window, to);
  }

  return {
    contribute(facts) {
      facts.changesApplied = Math.max(facts.changesApplied, change);
      if (ended === undefined) {
        return;
      }
      const reason = ended.state === "deleted" ? "cancelled" : "disabled";
      facts.abandoned.push({ endpoint: endpoint.number, from, to, reason, at: now });
      if (lane !== undefined && hadRow && !isIdle(lane)) {
        // The checkpoint may have passed what the lane is owed since: it keeps a row.
        lane.row = rowOf(lane, state.routedTo);
        facts.lanes.push(lane.row);
      } else {
        facts.releasedLanes.push(endpoint.number);
      }
    },
    applied() {
      state.changesApplied = Math.max(state.changesApplied, change);
      if (ended !== undefined && lane !== undefined && !(hadRow && lane.row !== undefined)) {
        lane.row = undefined;
      }
    },
  };
}

function forget(lane: Lane, window: RetryWindow, to: number): void {
  lane.ready.filter((offset) => offset > to);
  for (const [key, { offset }] of lane.due) {
    if (offset <= to) {
      lane.due.delete(key);
    }
  }
  window.removeEndpoint(lane.endpoint, to);
  lane.hold = undefined;
  lane.batch = undefined;
  lane.cursor = Math.max(lane.cursor, to);
  // What is still in flight settles by itself; what waits beyond the window is counted anew when it comes in.
  lane.retries = lane.due.size;
  lane.replays = [...lane.due.values()].filter(({ cursor }) => cursor !== LIVE).length;
}
