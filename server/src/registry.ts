/**
 * The port for configuration: tenants, API keys and endpoints. What changes an endpoint is a version in the
 * log's order: it takes an offset of its own, so that every event accepted after the answer is routed by
 * it.
 */
import type { AuditRegistry } from "./audit-registry.ts";
import type { EventTypeRegistry } from "./event-type-registry.ts";
import type { Endpoint, EndpointConfig, EndpointState } from "./model/endpoint.ts";
import type { RaisedEvent } from "./model/event.ts";
import type { Validation } from "./model/event-type.ts";
import type { Offset } from "./model/offset.ts";
import type { Retention, RetentionChange } from "./model/retention.ts";
import type { Rotation } from "./model/secret.ts";
import type { ApiKey, Tenant } from "./model/tenant.ts";
import type { ReplayRegistry } from "./replay-registry.ts";
import type { SecretRegistry } from "./secret-registry.ts";

export interface Registry
  extends TenantRegistry,
    KeyRegistry,
    EndpointRegistry,
    EventTypeRegistry,
    SecretRegistry,
    ReplayRegistry,
    AuditRegistry {
  /** The 16 bytes under ids; made with the data and never changed. */
  readonly idKey: Uint8Array;
}

export interface TenantRegistry {
  /** Creates a tenant; undefined if the id is taken. */
  createTenant(draft: TenantDraft): Promise<Tenant | undefined>;
  /** Changes a tenant; undefined if it is deleted. Absent members stay as they are. */
  updateTenant(tenant: number, change: TenantChange): Promise<Tenant | undefined>;
  /**
   * Ends a tenant: its keys stop working, its endpoints are deleted, its id stays taken, and its events are
   * to be erased.
   */
  deleteTenant(tenant: number, now: number): Promise<void>;
  findTenant(id: string): Promise<Tenant | undefined>;
  tenantByNumber(number: number): Promise<Tenant | undefined>;
  /** Newest first; `before` is the number of the last tenant of the page before. */
  listTenants(page: { before: number | undefined; limit: number }): Promise<readonly Tenant[]>;

  /** Writes down what is to be erased of what is stored now, for the owner of the lease to do. */
  requestErasure(request: ErasureRequest): Promise<void>;
}

export interface KeyRegistry {
  /** Returns whether the key was created: not for a tenant that is deleted. */
  createKey(key: ApiKey): Promise<boolean>;
  /** Finds a key that is neither revoked nor of a deleted tenant; expiry is the caller's to judge. */
  findKey(hash: Uint8Array): Promise<ApiKey | undefined>;
  /** Newest first, revoked ones left out. `undefined`: admin keys. */
  listKeys(tenant: number | undefined): Promise<readonly ApiKey[]>;
  /** Returns whether there was such a key. */
  revokeKey(tenant: number | undefined, id: string): Promise<boolean>;
  /** As `revokeKey`, and no row stays: for sessions, of which there are any number. */
  deleteKey(tenant: number | undefined, id: string): Promise<boolean>;
  /** Stores when keys were last used; what is older than what is known changes nothing. */
  noteKeyUses(uses: readonly KeyUse[]): Promise<void>;
}

export interface EndpointRegistry {
  /**
   * Creates an endpoint; it is owed every event accepted after this returns. Undefined if its tenant is
   * deleted, or has as many as it may.
   */
  createEndpoint(draft: EndpointDraft): Promise<Endpoint | undefined>;
  /**
   * Changes an endpoint; undefined if the tenant has none of this number, or not as it was `seen`. Absent
   * members stay as they are.
   */
  updateEndpoint(change: EndpointChange): Promise<Endpoint | undefined>;
  /**
   * Gives an endpoint a new secret, and the older ones an end, as `rotated` says; a change like any other.
   * Undefined if the tenant has none of this number; `too_many_secrets` and nothing changed where more would
   * be live than may be.
   */
  rotateSecret(rotation: SecretRotation): Promise<Endpoint | "too_many_secrets" | undefined>;
  /** Finds an endpoint of the tenant that is not deleted. */
  findEndpoint(tenant: number, endpoint: number): Promise<Endpoint | undefined>;
  /** Newest first, deleted ones left out; `before` is the number of the last endpoint of the page before. */
  listEndpoints(page: {
    tenant: number;
    before: number | undefined;
    limit: number;
  }): Promise<readonly Endpoint[]>;
}

/** One event by its offset, or every event with a subject. */
export interface ErasureRequest {
  readonly tenant: number;
  readonly what: { readonly offset: Offset } | { readonly subject: string };
}

export interface KeyUse {
  /** `key_…` */
  readonly id: string;
  readonly at: number;
}

export interface TenantDraft {
  readonly id: string;
  readonly name: string;
  readonly contract: string | undefined;
  readonly shard: number;
  readonly createdAt: number;
  /** Default: off. */
  readonly validation?: Validation;
  /** Default: the installation's. */
  readonly retention?: Retention;
}

export interface TenantChange {
  readonly name?: string;
  readonly contract?: string;
  readonly validation?: Validation;
  readonly retention?: RetentionChange;
}

export interface EndpointDraft {
  readonly tenant: number;
  readonly contract: string;
  readonly config: EndpointConfig;
  readonly state: EndpointState;
  readonly eventTypes: readonly string[] | undefined;
  /** Undefined: no secret. */
  readonly secret: SecretDraft | undefined;
  readonly now: number;
  /** So many its tenant may have that are not deleted, whoever creates them. Default: any number. */
  readonly endpointsMax?: number;
}

/** A secret that is sealed once its endpoint's number is known. */
export interface SecretDraft {
  readonly seal: (endpoint: number) => Uint8Array;
  readonly publicKey: string | undefined;
}

export interface EndpointChange {
  readonly tenant: number;
  readonly endpoint: number;
  /**
   * The number of the endpoint's last change when this one was decided: one that came between leaves it as
   * it is. Absent: whatever came between.
   */
  readonly seen?: number;
  readonly config?: EndpointConfig;
  readonly state?: EndpointState;
  readonly reason?: string | undefined;
  /** `"all"`: every type. */
  readonly eventTypes?: readonly string[] | "all";
  /** Stored with the change, if it puts the endpoint into another state. */
  readonly raises?: RaisedEvent | undefined;
  readonly now: number;
}

export interface SecretRotation extends Rotation {
  readonly tenant: number;
  readonly endpoint: number;
}
