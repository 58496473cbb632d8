import { type LogTable, rowsAt } from "./over-part.ts";

// Facts: what a flush writes. Every write may come twice: a flush whose COMMIT is unknown is written again.

/** The first statement of a flush: no row, no flush (invariant 7). */
export const MOVE_CHECKPOINT = `
  UPDATE lease
  SET checkpoint = GREATEST(checkpoint, $3),
      changes_applied = GREATEST(changes_applied, $4),
      flushes = GREATEST(flushes, $5),
      counted_to = GREATEST(counted_to, $6)
  WHERE shard = $1
    AND epoch = $2
    AND ($5 = 0 OR flushes < $5)`;

export const FIND_FLUSH = `
  SELECT 1
  FROM lease
  WHERE shard = $1
    AND epoch = $2
    AND flushes >= $3`;

/** Returns nothing while another node holds it. */
export const TAKE_LEASE = `
  UPDATE lease
  SET epoch = epoch + 1,
      flushes = 0,
      holder = $2,
      held_until = clock_timestamp() + $3::double precision * interval '1 millisecond'
  WHERE shard = $1
    AND (holder = $2 OR held_until <= clock_timestamp())
  RETURNING epoch`;

export const RENEW_LEASE = `
  UPDATE lease
  SET held_until = clock_timestamp() + $3::double precision * interval '1 millisecond'
  WHERE shard = $1
    AND epoch = $2
    AND holder = $4`;

export const RELEASE_LEASE = `
  UPDATE lease
  SET holder = NULL,
      held_until = '-infinity'
  WHERE shard = $1
    AND epoch = $2
    AND holder = $3`;

export const READ_LEASE = `
  SELECT checkpoint, changes_applied, counted_to,
         (SELECT COALESCE(max(number), 0) FROM replay WHERE replay.shard = lease.shard) AS replays,
         COALESCE(
           (
             SELECT to_offset
             FROM directory
             WHERE directory.shard = lease.shard
             ORDER BY after_offset DESC
             LIMIT 1
           ),
           0
         ) AS directory_to
  FROM lease
  WHERE shard = $1`;

/** Attempts are immutable: the first one stays. */
export const PUT_ATTEMPTS = `
  INSERT INTO attempt (
    shard, "offset", endpoint, cursor, number, started_at, duration_ms, connected_ms, headers_ms,
    verdict, reason, status, answer, payload_hash, batch, detail
  )
  SELECT $1::integer, *
  FROM unnest(
    $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::double precision[],
    $8::double precision[], $9::double precision[], $10::text[], $11::text[], $12::bigint[],
    $13::bytea[], $14::bytea[], $15::bigint[], $16::text[]
  )
  ON CONFLICT DO NOTHING`;

export const PUT_RETRIES = `
  INSERT INTO retry (shard, endpoint, cursor, "offset", requests, used, due_at, reason)
  SELECT $1::integer, *
  FROM unnest(
    $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[]
  )
  ON CONFLICT (shard, endpoint, cursor, "offset") DO UPDATE
  SET requests = excluded.requests,
      used = excluded.used,
      due_at = excluded.due_at,
      reason = excluded.reason`;

export const END_RETRIES = `
  DELETE FROM retry
  USING unnest($2::bigint[], $3::bigint[], $4::bigint[]) AS ended (endpoint, cursor, "offset")
  WHERE retry.shard = $1
    AND retry.endpoint = ended.endpoint
    AND retry.cursor = ended.cursor
    AND retry."offset" = ended."offset"`;

export const PUT_DEAD_LETTERS = `
  INSERT INTO dead_letter (shard, "offset", endpoint, cursor, reason, at)
  SELECT $1::integer, *
  FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[])
  ON CONFLICT (shard, "offset", endpoint, cursor) DO UPDATE
  SET reason = excluded.reason,
      at = excluded.at`;

export const PUT_GAPS = `
  INSERT INTO gap (shard, endpoint, from_offset, reason, to_offset, at)
  SELECT $1::integer, *
  FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[])
  ON CONFLICT (shard, endpoint, from_offset, reason) DO UPDATE
  SET to_offset = GREATEST(gap.to_offset, excluded.to_offset),
      at = excluded.at`;

