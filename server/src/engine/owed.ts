import type { Contract } from "@posthorn/contracts/contract";
import { type EndpointVersion, type EndpointWithoutSecrets, versionAt } from "../model/endpoint.ts";
import type { EventMeta } from "../model/event.ts";
import type { Offset } from "../model/offset.ts";
import { isSubscribed } from "../model/subscription.ts";

/** An endpoint with its contract; undefined: this installation does not have it. */
export interface Owing {
  readonly endpoint: EndpointWithoutSecrets;
  readonly contract: Contract | undefined;
}

/**
 * Says whether an endpoint was owed an event when it was accepted: by the version in force at its offset.
 * What it is not owed any more, because it was disabled since, is for the caller to add. A contract that
 * this installation does not have owes every type.
 */
export function wasOwed({ endpoint, contract }: Owing, event: EventMeta): boolean {
  const version = versionAt(endpoint, event.offset);
  if (version === undefined || version.state === "disabled" || version.state === "deleted") {
    return false;
  }
  return isMeant({ version, contract, endpoint }, event);
}

/** Says whether an event came while the endpoint was disabled, which else would have been owed it. */
export function cameWhileDisabled({ endpoint, contract }: Owing, event: EventMeta): boolean {
  const version = versionAt(endpoint, event.offset);
  return version?.state === "disabled" && isMeant({ version, contract, endpoint }, event);
}

/**
 * Returns the types (names or globs) that an endpoint may be owed after an offset, by the versions in force
 * since; undefined: any. Whether it is owed an event, `wasOwed` says.
 */
export function typesOwedAfter({ endpoint, contract }: Owing, after: Offset): readonly string[] | undefined {
  const catalogue = contract?.catalogue;
  const all = catalogue?.kind === "closed" ? catalogue.eventTypes.map(({ name }) => name) : undefined;
  const current = versionAt(endpoint, after);
  const types = new Set<string>();
  for (const version of endpoint.versions) {
    const isInForce = version === current || version.since > after;
    if (isInForce && version.state !== "disabled" && version.state !== "deleted") {
      const own = version.eventTypes ?? all;
      if (own === undefined) {
        return undefined;
      }
      own.forEach((type) => types.add(type));
    }
  }
  return [...types];
}

function isMeant(
  { endpoint, contract, version }: Owing & { readonly version: EndpointVersion },
  event: EventMeta,
): boolean {
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
