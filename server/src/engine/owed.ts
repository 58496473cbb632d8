import type { Contract } from "@posthorn/contracts/contract.ts";
import { type Endpoint, versionAt } from "../model/endpoint.ts";
import type { EventMeta } from "../model/event.ts";
import { isSubscribed } from "../model/subscription.ts";

/**
 * Says whether an endpoint was owed an event when it was accepted: by the version in force at its offset.
 * What it is not owed any more, because it was disabled since, is for the caller to add. A contract that
 * this installation does not have owes every type.
 */
export function wasOwed(
  { endpoint, contract }: { readonly endpoint: Endpoint; readonly contract: Contract | undefined },
  event: EventMeta,
): boolean {
  const version = versionAt(endpoint, event.offset);
  if (version === undefined || version.state === "disabled" || version.state === "deleted") {
    return false;
  }
  if (event.to !== undefined) {
    return event.to === endpoint.number;
  }
  return isSubscribed(version.eventTypes, event.type) && isInCatalogue(contract, event.type);
}

/** Says whether a contract's endpoints are owed a type at all: a closed catalogue has every one there is. */
export function isInCatalogue(contract: Contract | undefined, type: string): boolean {
  const catalogue = contract?.catalogue;
  return catalogue?.kind !== "closed" || catalogue.eventTypes.some(({ name }) => name === type);
}
