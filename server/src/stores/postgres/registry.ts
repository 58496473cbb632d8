import type { Clock } from "../../clock.ts";
import type { Endpoint } from "../../model/endpoint.ts";
import type { Tenant } from "../../model/tenant.ts";
import type {
  EndpointDraft,
  EndpointRegistry,
  KeyRegistry,
  Registry,
  TenantRegistry,
} from "../../registry.ts";
import { integerIn, type Row } from "../columns.ts";
import { NEWEST } from "../page-start.ts";
import { apiKeyOf, tenantOf } from "../registry-rows.ts";
import { isAsSeen } from "../version.ts";
import { createAudit } from "./audit.ts";
import { bigints, texts } from "./binary-arrays.ts";
import type { Database, Session } from "./database.ts";
import { createEndpointWriter, type ReadEndpoint, readEndpoints } from "./endpoints.ts";
import { createEventTypes } from "./event-types.ts";
import type { LiveTenants } from "./live-tenants.ts";
import { COUNT_ENDPOINTS } from "./queries/endpoint-count.ts";
import { REQUEST_ERASURE } from "./queries/erasure.ts";
import { LOCK_SHARD } from "./queries/log.ts";
import { FIND_ENDPOINT, LIST_ENDPOINTS } from "./queries/read-endpoints.ts";
import {
  DELETE_KEY,
  DELETE_TENANT,
  END_ENDPOINTS,
  END_SESSIONS,
  FIND_KEY,
  FIND_TENANT,
  INSERT_KEY,
  INSERT_TENANT,
  LIST_KEYS,
  LIST_TENANTS,
  NOTE_KEY_USES,
  READ_TENANT,
  REVOKE_KEY,
  REVOKE_KEYS,
  UPDATE_TENANT,
} from "./queries/registry.ts";
import { createReplays } from "./replays.ts";
import { createSecrets } from "./secrets.ts";
import { NO_SHARD, type TenantShards } from "./tenant-shards.ts";
import type { OffsetTime } from "./time.ts";

export interface RegistryPorts {
  readonly database: Database;
  readonly clock: Clock;
  readonly offsetTime: OffsetTime;
  readonly tenants: LiveTenants;
  readonly shards: TenantShards;
}

// From here on an endpoint is created under a lock that is held over several statements. It is more than all
// nodes together create at once.
const FEW_LEFT = 1000;

// Each time somebody else has changed the same endpoint, or deleted a tenant of the same shard.
const TRIES_MAX = 50;

/** Configuration over a database. */
export function createRegistry(ports: RegistryPorts, idKey: Uint8Array): Registry {
  return {
    idKey,
    ...createTenants(ports),
    ...createKeys(ports),
    ...createEndpoints(ports),
    ...createEventTypes(ports.database, ports.clock),
    ...createReplays(ports),
    ...createSecrets(ports.database),
    ...createAudit(ports.database),
  };
}

function createTenants({ database, offsetTime, shards }: RegistryPorts): TenantRegistry {
  return {
    async createTenant({ id, name, contract, shard, createdAt, validation = "off", retention }) {
      const own = retention && JSON.stringify(retention);
      const values = [id, name.toWellFormed(), contract, shard, createdAt, validation, own];
      return optionalTenant(await database.rows(INSERT_TENANT, ...values));
    },
    async updateTenant(number, { name, contract, validation, retention }) {
      const values = [name?.toWellFormed(), contract, validation, retention && JSON.stringify(retention)];
      return optionalTenant(await database.rows(UPDATE_TENANT, number, ...values));
    },
    async deleteTenant(number, now) {
      const shard = await shards.of(number);
      if (shard === NO_SHARD) {
        return;
      }
      // It holds the shard's lock over several statements, which is rare, and bounded by the server.
      await database.transaction(async (session) => {
        await session.rows(LOCK_SHARD, shard);
        if ((await session.run(DELETE_TENANT, number, now)) === 1) {
          await session.run(END_SESSIONS, number);
          await session.run(REVOKE_KEYS, number, now);
          await session.run(END_ENDPOINTS, shard, number, now, offsetTime());
          await session.run(REQUEST_ERASURE, shard, number, null, null);
        }
      });
    },
    async requestErasure({ tenant, what }) {
      const [subject, offset] = "offset" in what ? [null, what.offset] : [what.subject, null];
      await database.run(REQUEST_ERASURE, await shards.of(tenant), tenant, subject, offset);
    },
    findTenant: async (id) => optionalTenant(await database.rows(FIND_TENANT, id)),
    tenantByNumber: async (number) => optionalTenant(await database.rows(READ_TENANT, number)),
    listTenants: async ({ before = NEWEST, limit }) =>
      (await database.rows(LIST_TENANTS, before, limit)).map(tenantOf),
  };
}

