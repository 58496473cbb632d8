// Facts: what a flush writes. Every write may come twice: a flush whose COMMIT is unknown is written again.

/** The first statement of a flush: no row, no flush (invariant 7). */
export const MOVE_CHECKPOINT = `
  UPDATE lease
  SET checkpoint = MAX(checkpoint, ?3),
      changes_applied = MAX(changes_applied, ?4),
      flushes = MAX(flushes, ?5),
      counted_to = MAX(counted_to, ?6)
  WHERE lease = ?1
    AND epoch = ?2
    AND (?5 = 0 OR flushes < ?5)`;

export const FIND_FLUSH = `
  SELECT 1
  FROM lease
  WHERE lease = ?1
    AND epoch = ?2
    AND flushes >= ?3`;

export const TAKE_LEASE = `
  UPDATE lease
  SET epoch = epoch + 1,
      flushes = 0
  WHERE lease = ?
  RETURNING epoch`;

export const READ_LEASE = `
  SELECT epoch, checkpoint, changes_applied, counted_to,
         (SELECT COALESCE(MAX(number), 0) FROM replay) AS replays,
         COALESCE((SELECT to_offset FROM directory ORDER BY after_offset DESC LIMIT 1), 0) AS directory_to
  FROM lease
  WHERE lease = ?`;

/** Attempts are immutable: the first one stays. */
export const INSERT_ATTEMPT = `
  INSERT INTO attempt (
    offset, endpoint, cursor, number, started_at, duration_ms, connected_ms, headers_ms,
    verdict, reason, status, answer, payload_hash, batch, detail
  )
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO NOTHING`;

export const PUT_RETRY = `
  INSERT INTO retry (endpoint, cursor, offset, requests, used, due_at, reason)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE
  SET requests = excluded.requests,
      used = excluded.used,
      due_at = excluded.due_at,
      reason = excluded.reason`;

export const END_RETRY = `
  DELETE FROM retry
  WHERE endpoint = ?
    AND cursor = ?
    AND offset = ?`;

export const PUT_DEAD_LETTER = `
  INSERT INTO dead_letter (offset, endpoint, cursor, reason, at)
  VALUES (?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE
  SET reason = excluded.reason,
      at = excluded.at`;

export const PUT_GAP = `
  INSERT INTO gap (endpoint, from_offset, to_offset, reason, at)
  VALUES (?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE
  SET to_offset = MAX(to_offset, excluded.to_offset),
      at = excluded.at`;

export const FIND_COVERING_GAP = `
  SELECT 1
  FROM gap
  WHERE endpoint = ?
    AND reason = ?
    AND from_offset <= ?
    AND to_offset >= ?
  LIMIT 1`;

export const PUT_LANE = `
  INSERT INTO lane (endpoint, position, hold, batch)
  VALUES (?, ?, ?, ?)
  ON CONFLICT DO UPDATE
  SET position = excluded.position,
      hold = excluded.hold,
      batch = excluded.batch`;

export const RELEASE_LANE = `
  DELETE FROM lane
  WHERE endpoint = ?`;

export const PUT_REPLAY = `
  INSERT INTO replay (number, endpoint, from_offset, to_offset, changes, created_at)
  VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE
  SET endpoint = excluded.endpoint,
      from_offset = excluded.from_offset,
      to_offset = excluded.to_offset,
      changes = excluded.changes,
      created_at = excluded.created_at`;

export const PUT_FAILING = `
  INSERT INTO failing (endpoint, since)
  VALUES (?, ?)
  ON CONFLICT DO UPDATE
  SET since = excluded.since`;

export const END_FAILING = `
  DELETE FROM failing
  WHERE endpoint = ?`;

export const READ_FAILING = `
  SELECT endpoint, since
  FROM failing
  ORDER BY endpoint`;

export const READ_FAILING_SINCE = `
  SELECT since
  FROM failing
  WHERE endpoint = ?`;

export const PUT_TOLD_HOLD = `
  INSERT INTO told_hold (endpoint, since)
  VALUES (?, ?)
  ON CONFLICT DO UPDATE
  SET since = excluded.since`;

export const END_TOLD_HOLD = `
  DELETE FROM told_hold
  WHERE endpoint = ?`;

export const READ_TOLD_HOLDS = `
  SELECT endpoint, since
  FROM told_hold
  ORDER BY endpoint`;

/** What of the live cursor waits, and of replays that were asked for before a change. */
const IS_ABANDONED = `
      (cursor = 0 OR EXISTS (SELECT 1 FROM replay WHERE number = cursor AND changes < ?3))`;

export const FIND_LOWEST_RETRY = `
  SELECT MIN(offset) AS offset
  FROM retry
  WHERE endpoint = ?1
    AND offset <= ?2
    AND${IS_ABANDONED}`;

