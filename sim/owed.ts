import type { Contract } from "@posthorn/contracts/contract";
import type { Facts } from "../server/src/facts.ts";
import { type Endpoint, versionAt } from "../server/src/model/endpoint.ts";
import type { StoredEvent } from "../server/src/model/event.ts";

/**
 * Says whether an endpoint was owed an event when it was accepted; written anew, not to repeat the engine's
 * mistakes.
 */
export function wasOwedTo(endpoint: Endpoint, contract: Contract, event: StoredEvent): boolean {
  if (endpoint.tenant !== event.tenant) {
    return false;
  }
  const version = versionAt(endpoint, event.offset);
  if (version?.state !== "enabled" && version?.state !== "paused") {
    return false;
  }
  if (event.to !== undefined) {
    return event.to === endpoint.number;
  }
  const isWanted =
    version.eventTypes === undefined || version.eventTypes.some((glob) => expression(glob).test(event.type));
  const isKnown =
    contract.catalogue.kind === "open" ||
    contract.catalogue.eventTypes.some(({ name }) => name === event.type);
  return isWanted && isKnown;
}

/** A receiver is what it was, though its lane goes on from elsewhere. */
export function endsFailing({ reason }: Facts["abandoned"][number]): boolean {
  return reason === "disabled" || reason === "cancelled";
}

/** Whether what waits has ended with the endpoint as it was, and that is not stored yet. */
export function isEnding({ versions }: Endpoint, changesApplied: number): boolean {
  return versions.some(
    ({ change, state }) => change > changesApplied && (state === "disabled" || state === "deleted"),
  );
}

function expression(glob: string): RegExp {
  const parts = glob.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s");
}

/** Whether an endpoint was changed, and its lane need not wait since, and that is not stored yet. */
export function isChanging({ versions }: Endpoint, changesApplied: number): boolean {
  return versions.some(({ change }) => change > changesApplied);
}
