import type { ColumnKind, MovedTable } from "../../moving/moved-tables.ts";

// What a move writes, and reads back. As in SQLite, the statements are made of the tables' descriptions.

const ARRAYS: Readonly<Record<ColumnKind, string>> = {
  integer: "bigint[]",
  real: "double precision[]",
  text: "text[]",
  bytes: "bytea[]",
};

/** Stores rows whose columns come as arrays, with their shards first where the table has them. */
export function insertRows({ name, shardBy, columns, added }: MovedTable): string {
  const stored = [...(shardBy === undefined ? [] : ["shard"]), ...Object.keys(columns)];
  const kinds = [...(shardBy === undefined ? [] : ["integer" as const]), ...Object.values(columns)];
  const parameters = kinds.map((kind, index) => `$${index + 1}::${ARRAYS[kind]}`);
  return `
  INSERT INTO "${name}" (${namesOf([...stored, ...Object.keys(added)])})
  OVERRIDING SYSTEM VALUE
  SELECT ${["moved.*", ...Object.values(added)].join(", ")}
  FROM unnest(${parameters.join(", ")}) AS moved`;
}

/** Reads all rows of a table from one moment, bytes as their hash. */
export function declareRows(table: MovedTable): string {
  const values = Object.entries(table.columns).map(([column, kind]) =>
    kind === "bytes" ? `encode(sha256("${column}"), 'hex') AS "${column}"` : `"${column}"`,
  );
  return `
  DECLARE ${cursorOf(table)} NO SCROLL CURSOR FOR
  SELECT ${[...(table.shardBy === undefined ? [] : ["shard"]), ...values].join(", ")}
  FROM "${table.name}"`;
}

export const fetchRows = (table: MovedTable, count: number) => `
  FETCH FORWARD ${count} FROM ${cursorOf(table)}`;

function cursorOf({ name }: MovedTable): string {
  return `moved_${name}`;
}

function namesOf(columns: readonly string[]): string {
  return columns.map((name) => `"${name}"`).join(", ");
}

/** The tables of a list that have rows. */
export const findFilled = (tables: readonly string[]) =>
  tables
    .map((name) => `SELECT '${name}' AS name WHERE EXISTS (SELECT 1 FROM "${name}")`)
    .join("\n  UNION ALL\n  ");

/** Who has the database open to serve it, or to change it. */
export const FIND_OPENERS = `
  SELECT pid
  FROM pg_stat_activity
  WHERE datname = current_database()
    AND application_name = 'posthorn'`;

/** Returns nothing if somebody else has moved on from what was seen. */
export const REPLACE_MARK = `
  UPDATE meta
  SET value = $3
  WHERE name = $1
    AND value = $2`;

/** Every shard stands where the one log stood: offsets, changes and what is settled mean what they meant. */
export const PLACE_SHARDS = `
  UPDATE shard
  SET head = $1,
      previous_head = $1,
      changes = $2`;

export const PLACE_LEASES = `
  UPDATE lease
  SET epoch = $1,
      checkpoint = $2,
      changes_applied = $3,
      counted_to = $4`;

export const COUNT_UNPLACED = `
  SELECT count(*) AS unplaced
  FROM shard
  LEFT JOIN lease USING (shard)
  WHERE (head, changes, epoch, checkpoint, changes_applied, counted_to)
    IS DISTINCT FROM ($1::bigint, $2::bigint, $3::bigint, $4::bigint, $5::bigint, $6::bigint)`;

/** The next number of a table is the one behind it; those of endpoints come from a sequence of their own. */
export const SET_GIVEN = `
  SELECT setval(COALESCE(pg_get_serial_sequence($1::text, 'number'), $1 || '_number')::regclass, $2::bigint)`;
