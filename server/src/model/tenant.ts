import type { Validation } from "./event-type.ts";
import type { Retention } from "./retention.ts";

/** Whose events and endpoints these are; nothing crosses it. */
export interface Tenant {
  readonly number: number;
  /** As the caller gave it, or `ten_…`. */
  readonly id: string;
  readonly name: string;
  /** The contract of its endpoints that name none; undefined: the installation's. */
  readonly contract: string | undefined;
  /** 0 to 1023, fixed at creation. */
  readonly shard: number;
  readonly createdAt: number;
  /** What becomes of events that do not fit the schemas of the contract's catalogue. */
  readonly validation: Validation;
  /** For how long its own are kept, where that is shorter than the installation's. */
  readonly retention: Retention;
  /** Counts the changes of its event types. */
  readonly eventTypesRevision: number;
}

/** Tenants are spread over this many shards. Ids have room for 1,024. */
export const SHARD_COUNT = 64;

/** A bearer of the API. The key itself is never stored. */
export interface ApiKey {
  /** `key_…` */
  readonly id: string;
  /** The tenant's number; undefined: an admin key. */
  readonly tenant: number | undefined;
  readonly name: string;
  /** SHA-256 of the key. */
  readonly hash: Uint8Array;
  /** Undefined: everything. */
  readonly scopes: readonly Scope[] | undefined;
  /** Requests that it may make in a second, a whole number from 1; undefined: the installation's default. */
  readonly ratePerSecond: number | undefined;
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
  /** To about a minute; undefined: never yet. */
  readonly lastUsedAt: number | undefined;
}

export const KEY_RATE_PER_SECOND_MAX = 1_000_000;

export const SCOPES = [
  "events:write",
  "events:read",
  "events:erase",
  "endpoints:write",
  "endpoints:read",
  // Events and what became of them, without what they say and what receivers answered.
  "deliveries:read",
  // Mends what did not go well: retries, replays, recovers, skips, pauses.
  "deliveries:write",
  // Who changed what.
  "audit:read",
] as const;

export type Scope = (typeof SCOPES)[number];

/** What a person may do, as scopes of a key. Undefined: everything of the tenant. */
export const ROLES = {
  viewer: ["deliveries:read", "endpoints:read"],
  support: ["deliveries:read", "events:read", "deliveries:write", "endpoints:read"],
  admin: undefined,
} as const satisfies Readonly<Record<string, readonly Scope[] | undefined>>;

export type Role = keyof typeof ROLES;