export const ABANDON_RETRIES = `
  DELETE FROM retry
  WHERE endpoint = ?1
    AND offset <= ?2
    AND${IS_ABANDONED}`;

export const READ_SETTLED = `
  SELECT offset, endpoint
  FROM attempt
  WHERE offset > ?1
    AND offset <= ?2
    AND cursor = ?4
    AND verdict IN ('delivered', 'rejected')
    AND (?3 IS NULL OR endpoint = ?3)
  UNION
  SELECT offset, endpoint
  FROM dead_letter
  WHERE offset > ?1
    AND offset <= ?2
    AND cursor = ?4
    AND (?3 IS NULL OR endpoint = ?3)
  UNION
  SELECT offset, endpoint
  FROM retry
  WHERE offset > ?1
    AND offset <= ?2
    AND cursor = ?4
    AND (?3 IS NULL OR endpoint = ?3)
  ORDER BY offset, endpoint`;

export const READ_LANES = `
  SELECT endpoint, position, hold, batch
  FROM lane
  ORDER BY endpoint`;

export const READ_LANE = `
  SELECT endpoint, position, hold, batch
  FROM lane
  WHERE endpoint = ?`;

export const READ_RETRIES = `
  SELECT endpoint, cursor, offset, requests, used, due_at, reason
  FROM retry
  WHERE (due_at, endpoint, cursor, offset) > (?1, ?2, ?3, ?4)
  ORDER BY due_at, endpoint, cursor, offset
  LIMIT ?5`;

export const READ_WAITING = `
  SELECT offset
  FROM retry
  WHERE endpoint = ?
    AND cursor = ?
    AND offset <= ?
  ORDER BY offset`;

export const READ_RETRY = `
  SELECT endpoint, cursor, offset, requests, used, due_at, reason
  FROM retry
  WHERE endpoint = ?
    AND cursor = ?
    AND offset = ?`;

export const COUNT_RETRIES = `
  SELECT endpoint, SUM(cursor = 0) AS live, SUM(cursor <> 0) AS replays
  FROM retry
  GROUP BY endpoint
  ORDER BY endpoint`;

export const COUNT_LIVE_RETRIES = `
  SELECT COUNT(*) AS retries
  FROM retry
  WHERE endpoint = ?
    AND cursor = 0`;

const ATTEMPT_COLUMNS = `
  SELECT offset, endpoint, cursor, number, started_at, duration_ms, connected_ms, headers_ms,
         verdict, reason, status, answer, payload_hash, batch, detail
  FROM attempt`;

export const READ_ATTEMPTS = `${ATTEMPT_COLUMNS}
  WHERE offset = ?
    AND endpoint = ?
  ORDER BY started_at, cursor, number`;

export const READ_ATTEMPT = `${ATTEMPT_COLUMNS}
  WHERE offset = ?
    AND endpoint = ?
    AND cursor = ?
    AND number = ?`;

export const READ_ATTEMPTS_AT = `${ATTEMPT_COLUMNS}
  WHERE offset = ?1
    AND (?2 IS NULL OR endpoint = ?2)
  ORDER BY endpoint, cursor, number`;

export const READ_RETRIES_AT = `
  SELECT endpoint, cursor, offset, requests, used, due_at, reason
  FROM retry
  WHERE offset = ?1
    AND (?2 IS NULL OR endpoint = ?2)`;

export const READ_DEAD_LETTERS_AT = `
  SELECT offset, endpoint, cursor, reason, at
  FROM dead_letter
  WHERE offset = ?1
    AND (?2 IS NULL OR endpoint = ?2)
  ORDER BY endpoint, cursor`;

const DEAD_LETTER_PLACES = `
  SELECT offset, (SELECT tenant FROM event WHERE event.offset = dead_letter.offset) AS tenant
  FROM dead_letter
  WHERE offset > ?1
    AND offset <= ?2`;

/** Newest first. */
export const SCAN_DEAD_LETTERS = `${DEAD_LETTER_PLACES}
  ORDER BY offset DESC`;

export const SCAN_DEAD_LETTERS_OF = `${DEAD_LETTER_PLACES}
    AND endpoint = ?3
  ORDER BY offset DESC`;

/** Newest first, without what is large. */
export const SCAN_ATTEMPTS = `
  SELECT offset, endpoint, cursor, number, verdict,
         (SELECT tenant FROM event WHERE event.offset = attempt.offset) AS tenant
  FROM attempt
  WHERE (offset, endpoint, cursor, number) < (?1, ?2, ?3, ?4)
    AND offset > ?5
  ORDER BY offset DESC, endpoint DESC, cursor DESC, number DESC`;
