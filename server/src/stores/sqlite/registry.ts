import type { Clock } from "../../clock.ts";
import type { RetentionChange } from "../../model/retention.ts";
import type { Tenant } from "../../model/tenant.ts";
import type { EndpointRegistry, KeyRegistry, Registry, TenantRegistry } from "../../registry.ts";
import { integerIn, type Row } from "../columns.ts";
import { NEWEST } from "../page-start.ts";
import { apiKeyOf, tenantOf } from "../registry-rows.ts";
import { isAsSeen } from "../version.ts";
import { createAudit } from "./audit.ts";
import type { Connections } from "./connections.ts";
import { prepareEndpointQuery, prepareEndpointWriter } from "./endpoints.ts";
import { createEventTypes } from "./event-types.ts";
import { LEASE } from "./lease.ts";
import { createLookups, type Lookups } from "./lookups.ts";
import { REQUEST_ERASURE } from "./queries/erasure.ts";
import {
  COUNT_ENDPOINTS,
  DELETE_KEY,
  DELETE_TENANT,
  END_SESSIONS,
  FIND_ENDPOINT,
  FIND_KEY,
  FIND_TENANT,
  INSERT_KEY,
  INSERT_TENANT,
  LIST_ENDPOINTS,
  LIST_KEYS,
  LIST_LIVE_ENDPOINTS,
  LIST_TENANTS,
  NOTE_KEY_USE,
  READ_TENANT,
  REVOKE_KEY,
  REVOKE_KEYS,
  UPDATE_TENANT,
} from "./queries/registry.ts";
import { createReplays } from "./replays.ts";
import { createSecrets } from "./secrets.ts";

/** Configuration over a database. */
export function createRegistry(opened: Connections, clock: Clock, idKey: Uint8Array): Registry {
  const lookups = createLookups(opened);
  const { connections } = lookups;
  return {
    idKey,
    ...createTenants(lookups, clock),
    ...createKeys(lookups, clock),
    ...createEndpoints(connections, clock),
    ...createEventTypes(connections, clock),
    ...createReplays(connections),
    ...createSecrets(connections),
    ...createAudit(connections),
  };
}

function createTenants({ connections, lookup }: Lookups, clock: Clock): TenantRegistry {
  const { writing, reading, write, read } = connections;
  const insert = writing.prepare(INSERT_TENANT);
  const update = writing.prepare(UPDATE_TENANT);
  const end = writing.prepare(DELETE_TENANT);
  const endSessions = writing.prepare(END_SESSIONS);
  const revokeKeys = writing.prepare(REVOKE_KEYS);
  const readLive = prepareEndpointQuery(writing, LIST_LIVE_ENDPOINTS);
  const endpoints = prepareEndpointWriter(writing, clock);
  const requestErasure = writing.prepare(REQUEST_ERASURE);
  const find = reading.prepare(FIND_TENANT);
  const byNumber = reading.prepare(READ_TENANT);
  const list = reading.prepare(LIST_TENANTS);

  return {
    createTenant: ({ id, name, contract, shard, createdAt, validation = "off", retention }) =>
      write(() => {
        const values = [id, name, contract ?? null, shard, createdAt, validation];
        return optionalTenant(insert.get(...values, textOf(retention)));
      }),
    updateTenant: (number, { name, contract, validation, retention }) =>
      write(() => {
        const values = [name ?? null, contract ?? null, validation ?? null];
        return optionalTenant(update.get(number, ...values, textOf(retention)));
      }),
    deleteTenant: (number, now) =>
      write(() => {
        if (end.run(number, now).changes === 0) {
          return;
        }
        endSessions.run(number);
        revokeKeys.run(number, now);
        for (const endpoint of readLive(number)) {
          endpoints.change(endpoint, { state: "deleted", reason: undefined, now });
        }
        requestErasure.run(LEASE, number, null, null);
      }),
    requestErasure: ({ tenant, what }) =>
      write(() => {
        const [subject, offset] = "offset" in what ? [null, what.offset] : [what.subject, null];
        requestErasure.run(LEASE, tenant, subject, offset);
      }),
    findTenant: lookup((id) => optionalTenant(find.get(id))),
    tenantByNumber: (number) => read(() => optionalTenant(byNumber.get(number))),
    listTenants: ({ before = NEWEST, limit }) => read(() => list.all(before, limit).map(tenantOf)),
  };
}

