import type { Contract } from "@posthorn/contracts/contract";
import { isInCatalogue } from "../engine/owed.ts";
import {
  currentVersion,
  type EndpointVersion,
  type EndpointWithoutSecrets,
  versionAt,
} from "../model/endpoint.ts";
import type { EventMeta } from "../model/event.ts";
import { isSubscribed } from "../model/subscription.ts";

/** Why an endpoint was not owed an event. */
export const UNMATCHED_REASONS = [
  "created_later",
  "disabled_then",
  "for_another_endpoint",
  "not_subscribed",
  "not_in_catalogue",
] as const;

export type UnmatchedReason = (typeof UNMATCHED_REASONS)[number];

export interface Unmatched {
  readonly endpoint: EndpointWithoutSecrets;
  /** In force when the event was accepted; undefined: the endpoint was created later. */
  readonly version: EndpointVersion | undefined;
  /** All that hold, never empty. */
  readonly reasons: readonly UnmatchedReason[];
}

/**
 * Says why an endpoint was not owed an event, by the version in force at the event's offset; undefined where
 * it was, or was deleted since: nobody asks for those. Being paused is no reason.
 */
export function unmatchedBy(
  {
    endpoint,
    contract,
  }: { readonly endpoint: EndpointWithoutSecrets; readonly contract: Contract | undefined },
  event: EventMeta,
): Unmatched | undefined {
  if (currentVersion(endpoint).state === "deleted") {
    return undefined;
  }
  const version = versionAt(endpoint, event.offset);
  const isForAll = event.to === undefined;
  const { eventTypes } = version ?? currentVersion(endpoint);
  const found: Readonly<Record<UnmatchedReason, boolean>> = {
    created_later: version === undefined,
    disabled_then: version?.state === "disabled",
    for_another_endpoint: !isForAll && event.to !== endpoint.number,
    not_subscribed: isForAll && !isSubscribed(eventTypes, event.type),
    not_in_catalogue: isForAll && !isInCatalogue(contract, event.type),
  };
  const reasons = UNMATCHED_REASONS.filter((reason) => found[reason]);
  return reasons.length === 0 ? undefined : { endpoint, version, reasons };
}
