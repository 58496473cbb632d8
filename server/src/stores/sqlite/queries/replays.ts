// Replays of ranges: the API writes down what is wanted, the lease's owner what is.

const COLUMNS = `
  number, tenant, source, endpoint, from_offset, to_offset, chosen_by, types, rate, changes, created_at, wish,
  position, looked_at, chosen, passed_over, delivered, failed, ended, reason, ended_at`;

/** Up to the head at most. */
export const REQUEST_REPLAY = `
  INSERT INTO range_replay (
    tenant, source, endpoint, from_offset, to_offset, chosen_by, types, rate, changes, created_at, position
  )
  SELECT ?2, ?3, ?4, ?5, MAX(?5, MIN(?6, head)), ?7, ?8, ?9, changes, ?10, ?5 - 1
  FROM log
  WHERE lease = ?1
  RETURNING ${COLUMNS}`;

export const STEER_REPLAY = `
  UPDATE range_replay
  SET wish = ?3
  WHERE tenant = ?1
    AND number = ?2
    AND ended IS NULL
    AND wish <> 'cancel'`;

export const FIND_REPLAY = `
  SELECT ${COLUMNS}
  FROM range_replay
  WHERE tenant = ?1
    AND number = ?2`;

export const LIST_REPLAYS = `
  SELECT ${COLUMNS}
  FROM range_replay
  WHERE tenant = ?1
    AND (?2 IS NULL OR endpoint = ?2)
    AND (ended IS NULL OR NOT ?3)
    AND number < ?4
  ORDER BY number DESC
  LIMIT ?5`;

export const READ_OPEN_REPLAYS = `
  SELECT ${COLUMNS},
         (
           SELECT COUNT(*)
           FROM retry
           WHERE retry.endpoint = range_replay.endpoint
             AND cursor = range_replay.number
         ) AS waiting
  FROM range_replay
  WHERE ended IS NULL
  ORDER BY number`;

export const MOVE_REPLAY = `
  UPDATE range_replay
  SET position = ?2,
      looked_at = ?3,
      chosen = ?4,
      passed_over = ?5,
      delivered = ?6,
      failed = ?7,
      ended = ?8,
      reason = ?9,
      ended_at = ?10
  WHERE number = ?1
    AND ended IS NULL`;

export const END_RETRIES_OF_REPLAY = `
  DELETE FROM retry
  WHERE endpoint = ?1
    AND cursor = ?2`;