function createKeys({ database, clock }: RegistryPorts): KeyRegistry {
  return {
    async createKey({ id, tenant, name, hash, scopes, ratePerSecond, createdAt, expiresAt, lastUsedAt }) {
      const allowed = [scopes && JSON.stringify(scopes), ratePerSecond];
      const values = [name, hash, ...allowed, createdAt, expiresAt, lastUsedAt];
      return (await database.run(INSERT_KEY, id, tenant, ...values)) === 1;
    },
    async findKey(hash) {
      const [row] = await database.rows(FIND_KEY, hash);
      return row && apiKeyOf(row);
    },
    listKeys: async (tenant) => (await database.rows(LIST_KEYS, tenant)).map(apiKeyOf),
    revokeKey: async (tenant, id) => (await database.run(REVOKE_KEY, tenant, id, clock.now())) === 1,
    deleteKey: async (tenant, id) => (await database.run(DELETE_KEY, tenant, id)) === 1,
    async noteKeyUses(uses) {
      await database.run(NOTE_KEY_USES, texts(uses.map(({ id }) => id)), bigints(uses.map(({ at }) => at)));
    },
  };
}

function createEndpoints({ database, offsetTime, tenants, shards }: RegistryPorts): EndpointRegistry {
  const writer = createEndpointWriter(database, { offsetTime, shards });

  /** Counts anew under the shard's lock, which every creation takes: nobody else creates meanwhile. */
  async function createOneOfFew(
    draft: EndpointDraft,
    at: { readonly shard: number; readonly deletions: number },
  ): Promise<Endpoint | "full" | undefined> {
    return await database.transaction(async (session) => {
      await session.rows(LOCK_SHARD, at.shard);
      const isFull = (await countLeft(session, draft)) <= 0;
      return isFull ? "full" : await createEndpointWriter(session, { offsetTime, shards }).create(draft, at);
    });
  }

  /** Decides and writes a change, anew where somebody else's came between. */
  async function change<Result>(
    tenant: number,
    number: number,
    write: (read: ReadEndpoint) => Promise<Result | undefined> | undefined,
  ): Promise<Result | undefined> {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const [read] = await readEndpoints(database, FIND_ENDPOINT, tenant, number);
      const writing = read && write(read);
      if (writing === undefined) {
        return undefined;
      }
      const written = await writing;
      if (written !== undefined) {
        return written;
      }
    }
    throw new Error(`${TRIES_MAX} times somebody else changed endpoint ${number} first`);
  }

  return {
    async createEndpoint(draft) {
      const shard = await shards.of(draft.tenant);
      const left = await countLeft(database, draft);
      if (left <= 0) {
        return undefined;
      }
      for (let tries = 0; shard !== NO_SHARD && tries < TRIES_MAX; tries += 1) {
        const { live, deletions } = await tenants.look(database, shard, [draft.tenant]);
        if (!live.has(draft.tenant)) {
          return undefined;
        }
        const at = { shard, deletions };
        const created = left > FEW_LEFT ? await writer.create(draft, at) : await createOneOfFew(draft, at);
        if (created === "full") {
          return undefined;
        }
        if (created !== undefined) {
          return created;
        }
        tenants.forget(shard);
      }
      return undefined;
    },
    updateEndpoint: ({ tenant, endpoint, seen, ...rest }) =>
      change<Endpoint>(tenant, endpoint, (read) =>
        isAsSeen(read.endpoint, seen) ? writer.change(read, rest) : undefined,
      ),
    rotateSecret: ({ tenant, endpoint, ...rotation }) =>
      change(tenant, endpoint, (read) => writer.rotate(read, rotation)),
    async findEndpoint(tenant, number) {
      const [read] = await readEndpoints(database, FIND_ENDPOINT, tenant, number);
      return read?.endpoint;
    },
    async listEndpoints({ tenant, before = NEWEST, limit }) {
      const read = await readEndpoints(database, LIST_ENDPOINTS, tenant, before, limit);
      return read.map(({ endpoint }) => endpoint);
    },
  };
}

/** How many endpoints its tenant may still have. */
async function countLeft(session: Session, { tenant, endpointsMax }: EndpointDraft): Promise<number> {
  if (endpointsMax === undefined) {
    return Infinity;
  }
  const [row = {}] = await session.rows(COUNT_ENDPOINTS, tenant);
  return endpointsMax - integerIn(row, "count");
}

function optionalTenant([row]: readonly Row[]): Tenant | undefined {
  return row && tenantOf(row);
}