function textOf(retention: RetentionChange | undefined): string | null {
  return retention === undefined ? null : JSON.stringify(retention);
}

function createKeys({ connections, lookup }: Lookups, clock: Clock): KeyRegistry {
  const { writing, reading, write, read } = connections;
  const insert = writing.prepare(INSERT_KEY);
  const revoke = writing.prepare(REVOKE_KEY);
  const deleteOne = writing.prepare(DELETE_KEY);
  const noteUse = writing.prepare(NOTE_KEY_USE);
  const tenantByNumber = writing.prepare(READ_TENANT);
  const find = reading.prepare(FIND_KEY);
  const list = reading.prepare(LIST_KEYS);
  const findByHash = lookup((hash) => {
    const row = find.get(Buffer.from(hash, "hex"));
    return row && apiKeyOf(row);
  });

  return {
    createKey: ({ id, tenant, name, hash, scopes, ratePerSecond, createdAt, expiresAt, lastUsedAt }) =>
      write(() => {
        if (tenant !== undefined && tenantByNumber.get(tenant) === undefined) {
          return false;
        }
        const scopesText = scopes === undefined ? null : JSON.stringify(scopes);
        const times = [createdAt, expiresAt ?? null, lastUsedAt ?? null];
        insert.run(id, tenant ?? null, name, hash, scopesText, ratePerSecond ?? null, ...times);
        return true;
      }),
    findKey: (hash) => findByHash(Buffer.from(hash).toString("hex")),
    listKeys: (tenant) => read(() => list.all(tenant ?? null).map(apiKeyOf)),
    revokeKey: (tenant, id) => write(() => revoke.run(tenant ?? null, id, clock.now()).changes === 1),
    deleteKey: (tenant, id) => write(() => deleteOne.run(tenant ?? null, id).changes === 1),
    noteKeyUses: (uses) =>
      write(() => {
        for (const { id, at } of uses) {
          noteUse.run(id, at);
        }
      }),
  };
}

function createEndpoints({ writing, reading, write, read }: Connections, clock: Clock): EndpointRegistry {
  const endpoints = prepareEndpointWriter(writing, clock);
  const findForChange = prepareEndpointQuery(writing, FIND_ENDPOINT);
  const tenantByNumber = writing.prepare(READ_TENANT);
  const countEndpoints = writing.prepare(COUNT_ENDPOINTS);
  const find = prepareEndpointQuery(reading, FIND_ENDPOINT);
  const list = prepareEndpointQuery(reading, LIST_ENDPOINTS);

  return {
    createEndpoint: (draft) =>
      write(() => {
        const { tenant, endpointsMax = Infinity } = draft;
        const isFree =
          tenantByNumber.get(tenant) !== undefined &&
          integerIn(countEndpoints.get(tenant) ?? {}, "count") < endpointsMax;
        return isFree ? endpoints.create(draft) : undefined;
      }),
    updateEndpoint: ({ tenant, endpoint: number, seen, ...change }) =>
      write(() => {
        const endpoint = findForChange(tenant, number)[0];
        return endpoint && isAsSeen(endpoint, seen) ? endpoints.change(endpoint, change) : undefined;
      }),
    rotateSecret: ({ tenant, endpoint: number, ...rotation }) =>
      write(() => {
        const endpoint = findForChange(tenant, number)[0];
        return endpoint && endpoints.rotate(endpoint, rotation);
      }),
    findEndpoint: (tenant, number) => read(() => find(tenant, number)[0]),
    listEndpoints: ({ tenant, before = NEWEST, limit }) => read(() => list(tenant, before, limit)),
  };
}

function optionalTenant(row: Row | undefined): Tenant | undefined {
  return row && tenantOf(row);
}
