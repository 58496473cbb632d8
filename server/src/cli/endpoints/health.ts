import type { ListedEndpoint } from "@posthorn/client/operations";

/** Says how an endpoint is, since when, and why: in the words in which the dashboard does. */
export function healthOf({ state, state_reason, lane }: ListedEndpoint): string {
  if (state !== "enabled") {
    return because(state, state_reason);
  }
  if (lane === undefined) {
    return state;
  }
  if (lane.needs_attention) {
    return because("stopped", lane.reason);
  }
  if (lane.held_since !== null) {
    return because(`held since ${lane.held_since}`, lane.reason);
  }
  return lane.failing_since === null ? state : `failing since ${lane.failing_since}`;
}

function because(what: string, why: string | null): string {
  return why === null ? what : `${what}: ${why}`;
}
