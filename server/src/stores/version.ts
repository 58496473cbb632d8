import { currentVersion, type Endpoint, type EndpointVersion } from "../model/endpoint.ts";
import type { Offset } from "../model/offset.ts";
import type { EndpointChange } from "../registry.ts";

/** A place in the log that a change took. */
export interface ChangePlace {
  readonly since: Offset;
  readonly change: number;
}

/** What a version may differ in from the one before it; absent members stay as they are. */
export type VersionChange = Pick<EndpointChange, "state" | "reason" | "eventTypes">;

/** Whether no change of an endpoint is newer than the one that was seen. */
export function isAsSeen(endpoint: Endpoint, seen: number | undefined): boolean {
  return seen === undefined || currentVersion(endpoint).change === seen;
}

/** Whether a change puts an endpoint into another state: only then what it raises has happened. */
export function entersState(endpoint: Endpoint, { state }: VersionChange): boolean {
  return state !== undefined && state !== currentVersion(endpoint).state;
}

/** Returns the version that a change makes of an endpoint's current one. */
export function nextVersion(endpoint: Endpoint, change: VersionChange, place: ChangePlace): EndpointVersion {
  const current = currentVersion(endpoint);
  const eventTypes = change.eventTypes ?? current.eventTypes;
  return {
    ...place,
    state: change.state ?? current.state,
    reason: "reason" in change ? change.reason : current.reason,
    eventTypes: eventTypes === "all" ? undefined : eventTypes,
  };
}
