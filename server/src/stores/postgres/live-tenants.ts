import { integerIn } from "../columns.ts";
import { numbersIn } from "./arrays.ts";
import { bigints } from "./binary-arrays.ts";
import type { Session } from "./database.ts";
import { READ_LIVE } from "./queries/log.ts";

/**
 * Which tenants are not deleted. A deletion is counted in the tenant's shard: whoever writes for a tenant
 * says in the same statement at which count it was seen, so that what is known here may be old without harm.
 */
export interface LiveTenants {
  /** Says which of some tenants of a shard are live, and the count of deletions at which they were. */
  look(session: Session, shard: number, asked: readonly number[]): Promise<Seen>;
  /** Looks anew the next time. */
  forget(shard: number): void;
}

export interface Seen {
  readonly live: ReadonlySet<number>;
  readonly deletions: number;
}

// Of each shard; numbers only.
const KEPT_MAX = 100_000;

export function createLiveTenants(): LiveTenants {
  const kept = new Map<number, { readonly live: Set<number>; readonly deletions: number }>();
  return {
    async look(session, shard, asked) {
      const known = kept.get(shard);
      const unknown = [...new Set(asked)].filter((tenant) => known?.live.has(tenant) !== true);
      if (known !== undefined && unknown.length === 0) {
        return known;
      }
      const [row = {}] = await session.rows(READ_LIVE, shard, bigints(unknown));
      const deletions = integerIn(row, "deletions");
      const isSame = known?.deletions === deletions && known.live.size < KEPT_MAX;
      const live = isSame ? known.live : new Set<number>();
      for (const tenant of numbersIn(row, "live")) {
        live.add(tenant);
      }
      const seen = { live, deletions };
      kept.set(shard, seen);
      // What was known at another count is asked again, together with the rest.
      return isSame || unknown.length === asked.length ? seen : this.look(session, shard, asked);
    },
    forget(shard) {
      kept.delete(shard);
    },
  };
}
