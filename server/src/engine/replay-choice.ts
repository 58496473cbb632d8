import type { DeliveryState } from "../model/delivery.ts";
import { type StoredFacts, standingOf } from "../model/delivery-state.ts";
import type { EventMeta } from "../model/event.ts";
import type { ReplayChoice } from "../model/range-replay.ts";
import { cameWhileDisabled, type Owing, wasOwed } from "./owed.ts";

/**
 * Where an event and an endpoint stand for a replay. `missed`: it was owed, and disabling or skipping ended
 * that; or it came while the endpoint was disabled. `superseded`: something newer went in its place.
 * `not_owed`: the endpoint never wanted it.
 */
export type Whereabouts = DeliveryState | "missed" | "superseded" | "not_owed";

export function whereaboutsOf(owing: Owing, event: EventMeta, facts: StoredFacts): Whereabouts {
  if (wasOwed(owing, event)) {
    const { state, reason } = standingOf(facts, event.offset);
    if (reason === "superseded") {
      return reason;
    }
    return reason === "disabled" || reason === "skipped" ? "missed" : state;
  }
  if (facts.attempts.some(({ verdict }) => verdict === "delivered")) {
    return "delivered";
  }
  return cameWhileDisabled(owing, event) ? "missed" : "not_owed";
}

/** Says whether a replay delivers it. What the live lane has yet to come to is not taken from it. */
export function isChosen(only: ReplayChoice, whereabouts: Whereabouts): boolean {
  switch (only) {
    case "dead":
    case "missed":
      return whereabouts === only;
    case "undelivered":
      return whereabouts !== "delivered" && whereabouts !== "superseded" && isChosen("all", whereabouts);
    case "all":
      return whereabouts !== "pending" && whereabouts !== "not_owed";
  }
}
