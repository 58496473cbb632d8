// Tables whose rows are few, and are rewritten all the time.

/** A table as the migrations made it. */
export interface HotTable {
  readonly name: "shard" | "lease" | "retry" | "lane" | "node";
  /** How much of its pages is filled. */
  readonly filledPercent: number;
  /** With a handful of rows; most of it is indexes. */
  readonly pages: number;
}

export const HOT_TABLES: readonly HotTable[] = [
  { name: "shard", filledPercent: 10, pages: 3 },
  { name: "lease", filledPercent: 10, pages: 3 },
  { name: "retry", filledPercent: 70, pages: 8 },
  { name: "lane", filledPercent: 50, pages: 4 },
  { name: "node", filledPercent: 50, pages: 4 },
];

/**
 * By how many transactions the oldest one lags that somebody may still look at: open ones, those of standbys,
 * and prepared ones. A role that may not see what others do sees this.
 */
export const READ_OLDEST = `
  SELECT GREATEST(
    (
      SELECT max(age(backend_xmin))
      FROM pg_stat_activity
      WHERE pid <> pg_backend_pid()
        AND (datname = current_database() OR datname IS NULL)
    ),
    (SELECT max(age(xmin)) FROM pg_replication_slots),
    (SELECT max(age(transaction)) FROM pg_prepared_xacts WHERE database = current_database()),
    0
  ) AS lag`;

/** With their indexes; nothing is read of the tables themselves. */
export const READ_SIZES = `
  SELECT name, pg_total_relation_size(name::regclass) AS bytes
  FROM unnest($1::text[]) AS hot (name)`;

/** Of one table, what its rows take without their pages: headers and what points at them included. */
export function readLiveBytes(name: HotTable["name"]): string {
  return `
    SELECT COALESCE(sum(pg_column_size(${name}.*) + 4), 0)::bigint AS bytes
    FROM ${name}`;
}

/** Gives back the room of old versions: a copy takes the table's place, in milliseconds for a few rows. */
export function compact(name: HotTable["name"]): string {
  return `
    VACUUM (FULL) ${name}`;
}
