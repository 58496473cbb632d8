import type { Offset } from "./offset.ts";
import type { SealedSecret } from "./secret.ts";

/** Of one tenant, deleted ones not counted: lists, routing and each owner's memory know all of them. */
export const ENDPOINTS_MAX = 50_000;

/**
 * `paused` keeps its place and is owed what comes; `disabled` and `deleted` are owed nothing from that
 * offset on.
 */
export type EndpointState = "enabled" | "paused" | "disabled" | "deleted";

/**
 * What makes two events states of one thing, so that the newer one says all that the older one does. Events
 * without a subject are states of nothing.
 */
export type LatestOnlyBy = "subject" | "type_and_subject";

/**
 * What a caller may set on an endpoint and change later. Absent members fall back to the contract's
 * defaults.
 */
export interface EndpointConfig {
  readonly url: string;
  readonly description: string | undefined;
  /** Sent with every request, under the contract's own headers. */
  readonly headers: Readonly<Record<string, string>>;
  readonly maxInFlight: number | undefined;
  readonly ratePerSecond: number | undefined;
  readonly timeoutMs: number | undefined;
  /** Only the newest of what waits is sent; undefined: everything is. */
  readonly latestOnlyBy: LatestOnlyBy | undefined;
  readonly retry: { readonly delaysMs: readonly number[]; readonly jitter: number } | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  /** The contract's own. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The configuration of an endpoint of which nothing but its URL was said. */
export const DEFAULT_CONFIG: Omit<EndpointConfig, "url"> = {
  description: undefined,
  headers: {},
  maxInFlight: undefined,
  ratePerSecond: undefined,
  latestOnlyBy: undefined,
  timeoutMs: undefined,
  retry: undefined,
  metadata: {},
  settings: {},
};

/** Subscription and state in force from an offset on. What an endpoint is owed follows from these alone. */
export interface EndpointVersion {
  readonly since: Offset;
  /** The value of the log's `changes` that this version made. */
  readonly change: number;
  readonly state: EndpointState;
  /** Why it is in this state, where a person or the engine said so: `410`, `by_request`, … */
  readonly reason: string | undefined;
  /** Names or globs; undefined: every type. */
  readonly eventTypes: readonly string[] | undefined;
}

/** A receiver's URL with its contract, subscription, secrets and limits. */
export interface Endpoint {
  readonly number: number;
  /** The tenant's number. */
  readonly tenant: number;
  /** The contract's name, fixed at creation. */
  readonly contract: string;
  readonly config: EndpointConfig;
  /** Newest first. */
  readonly secrets: readonly SealedSecret[];
  /** Oldest first, never empty. */
  readonly versions: readonly EndpointVersion[];
  readonly createdAt: number;
  readonly updatedAt: number;
  /**
   * Why what is stored of it cannot be read, as a code; undefined: it can. What stands here is a stand-in
   * then: it keeps its place and is sent nothing.
   */
  readonly fault?: string | undefined;
}

/** An endpoint for whoever makes no requests to it. */
export type EndpointWithoutSecrets = Omit<Endpoint, "secrets">;

/** The fault of an endpoint that is damaged, or of a later version. */
export const ENDPOINT_UNREADABLE = "endpoint_unreadable";

/** Returns the version in force now. */
export function currentVersion(endpoint: EndpointWithoutSecrets): EndpointVersion {
  const version = endpoint.versions.at(-1);
  if (version === undefined) {
    throw new Error(`endpoint ${endpoint.number} has a version`);
  }
  return version;
}

/** Returns the version in force at an offset; undefined before the endpoint was created. */
export function versionAt(endpoint: EndpointWithoutSecrets, offset: Offset): EndpointVersion | undefined {
  return endpoint.versions.findLast((version) => version.since <= offset);
}

/**
 * Returns the offset up to which nothing is owed any more because the endpoint was disabled or deleted
 * after it; 0 if it never was.
 */
export function abandonedUpTo(endpoint: EndpointWithoutSecrets): Offset {
  const ended = endpoint.versions.findLast(({ state }) => state === "disabled" || state === "deleted");
  return ended === undefined ? 0 : ended.since;
}
