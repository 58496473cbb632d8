/** Rows of the configuration, as values of the domain. */
import {
  ENDPOINT_UNREADABLE,
  type Endpoint,
  type EndpointState,
  type EndpointVersion,
} from "../model/endpoint.ts";
import type { EventType, EventTypeRule, SchemaVersion, Validation } from "../model/event-type.ts";
import { isRetention, NO_RETENTION, type Retention, type TenantRetention } from "../model/retention.ts";
import type { SealedSecret } from "../model/secret.ts";
import { type ApiKey, SCOPES, type Scope, type Tenant } from "../model/tenant.ts";
import type { EndpointMark } from "../reader.ts";
import type { PlacedSecret } from "../secret-registry.ts";
import {
  bytesIn,
  integerIn,
  jsonIn,
  optionalIn,
  type Row,
  readable,
  textIn,
  textsIn,
  wordIn,
} from "./columns.ts";
import { configOf, UNREADABLE_CONFIG } from "./endpoint-config.ts";

const STATES: Record<EndpointState, true> = { enabled: true, paused: true, disabled: true, deleted: true };

const VALIDATION_WORDS: Record<Validation, true> = { off: true, warn: true, reject: true };

export function markOf(row: Row): EndpointMark {
  return {
    number: integerIn(row, "number"),
    isEnabled: textIn(row, "state") === "enabled",
    isHeld: integerIn(row, "is_held") === 1,
    isFailing: integerIn(row, "is_failing") === 1,
  };
}

export function tenantOf(row: Row): Tenant {
  return {
    number: integerIn(row, "number"),
    id: textIn(row, "id"),
    name: textIn(row, "name"),
    contract: optionalIn(row, "contract", textIn),
    shard: integerIn(row, "shard"),
    createdAt: integerIn(row, "created_at"),
    // A mode of a later version must not stop what has nothing to do with it.
    validation: readable(() => validationIn(row, "validation"))?.value ?? "off",
    eventTypesRevision: integerIn(row, "event_types_revision"),
    retention: retentionOf(row),
  };
}

/** The tenant's number is in `tenant`. */
export function tenantRetentionOf(row: Row): TenantRetention {
  return { tenant: integerIn(row, "tenant"), retention: retentionOf(row) };
}

/** What cannot be read is kept for as long as the installation says, and not for less. */
function retentionOf(row: Row): Retention {
  const read = () => optionalIn(row, "retention", (from, name) => jsonIn(from, name, isRetention));
  return readable(read)?.value ?? NO_RETENTION;
}

export function eventTypeOf(row: Row): EventType {
  return {
    tenant: integerIn(row, "tenant"),
    name: textIn(row, "name"),
    description: optionalIn(row, "description", textIn),
    schema: optionalIn(row, "schema", textIn),
    schemaVersion: integerIn(row, "schema_version"),
    example: optionalIn(row, "example", textIn),
    validation: optionalIn(row, "validation", validationIn),
    isDeprecated: integerIn(row, "is_deprecated") === 1,
    successor: optionalIn(row, "successor", textIn),
    revision: integerIn(row, "revision"),
    createdAt: integerIn(row, "created_at"),
    updatedAt: integerIn(row, "updated_at"),
  };
}

export function eventTypeRuleOf(row: Row): EventTypeRule {
  return {
    name: textIn(row, "name"),
    validation: optionalIn(row, "validation", validationIn),
    schemaVersion: integerIn(row, "schema_version"),
    hasSchema: integerIn(row, "has_schema") === 1,
  };
}

export function schemaVersionOf(row: Row): SchemaVersion {
  return {
    version: integerIn(row, "version"),
    schema: optionalIn(row, "schema", textIn),
    createdAt: integerIn(row, "created_at"),
  };
}

function validationIn(row: Row, name: string): Validation {
  return wordIn(row, name, VALIDATION_WORDS);
}

export function apiKeyOf(row: Row): ApiKey {
  return {
    id: textIn(row, "id"),
    tenant: optionalIn(row, "tenant", integerIn),
    name: textIn(row, "name"),
    hash: bytesIn(row, "hash"),
    scopes: optionalIn(row, "scopes", (from, name) => jsonIn(from, name, areScopes)),
    ratePerSecond: optionalIn(row, "rate_per_second", integerIn),
    createdAt: integerIn(row, "created_at"),
    expiresAt: optionalIn(row, "expires_at", integerIn),
    lastUsedAt: optionalIn(row, "last_used_at", integerIn),
  };
}

export function secretOf(row: Row): SealedSecret {
  return {
    number: integerIn(row, "number"),
    sealed: bytesIn(row, "sealed"),
    publicKey: optionalIn(row, "public_key", textIn),
    createdAt: integerIn(row, "created_at"),
    expiresAt: optionalIn(row, "expires_at", integerIn),
  };
}

export function placedSecretOf(row: Row): PlacedSecret {
  return {
    tenant: integerIn(row, "tenant"),
    endpoint: integerIn(row, "endpoint"),
    number: integerIn(row, "number"),
    sealed: bytesIn(row, "sealed"),
  };
}

/** Reads a version; undefined if it is damaged, or of a state that this version does not know. */
function versionOf(row: Row): EndpointVersion | undefined {
  return readable(() => ({
    since: integerIn(row, "since"),
    change: integerIn(row, "change"),
    state: wordIn(row, "state", STATES),
    reason: optionalIn(row, "reason", textIn),
    eventTypes: optionalIn(row, "event_types", textsIn),
  }))?.value;
}

/** Stands in for a version that cannot be read: whatever comes is kept for whoever can. */
function keptVersion(row: Row | undefined): EndpointVersion {
  return {
    since: row === undefined ? 0 : integerIn(row, "since"),
    change: row === undefined ? 0 : integerIn(row, "change"),
    state: "paused",
    reason: undefined,
    eventTypes: undefined,
  };
}

export interface EndpointParts {
  readonly secrets: readonly SealedSecret[];
  /** Rows, oldest first. */
  readonly versions: readonly Row[];
}

/** Puts an endpoint together from its row and what belongs to it. One that cannot be read has a fault. */
export function endpointOf(row: Row, { secrets, versions }: EndpointParts): Endpoint {
  const config = readable(() => configOf(row))?.value;
  const read = versions.map(versionOf);
  const isWhole = config !== undefined && read.length > 0 && !read.includes(undefined);
  return {
    number: integerIn(row, "number"),
    tenant: integerIn(row, "tenant"),
    contract: textIn(row, "contract"),
    config: config ?? UNREADABLE_CONFIG,
    secrets,
    versions:
      read.length === 0
        ? [keptVersion(undefined)]
        : read.map((version, index) => version ?? keptVersion(versions[index])),
    createdAt: integerIn(row, "created_at"),
    updatedAt: integerIn(row, "updated_at"),
    ...(isWhole ? {} : { fault: ENDPOINT_UNREADABLE }),
  };
}

function areScopes(value: unknown): value is Scope[] {
  return Array.isArray(value) && value.every((each) => SCOPES.some((scope) => scope === each));
}
