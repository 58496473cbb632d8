// What is too old to be kept.

/** Which endpoints need something up to $2. */
export const READ_NEEDING = `
  SELECT endpoint
  FROM lane
  WHERE shard = $1
    AND position < $2
  UNION
  SELECT endpoint
  FROM retry
  WHERE shard = $1
    AND "offset" <= $2
    AND cursor = 0
  ORDER BY endpoint`;

/**
 * The last offset up to $1 up to which nothing is in flight or needed, in any shard: a partition goes for all
 * of them. What is needed only moves on, so it holds after the statement, too. A shard whose checkpoint is at
 * its head needs nothing, and what comes to it is newer than every checkpoint, whatever clock $1 is from.
 */
export const FIND_END = `
  SELECT LEAST(
    $1::bigint,
    (SELECT max(checkpoint) FROM lease),
    (SELECT min(checkpoint) FROM lease JOIN shard USING (shard) WHERE checkpoint < head),
    (SELECT min(position) FROM lane),
    (SELECT min("offset") - 1 FROM retry WHERE cursor = 0)
  ) AS end_offset`;

/** In the default partition are those that had none. */
export const FORGET_EVENTS = `
  DELETE FROM event_default
  WHERE (shard, "offset") IN (
    SELECT shard, "offset"
    FROM event_default
    WHERE "offset" <= $1
    LIMIT $2
    FOR UPDATE SKIP LOCKED
  )`;

/** A replay may write of an event whose partition has gone. */
export const FORGET_ATTEMPTS = `
  DELETE FROM attempt_default
  WHERE (shard, "offset", endpoint, cursor, number) IN (
    SELECT shard, "offset", endpoint, cursor, number
    FROM attempt_default
    WHERE "offset" <= $1
    LIMIT $2
    FOR UPDATE SKIP LOCKED
  )`;

export const FORGET_DEAD_LETTERS = `
  DELETE FROM dead_letter_default
  WHERE (shard, "offset", endpoint, cursor) IN (
    SELECT shard, "offset", endpoint, cursor
    FROM dead_letter_default
    WHERE "offset" <= $1
    LIMIT $2
    FOR UPDATE SKIP LOCKED
  )`;

export const FORGET_GAPS = `
  DELETE FROM gap
  WHERE (shard, endpoint, from_offset, reason) IN (
    SELECT shard, endpoint, from_offset, reason
    FROM gap
    WHERE to_offset <= $1
    LIMIT $2
    FOR UPDATE SKIP LOCKED
  )`;

export const FORGET_RANGE_REPLAYS = `
  DELETE FROM range_replay
  WHERE (shard, number) IN (
    SELECT shard, number
    FROM range_replay
    WHERE ended_at <= $1
    LIMIT $2
    FOR UPDATE SKIP LOCKED
  )`;

/** Replays of one delivery end with their retry. A shard's greatest number says which one is the next. */
export const FORGET_REPLAYS = `
  DELETE FROM replay
  WHERE (shard, number) IN (
    SELECT shard, number
    FROM replay AS asked
    WHERE created_at <= $1
      AND number < (SELECT max(number) FROM replay WHERE shard = asked.shard)
      AND NOT EXISTS (
        SELECT 1
        FROM retry
        WHERE retry.shard = asked.shard
          AND retry.endpoint = asked.endpoint
          AND retry.cursor = asked.number
      )
    LIMIT $2
    FOR UPDATE SKIP LOCKED
  )`;

/** The newest block of a shard says how far its directory has come. */
export const FORGET_BLOCKS = `
  DELETE FROM directory
  WHERE (shard, after_offset) IN (
    SELECT shard, after_offset
    FROM directory AS block
    WHERE to_offset <= $1
      AND after_offset < (SELECT max(after_offset) FROM directory WHERE shard = block.shard)
    LIMIT $2
    FOR UPDATE SKIP LOCKED
  )`;