/** Written again, its retries are gone: a gap that covers it already says it all. */
export const ABANDON = `
  WITH ended AS (
    DELETE FROM retry
    WHERE shard = $1
      AND endpoint = $2
      AND "offset" <= $4
      AND (
        cursor = 0
        OR EXISTS (
          SELECT 1
          FROM replay
          WHERE replay.shard = $1
            AND replay.number = retry.cursor
            AND replay.changes < $5::bigint
        )
      )
    RETURNING "offset"
  ), released AS (
    DELETE FROM lane
    WHERE shard = $1
      AND endpoint = $2
  ), owed AS (
    SELECT LEAST($3::bigint, (SELECT min("offset") FROM ended)) AS from_offset
  )
  INSERT INTO gap (shard, endpoint, from_offset, reason, to_offset, at)
  SELECT $1, $2, owed.from_offset, $6::text, $4, $7::bigint
  FROM owed
  WHERE owed.from_offset <= $4
    AND NOT EXISTS (
      SELECT 1
      FROM gap
      WHERE shard = $1
        AND endpoint = $2
        AND reason = $6
        AND gap.from_offset <= owed.from_offset
        AND gap.to_offset >= $4
    )
  ON CONFLICT (shard, endpoint, from_offset, reason) DO UPDATE
  SET to_offset = GREATEST(gap.to_offset, excluded.to_offset),
      at = excluded.at`;

export const PUT_LANES = `
  INSERT INTO lane (shard, endpoint, position, hold, batch)
  SELECT $1::integer, *
  FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[])
  ON CONFLICT (shard, endpoint) DO UPDATE
  SET position = excluded.position,
      hold = excluded.hold,
      batch = excluded.batch`;

export const RELEASE_LANES = `
  DELETE FROM lane
  WHERE shard = $1
    AND endpoint = ANY ($2::bigint[])`;

export const PUT_REPLAYS = `
  INSERT INTO replay (shard, number, endpoint, from_offset, to_offset, changes, created_at)
  SELECT $1::integer, *
  FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
  ON CONFLICT (shard, number) DO UPDATE
  SET endpoint = excluded.endpoint,
      from_offset = excluded.from_offset,
      to_offset = excluded.to_offset,
      changes = excluded.changes,
      created_at = excluded.created_at`;

export const PUT_FAILING = `
  INSERT INTO failing (shard, endpoint, since)
  SELECT $1::integer, *
  FROM unnest($2::bigint[], $3::bigint[])
  ON CONFLICT (shard, endpoint) DO UPDATE
  SET since = excluded.since`;

export const END_FAILING = `
  DELETE FROM failing
  WHERE shard = $1
    AND endpoint = ANY ($2::bigint[])`;

export const READ_FAILING = `
  SELECT endpoint, since
  FROM failing
  WHERE shard = $1
  ORDER BY endpoint`;

export const PUT_TOLD_HOLDS = `
  INSERT INTO told_hold (shard, endpoint, since)
  SELECT $1::integer, *
  FROM unnest($2::bigint[], $3::bigint[])
  ON CONFLICT (shard, endpoint) DO UPDATE
  SET since = excluded.since`;

export const END_TOLD_HOLDS = `
  DELETE FROM told_hold
  WHERE shard = $1
    AND endpoint = ANY ($2::bigint[])`;

export const READ_TOLD_HOLDS = `
  SELECT endpoint, since
  FROM told_hold
  WHERE shard = $1
  ORDER BY endpoint`;

export const READ_SETTLED = `
  SELECT "offset", endpoint
  FROM attempt
  WHERE shard = $1
    AND "offset" > $2
    AND "offset" <= $3
    AND cursor = $5
    AND verdict IN ('delivered', 'rejected')
    AND ($4::bigint IS NULL OR endpoint = $4)
  UNION
  SELECT "offset", endpoint
  FROM dead_letter
  WHERE shard = $1
    AND "offset" > $2
    AND "offset" <= $3
    AND cursor = $5
    AND ($4::bigint IS NULL OR endpoint = $4)
  UNION
  SELECT "offset", endpoint
  FROM retry
  WHERE shard = $1
    AND "offset" > $2
    AND "offset" <= $3
    AND cursor = $5
    AND ($4::bigint IS NULL OR endpoint = $4)
  ORDER BY "offset", endpoint`;

export const READ_LANES = `
  SELECT endpoint, position, hold, batch
  FROM lane
  WHERE shard = $1
  ORDER BY endpoint`;

