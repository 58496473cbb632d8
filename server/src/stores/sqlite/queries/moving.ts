import type { MovedTable } from "../../moving/moved-tables.ts";

// What a move reads. The statements are made of the tables' descriptions, of which a test holds every column
// against the schema: written out they would be the same lists once more.

export const countRows = ({ name }: MovedTable) => `
  SELECT COUNT(*) AS rows
  FROM "${name}"`;

export const readAllRows = (table: MovedTable) => `
  SELECT ${namesOf(Object.keys(table.columns))}
  FROM "${table.name}"`;

/** Rows behind one, by their key. */
export const readRowsAfter = (table: MovedTable) => `${readAllRows(table)}
  WHERE (${namesOf(table.key)}) > (${table.key.map(() => "?").join(", ")})
  ORDER BY ${namesOf(table.key)}`;

function namesOf(columns: readonly string[]): string {
  return columns.map((name) => `"${name}"`).join(", ");
}

/** The first offset of a table at or behind one. */
export const nextOffsetIn = (table: string) => `
  SELECT MIN(offset) AS next
  FROM "${table}"
  WHERE offset >= ?`;

export const READ_PLACES = `
  SELECT head, changes, epoch, checkpoint, changes_applied, counted_to
  FROM log
  JOIN lease USING (lease)
  WHERE lease = ?`;

/** Numbers that were given, also those whose rows are gone. */
export const READ_GIVEN = `
  SELECT name, seq AS last
  FROM sqlite_sequence
  WHERE name IN ('endpoint', 'erasure', 'range_replay', 'audit')
  UNION ALL
  SELECT 'tenant', COALESCE(MAX(number), 0)
  FROM tenant
  UNION ALL
  SELECT 'api_key', COALESCE(MAX(number), 0)
  FROM api_key`;

export const READ_TENANT_SHARDS = `
  SELECT number, shard
  FROM tenant`;

export const READ_ENDPOINT_TENANTS = `
  SELECT number, tenant
  FROM endpoint`;
