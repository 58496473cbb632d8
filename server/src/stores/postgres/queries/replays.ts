// Replays of ranges: the API writes down what is wanted, the lease's owner what is.

const COLUMNS = `
  number, tenant, source, endpoint, from_offset, to_offset, chosen_by, types, rate, changes, created_at, wish,
  position, looked_at, chosen, passed_over, delivered, failed, ended, reason, ended_at`;

/** Up to the head at most; the tenant is not deleted meanwhile. */
export const REQUEST_REPLAY = `
  WITH live AS (
    SELECT number
    FROM tenant
    WHERE number = $2
      AND deleted_at IS NULL
    FOR SHARE
  )
  INSERT INTO range_replay (
    shard, tenant, source, endpoint, from_offset, to_offset, chosen_by, types, rate, changes, created_at,
    position
  )
  SELECT $1::integer, live.number, $3::bigint, $4::bigint, $5::bigint,
         GREATEST($5::bigint, LEAST($6::bigint, head)), $7::text, $8::text, $9::double precision, changes,
         $10::bigint, $5::bigint - 1
  FROM shard, live
  WHERE shard = $1
  RETURNING ${COLUMNS}`;

export const STEER_REPLAY = `
  UPDATE range_replay
  SET wish = $4
  WHERE shard = $1
    AND tenant = $2
    AND number = $3
    AND ended IS NULL
    AND wish <> 'cancel'`;

export const FIND_REPLAY = `
  SELECT ${COLUMNS}
  FROM range_replay
  WHERE shard = $1
    AND tenant = $2
    AND number = $3`;

export const LIST_REPLAYS = `
  SELECT ${COLUMNS}
  FROM range_replay
  WHERE tenant = $1
    AND ($2::bigint IS NULL OR endpoint = $2)
    AND (ended IS NULL OR $3::integer = 0)
    AND number < $4
  ORDER BY number DESC
  LIMIT $5`;

export const READ_OPEN_REPLAYS = `
  SELECT ${COLUMNS},
         (
           SELECT COUNT(*)
           FROM retry
           WHERE retry.shard = range_replay.shard
             AND retry.endpoint = range_replay.endpoint
             AND retry.cursor = range_replay.number
         ) AS waiting
  FROM range_replay
  WHERE shard = $1
    AND ended IS NULL
  ORDER BY number`;

export const MOVE_REPLAY = `
  UPDATE range_replay
  SET position = $3,
      looked_at = $4,
      chosen = $5,
      passed_over = $6,
      delivered = $7,
      failed = $8,
      ended = $9,
      reason = $10,
      ended_at = $11
  WHERE shard = $1
    AND number = $2
    AND ended IS NULL`;

export const END_RETRIES_OF_REPLAY = `
  DELETE FROM retry
  WHERE shard = $1
    AND endpoint = $2
    AND cursor = $3`;
