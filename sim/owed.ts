import type { Contract } from "@posthorn/contracts/contract.ts";
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

function expression(glob: string): RegExp {
  const parts = glob.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s");
}
