import { createBoundedCache } from "../../bounded-cache.ts";
import { integerIn } from "../columns.ts";
import type { Session } from "./database.ts";
import { READ_ANY_TENANT } from "./queries/registry.ts";

/** In which shard of the log a tenant's events are: a fact that never changes. */
export interface TenantShards {
  /** How many shards the log has; fixed when the database was made. */
  readonly count: number;
  /** NO_SHARD: there never was such a tenant. */
  of(tenant: number): Promise<number>;
}

/** Where nothing is found. */
export const NO_SHARD = -1;

const KEPT_MAX = 100_000;

export function createTenantShards(session: Session, count: number): TenantShards {
  const kept = createBoundedCache<number, number>(KEPT_MAX);
  return {
    count,
    async of(tenant) {
      const known = kept.get(tenant);
      if (known !== undefined) {
        return known;
      }
      const [row] = await session.rows(READ_ANY_TENANT, tenant);
      if (row === undefined) {
        return NO_SHARD;
      }
      const shard = integerIn(row, "shard") % count;
      kept.set(tenant, shard, 1);
      return shard;
    },
  };
}
