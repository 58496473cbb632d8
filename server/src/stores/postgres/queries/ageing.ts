// What is kept for less time than its event.

/**
 * OFFSET 0 keeps the planner from reading every fact there is, once it knows that there are many events,
 * instead of those of as many events as make a page.
 */
const scan = (isThere: string): string => `
  SELECT "offset", tenant, (${isThere})::integer AS is_there, (
      NOT EXISTS (
        SELECT 1
        FROM retry
        WHERE retry.shard = event.shard
          AND retry."offset" = event."offset"
        OFFSET 0
      )
      AND NOT EXISTS (
        SELECT 1
        FROM attempt
        WHERE attempt.shard = event.shard
          AND attempt."offset" = event."offset"
          AND started_at > $5
        OFFSET 0
      )
      AND NOT EXISTS (
        SELECT 1
        FROM dead_letter
        WHERE dead_letter.shard = event.shard
          AND dead_letter."offset" = event."offset"
          AND at > $5
        OFFSET 0
      )
    )::integer AS is_over
  FROM event
  WHERE shard = $1
    AND "offset" > $2
    AND "offset" <= $3
  ORDER BY "offset"
  LIMIT $4`;

export const SCAN_PAYLOADS = scan("octet_length(data) > 0");

/** Every request that was made has the hash of its payload. */
export const SCAN_ANSWERS = scan(`
    EXISTS (
      SELECT 1
      FROM attempt
      WHERE attempt.shard = event.shard
        AND attempt."offset" = event."offset"
        AND (answer IS NOT NULL OR payload_hash IS NOT NULL)
      OFFSET 0
    )`);

export const SCAN_DEAD_LETTERS = scan(`
    EXISTS (
      SELECT 1
      FROM dead_letter
      WHERE dead_letter.shard = event.shard
        AND dead_letter."offset" = event."offset"
        AND cursor = 0
      OFFSET 0
    )`);

export const READ_CHECKPOINT = `
  SELECT checkpoint
  FROM lease
  WHERE shard = $1`;

export const READ_RETENTIONS = `
  SELECT number AS tenant, retention
  FROM tenant
  WHERE retention <> '{}'
    AND deleted_at IS NULL
  ORDER BY number`;

/** What was given up becomes a gap. */
export const EXPIRE_DEAD_LETTERS = `
  WITH ended AS (
    DELETE FROM dead_letter
    WHERE shard = $1
      AND "offset" = ANY ($2::bigint[])
      AND cursor = 0
    RETURNING endpoint, "offset"
  )
  INSERT INTO gap (shard, endpoint, from_offset, reason, to_offset, at)
  SELECT $1::integer, endpoint, "offset", 'expired', "offset", $3::bigint
  FROM ended
  ON CONFLICT (shard, endpoint, from_offset, reason) DO UPDATE
  SET to_offset = GREATEST(gap.to_offset, excluded.to_offset),
      at = excluded.at`;
