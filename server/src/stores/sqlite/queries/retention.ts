// What is too old to be kept.

/** Which endpoints need something up to ?1. */
export const READ_NEEDING = `
  SELECT endpoint
  FROM lane
  WHERE position < ?1
  UNION
  SELECT endpoint
  FROM retry
  WHERE offset <= ?1
    AND cursor = 0
  ORDER BY endpoint`;

/** The last offset up to ?1 up to which nothing is in flight or needed. */
export const FIND_END = `
  SELECT MIN(
    ?1,
    (SELECT MIN(checkpoint) FROM lease),
    COALESCE((SELECT MIN(position) FROM lane), ?1),
    COALESCE((SELECT offset - 1 FROM retry WHERE cursor = 0 ORDER BY offset LIMIT 1), ?1)
  ) AS end_offset`;

export const FORGET_EVENTS = `
  DELETE FROM event
  WHERE offset IN (
    SELECT offset
    FROM event
    WHERE offset <= ?1
    ORDER BY offset
    LIMIT ?2
  )`;

export const FORGET_ATTEMPTS = `
  DELETE FROM attempt
  WHERE (offset, endpoint, cursor, number) IN (
    SELECT offset, endpoint, cursor, number
    FROM attempt
    WHERE offset <= ?1
    ORDER BY offset
    LIMIT ?2
  )`;

export const FORGET_DEAD_LETTERS = `
  DELETE FROM dead_letter
  WHERE (offset, endpoint, cursor) IN (
    SELECT offset, endpoint, cursor
    FROM dead_letter
    WHERE offset <= ?1
    ORDER BY offset
    LIMIT ?2
  )`;

/** By the index of gaps of one event. */
export const FORGET_SMALL_GAPS = `
  DELETE FROM gap
  WHERE (endpoint, from_offset, reason) IN (
    SELECT endpoint, from_offset, reason
    FROM gap
    WHERE to_offset <= ?1
      AND from_offset = to_offset
    LIMIT ?2
  )`;

/** By the index of wider ones. */
export const FORGET_WIDE_GAPS = `
  DELETE FROM gap
  WHERE (endpoint, from_offset, reason) IN (
    SELECT endpoint, from_offset, reason
    FROM gap
    WHERE to_offset <= ?1
      AND from_offset < to_offset
    LIMIT ?2
  )`;

export const FORGET_RANGE_REPLAYS = `
  DELETE FROM range_replay
  WHERE number IN (
    SELECT number
    FROM range_replay
    WHERE ended_at <= ?1
    ORDER BY ended_at
    LIMIT ?2
  )`;

/** Replays of one delivery end with their retry. The greatest number says which one is the next. */
export const FORGET_REPLAYS = `
  DELETE FROM replay
  WHERE number IN (
    SELECT number
    FROM replay
    WHERE created_at <= ?1
      AND number < (SELECT MAX(number) FROM replay)
      AND NOT EXISTS (
        SELECT 1
        FROM retry
        WHERE retry.endpoint = replay.endpoint
          AND cursor = replay.number
      )
    ORDER BY created_at
    LIMIT ?2
  )`;

/** The newest block says how far the directory has come. */
export const FORGET_BLOCKS = `
  DELETE FROM directory
  WHERE after_offset IN (
    SELECT after_offset
    FROM directory
    WHERE to_offset <= ?1
      AND after_offset < (SELECT MAX(after_offset) FROM directory)
    ORDER BY after_offset
    LIMIT ?2
  )`;
