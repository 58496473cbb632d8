import { type BoundedCache, createBoundedCache } from "../bounded-cache.ts";
import type { Clock } from "../clock.ts";
import type { Endpoint, EndpointWithoutSecrets } from "../model/endpoint.ts";
import type { Tenant } from "../model/tenant.ts";
import { type EndpointTable, endpointTable } from "./endpoint-table.ts";

/** The endpoints of tenants as they are now, deleted ones too, to which deliveries were owed. */
export interface TenantEndpoints {
  read(tenant: Pick<Tenant, "number" | "shard">): Promise<EndpointTable>;
  /** One of them, as it is stored, with its secrets. */
  find(tenant: Pick<Tenant, "number">, endpoint: number): Promise<Endpoint | undefined>;
}

/** What the store knows of endpoints, deleted ones too. */
export interface EndpointHistory {
  leaseOf(shard: number): number;
  readHead(lease: number): Promise<{ readonly changes: number }>;
  readEndpoint(endpoint: number): Promise<Endpoint | undefined>;
  readEndpoints(tenant: number): Promise<readonly EndpointWithoutSecrets[]>;
  readChanged(lease: number, change: number): Promise<readonly EndpointWithoutSecrets[]>;
}

export interface TenantEndpointsPorts {
  readonly store: EndpointHistory;
  readonly clock: Clock;
  /** Endpoints kept in all; those of one tenant are kept whatever their number. Default: KEPT_MAX. */
  readonly keptMax?: number;
}

const KEPT_MAX = 50_000;
/** A database that went back in time counts changes anew: so long what it had is believed at most. */
const KEPT_MS = 300_000;
/** More changes than that are not looked through for those of one tenant. */
const CHANGES_MAX = 1000;

interface Kept {
  readonly table: EndpointTable;
  /** It has every change up to this one. */
  readonly changes: number;
  /** On the monotonic clock. */
  readonly readAt: number;
}

/**
 * Reads the endpoints of tenants, and keeps them: there may be ten thousand, and each list asks for all. They
 * are what is stored, as every change of one counts in the log's head, which is looked at each time.
 */
export function createTenantEndpoints(ports: TenantEndpointsPorts): TenantEndpoints {
  const { store, keptMax = KEPT_MAX } = ports;
  const kept = createBoundedCache<number, Kept>(keptMax);
  // By tenant and what was seen of the head before: whoever saw the same may have the same.
  const reading = new Map<string, Promise<EndpointTable>>();
  return {
    async read({ number, shard }) {
      const { changes } = await store.readHead(store.leaseOf(shard));
      const asked = { tenant: number, shard, changes };
      const key = `${number} ${changes}`;
      const table = reading.get(key) ?? bringUpToDate({ ...ports, kept }, asked);
      reading.set(key, table);
      try {
        return await table;
      } finally {
        reading.delete(key);
      }
    },
    async find(tenant, number) {
      const found = await store.readEndpoint(number);
      return found?.tenant === tenant.number ? found : undefined;
    },
  };
}

interface Asked {
  readonly tenant: number;
  readonly shard: number;
  readonly changes: number;
}

async function bringUpToDate(
  { store, clock, kept }: TenantEndpointsPorts & { readonly kept: BoundedCache<number, Kept> },
  { tenant, shard, changes }: Asked,
): Promise<EndpointTable> {
  const now = clock.monotonic();
  const known = kept.get(tenant);
  const missing = known === undefined ? Infinity : changes - known.changes;
  if (known === undefined || missing < 0 || missing > CHANGES_MAX || now - known.readAt > KEPT_MS) {
    const all = (await store.readEndpoints(tenant)).toSorted((one, other) => other.number - one.number);
    const table = endpointTable(all);
    kept.set(tenant, { table, changes, readAt: now }, all.length);
    return table;
  }
  const changed = missing === 0 ? [] : await store.readChanged(store.leaseOf(shard), known.changes);
  const own = new Map(changed.filter((each) => each.tenant === tenant).map((each) => [each.number, each]));
  const table =
    own.size === 0
      ? known.table
      : endpointTable(
          [...known.table.all.filter(({ number }) => !own.has(number)), ...own.values()].sort(
            (one, other) => other.number - one.number,
          ),
        );
  kept.set(tenant, { table, changes, readAt: known.readAt }, table.all.length);
  return table;
}
