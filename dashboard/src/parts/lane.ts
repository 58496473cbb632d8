import type { EndpointStatus, ListedEndpoint } from "@posthorn/client/operations";
import { wordsOf } from "../text/strip.ts";

/** A row of a list that was asked for with its lanes. Undefined: it was not. */
export function statusOf(endpoint: ListedEndpoint): EndpointStatus | undefined {
  const { lane, missed } = endpoint;
  return lane === undefined || missed === undefined ? undefined : { ...endpoint, lane, missed };
}

/** How an endpoint is, in one word. */
export function healthOf({ state, lane }: EndpointStatus): string {
  if (state !== "enabled") {
    return state;
  }
  if (lane.needs_attention) {
    return "stopped";
  }
  return lane.held_since !== null ? "held" : lane.failing_since === null ? "enabled" : "failing";
}

const WORST_FIRST = ["stopped", "held", "failing", "disabled", "paused"];

/** Puts first what nobody has decided, and stops most. */
export function byHealth(one: EndpointStatus, other: EndpointStatus): number {
  return WORST_FIRST.indexOf(healthOf(one)) - WORST_FIRST.indexOf(healthOf(other));
}

/** What happens at an endpoint, why, and what comes next: in a sentence. Undefined: all is well. */
export function explanationOf({ state, state_reason, lane, missed }: EndpointStatus): string | undefined {
  const why = lane.reason === null ? "" : ` because of ${wordsOf(lane.reason)}`;
  switch (state) {
    case "paused":
      return "Paused by someone: everything waits and keeps its place until it is resumed.";
    case "disabled":
      return `Disabled${state_reason === null ? "" : `: ${wordsOf(state_reason)}`}. Nothing is owed to it${
        missed > 0 ? ", and what it missed can be recovered" : ""
      }.`;
    case "deleted":
      return "Deleted.";
    case "enabled":
      break;
  }
  if (lane.needs_attention) {
    return `A fault stopped the lane${why}: nothing is sent until somebody mends it and resumes the lane.`;
  }
  if (lane.held_since !== null) {
    return `The lane is held${why}: everything waits, and one delivery is tried until it is taken.`;
  }
  return lane.failing_since === null
    ? undefined
    : "Every request fails. What fails is tried again on its schedule, and its delivery says why.";
}
