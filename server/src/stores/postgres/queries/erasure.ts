import { fewOffsets, overPart, rowsAt } from "./over-part.ts";

// Erasure: what is left of an event is all that routing, order and counts go by.

/** Of what is stored now. */
export const REQUEST_ERASURE = `
  INSERT INTO erasure (shard, tenant, subject, from_offset, to_offset)
  SELECT $1::integer, $2::bigint, $3::text, COALESCE($4::bigint, 0), COALESCE($4::bigint, head)
  FROM shard
  WHERE shard = $1`;

export const READ_ERASURES = `
  SELECT number, tenant, subject, from_offset, to_offset
  FROM erasure
  WHERE shard = $1
  ORDER BY number`;

export const MOVE_ERASURE = `
  UPDATE erasure
  SET from_offset = LEAST($3, to_offset)
  WHERE shard = $1
    AND number = $2
    AND from_offset < $3`;

export const END_ERASURE = `
  DELETE FROM erasure
  WHERE shard = $1
    AND number = $2`;

export const SCAN_ERASABLE = overPart(
  { table: "event", range: ["$2", "$3"], offsets: "$5" },
  (events) => `
  SELECT "offset",
         CASE
           WHEN tenant = $6 AND ($7::text IS NULL OR subject = $7) THEN octet_length(data)
           ELSE 0
         END AS data_bytes
  FROM ${events}
  ORDER BY "offset"
  LIMIT $4`,
);

export const ERASE_EVENTS = `
  UPDATE event
  SET subject = NULL,
      data = '',
      extensions = NULL
  FROM ${fewOffsets("SELECT $2::bigint[]")}
  WHERE shard = $1
    AND event."offset" = asked."offset"
    AND tenant = $3
  RETURNING event."offset"`;

/** What a batch was answered stands at its last member, whichever of them is erased. */
export const ERASE_ANSWERS = `
  UPDATE attempt
  SET answer = NULL,
      payload_hash = NULL
  FROM ${fewOffsets(`
    SELECT array_agg("offset")
    FROM (
      SELECT unnest($2::bigint[]) AS "offset"
      UNION
      SELECT batch
      FROM ${rowsAt("attempt", "$2", "batch IS NOT NULL")}
    ) AS answered`)}
  WHERE shard = $1
    AND attempt."offset" = asked."offset"`;

/**
 * No request has an empty hash: what comes with such a key again is refused until the key expires. Nothing
 * says which keys these are but a look at each of the tenant's, of which there may be a million: so each is
 * found among the offsets by halves, not by a look at all of them.
 */
export const ERASE_KEY_HASHES = `
  UPDATE event_key
  SET hash = ''
  FROM (
    SELECT array_agg("offset" ORDER BY "offset") AS offsets
    FROM unnest($3::bigint[]) AS erased ("offset")
  ) AS erased
  WHERE shard = $1
    AND tenant = $2
    AND width_bucket(first_offset - 1, erased.offsets)
      < width_bucket(first_offset + count - 1, erased.offsets)`;
