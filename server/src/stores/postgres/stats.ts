import { ALL_TENANTS, type StatRow, type StatStep } from "../../model/stat.ts";
import type { StatPoint, StatQuery } from "../../reader.ts";
import { integerIn, textIn } from "../columns.ts";
import { countsIn, textOfCounts } from "../counts-text.ts";
import { addedCounts, mergedPoints, statPointOf } from "../stats.ts";
import { bigints, texts } from "./binary-arrays.ts";
import type { Database, Session } from "./database.ts";
import { LIST_STATS, PUT_STATS, READ_STATS_AT } from "./queries/stats.ts";
import type { TenantShards } from "./tenant-shards.ts";

/** Adds to what is counted inside a flush: nobody else writes it, as the flush holds the lease's row. */
export async function addStats(session: Session, shard: number, { rows }: StatStep): Promise<void> {
  if (rows.length === 0) {
    return;
  }
  const places = [
    bigints(rows.map(({ tenant }) => tenant)),
    bigints(rows.map(({ seconds }) => seconds)),
    bigints(rows.map(({ at }) => at)),
  ];
  const stored = new Map(
    (await session.rows(READ_STATS_AT, shard, ...places)).map((row) => [
      `${integerIn(row, "tenant")}/${integerIn(row, "seconds")}/${integerIn(row, "at")}`,
      countsIn(textIn(row, "counts")),
    ]),
  );
  const sums = rows.map((row) => textOfCounts(addedCounts(stored.get(nameOf(row)), row.counts)));
  await session.run(PUT_STATS, shard, ...places, texts(sums));
}

function nameOf({ tenant, seconds, at }: StatRow): string {
  return `${tenant}/${seconds}/${at}`;
}

export interface StatPorts {
  readonly database: Database;
  readonly shards: TenantShards;
}

export async function readStats(
  { database, shards }: StatPorts,
  { tenant, seconds, from, to }: StatQuery,
): Promise<readonly StatPoint[]> {
  const shard = tenant === ALL_TENANTS ? undefined : await shards.of(tenant);
  const rows = await database.rows(LIST_STATS, shard, tenant, seconds, from, to);
  return mergedPoints(rows.map(statPointOf));
}
