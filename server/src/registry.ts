/**
 * The port for configuration: tenants, API keys and endpoints. What changes an endpoint is a version in the
 * log's order: it takes an offset of its own, so that every event accepted after the answer is routed by
 * it.
 */
import type { Endpoint, EndpointConfig, EndpointState } from "./model/endpoint.ts";
import type { ApiKey, Tenant } from "./model/tenant.ts";

export interface Registry {
  /** The 16 bytes under ids; made with the data and never changed. */
  readonly idKey: Uint8Array;

  /** Creates a tenant; undefined if the id is taken. */
  createTenant(draft: TenantDraft): Promise<Tenant | undefined>;
  updateTenant(tenant: number, change: { name?: string; contract?: string }): Promise<Tenant>;
  /** Ends a tenant: its keys stop working, its endpoints are deleted, its id stays taken. */
  deleteTenant(tenant: number, now: number): Promise<void>;
  findTenant(id: string): Promise<Tenant | undefined>;
  tenantByNumber(number: number): Promise<Tenant | undefined>;
  /** Newest first; `before` is the number of the last tenant of the page before. */
  listTenants(page: { before: number | undefined; limit: number }): Promise<readonly Tenant[]>;

  createKey(key: ApiKey): Promise<void>;
  /** Finds a key that is neither revoked nor of a deleted tenant; expiry is the caller's to judge. */
  findKey(hash: Uint8Array): Promise<ApiKey | undefined>;
  /** Newest first, revoked ones left out. `undefined`: admin keys. */
  listKeys(tenant: number | undefined): Promise<readonly ApiKey[]>;
  /** Returns whether there was such a key. */
  revokeKey(tenant: number | undefined, id: string): Promise<boolean>;

  /** Creates an endpoint; it is owed every event accepted after this returns. */
  createEndpoint(draft: EndpointDraft): Promise<Endpoint>;
  /**
   * Changes an endpoint; undefined if the tenant has none of this number. Absent members stay as they are.
   */
  updateEndpoint(change: EndpointChange): Promise<Endpoint | undefined>;
  /** Finds an endpoint of the tenant that is not deleted. */
  findEndpoint(tenant: number, endpoint: number): Promise<Endpoint | undefined>;
  /** Newest first, deleted ones left out; `before` is the number of the last endpoint of the page before. */
  listEndpoints(page: {
    tenant: number;
    before: number | undefined;
    limit: number;
  }): Promise<readonly Endpoint[]>;
}

export interface TenantDraft {
  readonly id: string;
  readonly name: string;
  readonly contract: string | undefined;
  readonly shard: number;
  readonly createdAt: number;
}

export interface EndpointDraft {
  readonly tenant: number;
  readonly contract: string;
  readonly config: EndpointConfig;
  readonly state: EndpointState;
  readonly eventTypes: readonly string[] | undefined;
  /** Seals the secret once the endpoint's number is known; undefined: no secret. */
  readonly seal: ((endpoint: number) => Uint8Array) | undefined;
  readonly now: number;
}

export interface EndpointChange {
  readonly tenant: number;
  readonly endpoint: number;
  readonly config?: EndpointConfig;
  readonly state?: EndpointState;
  readonly reason?: string | undefined;
  /** `"all"`: every type. */
  readonly eventTypes?: readonly string[] | "all";
  readonly now: number;
}
