// The directory: what stretches of the log hold, so that what is sparse is found without reading them.

/** A block that is written again says the same, or more than may be said after an erasure. */
export const PUT_BLOCKS = `
  INSERT INTO directory (shard, after_offset, to_offset, block, tenants)
  SELECT $1::integer, after_offset, to_offset, block, string_to_array(tenants, ' ')::bigint[]
  FROM unnest($2::bigint[], $3::bigint[], $4::bytea[], $5::text[])
    AS fresh (after_offset, to_offset, block, tenants)
  ON CONFLICT DO NOTHING`;

/**
 * A block is many kilobytes. One in which the tenant has nothing is not even read; the others come as base64,
 * which is read several times faster than the two digits a byte that they would come as, and are made so
 * after the LIMIT: where a plan sorts, it would else make all.
 */
const scanOf = (order: "ASC" | "DESC") => `
  SELECT after_offset, to_offset,
         CASE WHEN ($5::bigint = ANY (tenants)) IS NOT FALSE THEN encode(block, 'base64') END AS block
  FROM (
    SELECT after_offset, to_offset, block, tenants
    FROM directory
    WHERE shard = $1
      AND after_offset >= (
        SELECT COALESCE(max(after_offset), 0)
        FROM directory
        WHERE shard = $1
          AND after_offset <= $2
      )
      AND after_offset < $3
    ORDER BY after_offset ${order}
    LIMIT $4
  ) AS scanned
  ORDER BY after_offset ${order}`;

/**
 * The first blocks that have a part in the stretch after $2 up to $3, those without anything of the tenant $5
 * as NULL. They never overlap.
 */
export const SCAN_BLOCKS = scanOf("ASC");

/** As SCAN_BLOCKS, newest first. */
export const SCAN_BLOCKS_DOWNWARDS = scanOf("DESC");

/** The blocks that some events are in. */
export const READ_BLOCKS_OF = `
  SELECT DISTINCT block_of.after_offset, to_offset, encode(block, 'base64') AS block
  FROM unnest($2::bigint[]) AS erased ("offset"), LATERAL (
    SELECT after_offset, to_offset, block
    FROM directory
    WHERE shard = $1
      AND after_offset < erased."offset"
    ORDER BY after_offset DESC
    LIMIT 1
  ) AS block_of
  WHERE to_offset >= erased."offset"`;

export const CHANGE_BLOCK = `
  UPDATE directory
  SET block = $3
  WHERE shard = $1
    AND after_offset = $2`;

export const REMOVE_BLOCK = `
  DELETE FROM directory
  WHERE shard = $1
    AND after_offset = $2`;