/** What is stored of some lanes, each in a row whether it has one of its own or not. */
export const READ_LANES_OF = `
  SELECT
    lane.endpoint, position, hold, batch,
    (
      SELECT checkpoint
      FROM lease
      WHERE shard = $1
    ) AS checkpoint,
    (
      SELECT count(*)
      FROM retry
      WHERE shard = $1
        AND retry.endpoint = asked.endpoint
        AND cursor = 0
    ) AS retries,
    (
      SELECT since
      FROM failing
      WHERE shard = $1
        AND failing.endpoint = asked.endpoint
    ) AS since
  FROM unnest($2::bigint[]) WITH ORDINALITY AS asked (endpoint, place)
  LEFT JOIN lane
    ON lane.shard = $1
    AND lane.endpoint = asked.endpoint
  ORDER BY place`;

const retriesFrom = (rows: string): string => `
  SELECT retry.endpoint, retry.cursor, retry."offset", requests, used, due_at, reason
  FROM ${rows}`;

export const READ_RETRIES = `${retriesFrom("retry")}
  WHERE shard = $1
    AND (due_at, endpoint, cursor, "offset") > ($2::bigint, $3::bigint, $4::bigint, $5::bigint)
  ORDER BY due_at, endpoint, cursor, "offset"
  LIMIT $6`;

export const READ_WAITING = `
  SELECT "offset"
  FROM retry
  WHERE shard = $1
    AND endpoint = $2
    AND cursor = $3
    AND "offset" <= $4
  ORDER BY "offset"`;

export const READ_RETRY = `${retriesFrom("retry")}
  WHERE shard = $1
    AND endpoint = $2
    AND cursor = $3
    AND "offset" = $4`;

export const COUNT_RETRIES = `
  SELECT endpoint,
         count(*) FILTER (WHERE cursor = 0) AS live,
         count(*) FILTER (WHERE cursor <> 0) AS replays
  FROM retry
  WHERE shard = $1
  GROUP BY endpoint
  ORDER BY endpoint`;

/** Rows about the events at $2, of one endpoint, $3, or of all. */
function factsAt(table: LogTable): string {
  return rowsAt(table, "$2", `($3::bigint IS NULL OR ${table}.endpoint = $3)`);
}

const attemptsFrom = (rows: string): string => `
  SELECT attempt."offset", attempt.endpoint, attempt.cursor, attempt.number, started_at, duration_ms,
         connected_ms, headers_ms, verdict, reason, status, answer, payload_hash, batch, detail
  FROM ${rows}`;

export const READ_ATTEMPTS = `${attemptsFrom("attempt")}
  WHERE shard = $1
    AND "offset" = $2
    AND endpoint = $3
  ORDER BY started_at, cursor, number`;

/** Each in its place in the order that was asked. */
export const READ_LISTED_ATTEMPTS = `${attemptsFrom("attempt")}
  JOIN unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
    WITH ORDINALITY AS asked ("offset", endpoint, cursor, number, place)
    ON attempt.shard = $1
    AND attempt."offset" = asked."offset"
    AND attempt.endpoint = asked.endpoint
    AND attempt.cursor = asked.cursor
    AND attempt.number = asked.number
  ORDER BY place`;

export const READ_ATTEMPTS_AT = `${attemptsFrom(factsAt("attempt"))}
  ORDER BY "offset", endpoint, cursor, number`;

export const READ_RETRIES_AT = `${retriesFrom(factsAt("retry"))}
  ORDER BY endpoint, cursor, "offset"`;

export const READ_DEAD_LETTERS_AT = `
  SELECT "offset", endpoint, cursor, reason, at
  FROM ${factsAt("dead_letter")}
  ORDER BY "offset", endpoint, cursor`;

/** Newest first, without what is large; of some events, or all in a range. */
export const SCAN_DEAD_LETTERS = scanDeadLetters("");
export const SCAN_DEAD_LETTERS_OF = scanDeadLetters("AND endpoint = $5");

function scanDeadLetters(chosen: string): string {
  return `
  SELECT "offset",
    (
      SELECT tenant
      FROM event
      WHERE event.shard = $1
        AND event."offset" = dead_letter."offset"
    ) AS tenant
  FROM dead_letter
  WHERE shard = $1
    AND "offset" > $2
    AND "offset" <= $3
    ${chosen}
  ORDER BY "offset" DESC
  LIMIT $4`;
}
