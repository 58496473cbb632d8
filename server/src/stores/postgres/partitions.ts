import { DAY_MS } from "../../model/duration.ts";
import { type Offset, offsetAt, timeOfOffset } from "../../model/offset.ts";
import { BE_ALONE } from "./be-alone.ts";
import type { Database, Session } from "./database.ts";

const WEEK_MS = 7 * DAY_MS;

/** How far ahead of its time a partition is made. */
const WEEKS_AHEAD = 4;

/** Everybody else waits behind who waits for this lock. */
const DROP_LOCK_MS_MAX = 500;

/** Tables that grow by offset. */
export const PARTITIONED = ["event", "attempt", "dead_letter"] as const;

export interface Partition {
  readonly table: (typeof PARTITIONED)[number];
  readonly name: string;
  /** Its first offset, and the first one after it. */
  readonly from: Offset;
  readonly to: Offset;
}

const TABLE_NAMES = `
  SELECT relname AS name
  FROM pg_class
  WHERE relnamespace = current_schema()::regnamespace
    AND relkind = 'r'`;

/** Names the partitions that must be there at a time: of its week, and of those that follow. */
export function partitionsAt(now: number): readonly Partition[] {
  const first = weekOf(offsetAt(now));
  return Array.from({ length: WEEKS_AHEAD + 1 }, (_, ahead) => first + ahead).flatMap(partitionsOfWeek);
}

/** Names the partitions of the week that an offset is in. */
export function partitionsFor(offset: Offset): readonly Partition[] {
  return partitionsOfWeek(weekOf(offset));
}

function weekOf(offset: Offset): number {
  return Math.floor(timeOfOffset(offset) / WEEK_MS);
}

function partitionsOfWeek(week: number): readonly Partition[] {
  const startsAt = week * WEEK_MS;
  const day = new Date(startsAt).toISOString().slice(0, 10).replaceAll("-", "");
  const range = { from: offsetAt(startsAt), to: offsetAt(startsAt + WEEK_MS) };
  return PARTITIONED.map((table) => ({ table, name: `${table}_${day}`, ...range }));
}

/** Makes the partitions of this week and the next ones, each in a transaction of its own. */
export async function makePartitions(database: Database, now: number): Promise<void> {
  await addPartitions(database, partitionsAt(now));
}

/** Makes those that are not there, each in a transaction of its own. */
export async function addPartitions(database: Database, partitions: readonly Partition[]): Promise<void> {
  const known = await tableNames(database);
  for (const partition of partitions.filter(({ name }) => !known.has(name))) {
    await database.transaction(async (session) => {
      await session.script(BE_ALONE);
      // Another node may have made it.
      if (!(await tableNames(session)).has(partition.name)) {
        await session.script(scriptOf(partition));
      }
    });
  }
}

/**
 * Drops a partition of which nothing stands behind an offset, events first; says whether there was one.
 * Whoever uses the table waits for it meanwhile, so it gives up soon where others are at work.
 */
export async function dropPartition(database: Database, end: Offset): Promise<boolean> {
  const known = [...(await tableNames(database))].filter((name) => typeof name === "string").sort();
  const [over] = PARTITIONED.flatMap((table) => known.filter((name) => lastOffsetIn(table, name) <= end));
  if (over === undefined) {
    return false;
  }
  await database.transaction(async (session) => {
    await session.script(`SET LOCAL lock_timeout = '${DROP_LOCK_MS_MAX}ms'`);
    await session.script(BE_ALONE);
    // Another node may have dropped it.
    await session.script(`DROP TABLE IF EXISTS ${over}`);
  });
  return true;
}

/** The last offset of a partition of a table, by its name; infinite for others. */
function lastOffsetIn(table: Partition["table"], name: string): Offset {
  const [, of, year, month, day] = /^([a-z_]+)_(\d{4})(\d\d)(\d\d)$/.exec(name) ?? [];
  return of === table ? offsetAt(Date.parse(`${year}-${month}-${day}T00:00:00Z`) + WEEK_MS) - 1 : Infinity;
}

async function tableNames(session: Session): Promise<ReadonlySet<unknown>> {
  return new Set((await session.rows(TABLE_NAMES)).map(({ name }) => name));
}

// A table that is attached locks out nobody but who reads the default partition; one that is made as a
// partition would lock out everybody.
function scriptOf({ table, name, from, to }: Partition): string {
  return `
    CREATE TABLE ${name} (LIKE ${table} INCLUDING ALL);
    ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES FROM (${from}) TO (${to});`;
}
