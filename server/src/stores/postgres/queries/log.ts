import { OFFSET_NOW } from "./clock.ts";
import { overPart } from "./over-part.ts";

// The log: what accepting writes, and how it is read back.

export const READ_SHARDS = `
  SELECT shard
  FROM shard
  ORDER BY shard`;

export const ADD_SHARDS = `
  INSERT INTO shard (shard)
  SELECT generate_series(0, $1::integer - 1)
  WHERE NOT EXISTS (SELECT 1 FROM shard)`;

/** Looks first: ON CONFLICT waits for what changes the row, such as a flush of a node that stands still. */
export const ADD_LEASES = `
  INSERT INTO lease (shard)
  SELECT shard
  FROM shard
  WHERE NOT EXISTS (SELECT 1 FROM lease WHERE lease.shard = shard.shard)
  ON CONFLICT DO NOTHING`;

export const READ_HEAD = `
  SELECT head, changes
  FROM shard
  WHERE shard = $1`;

/** Tenants that are not deleted, and the count of deletions at which that was so. */
export const READ_LIVE = `
  SELECT deletions,
    ARRAY(
      SELECT number
      FROM tenant
      WHERE number = ANY ($2::bigint[])
        AND deleted_at IS NULL
    )::text[] AS live
  FROM shard
  WHERE shard = $1`;

/** Held to the end of a transaction: what the shard's keys are, no other changes meanwhile. */
export const LOCK_SHARD = `
  SELECT deletions
  FROM shard
  WHERE shard = $1
  FOR UPDATE`;

/**
 * Moves the head by as many events as there are, and stores them with their keys: a commit by itself, so that
 * a node that stands still holds no lock. Returns nothing if a tenant was deleted since it was looked at.
 * Fails if a key is there. Where no event has extensions, there is no array of them.
 */
export const APPEND = `
  WITH place AS (
    UPDATE shard
    SET previous_head = head,
        head = GREATEST(head + 1, COALESCE($3::bigint, ${OFFSET_NOW})) + cardinality($4::bigint[]) - 1
    WHERE shard = $1
      AND deletions = $2
    RETURNING previous_head, head, head - cardinality($4::bigint[]) + 1 AS next, changes
  ), stored AS (
    INSERT INTO event (
      shard, "offset", tenant, type, subject, occurred_at, expires_at, to_endpoint, data, extensions
    )
    SELECT $1, next + ahead - 1, tenant, type, subject, occurred_at, expires_at, to_endpoint, data, extensions
    FROM place, unnest(
      $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bytea[],
      $17::text[]
    ) WITH ORDINALITY
      AS fresh (tenant, type, subject, occurred_at, expires_at, to_endpoint, data, extensions, ahead)
  ), kept AS (
    INSERT INTO event_key (shard, key, tenant, first_offset, count, hash, expires_at)
    SELECT $1, key, tenant, next + ahead, count, hash, expires_at
    FROM place, unnest(
      $11::bigint[], $12::text[], $13::bigint[], $14::bigint[], $15::bytea[], $16::bigint[]
    ) AS fresh (tenant, key, ahead, count, hash, expires_at)
  )
  SELECT previous_head, head, next, changes
  FROM place`;

/** An expired key counts as absent. */
export const READ_KEY = `
  SELECT first_offset, count, hash
  FROM event_key
  WHERE shard = $1
    AND tenant = $2
    AND key = $3
    AND expires_at >= $4`;

export const READ_KEYS = `
  SELECT event_key.tenant, event_key.key, first_offset, count, hash
  FROM unnest($2::bigint[], $3::text[]) AS asked (tenant, key)
  JOIN event_key
    ON event_key.shard = $1
    AND event_key.tenant = asked.tenant
    AND event_key.key = asked.key
  WHERE expires_at >= $4`;

export const DROP_EXPIRED_KEYS = `
  DELETE FROM event_key
  USING unnest($2::bigint[], $3::text[]) AS asked (tenant, key)
  WHERE event_key.shard = $1
    AND event_key.tenant = asked.tenant
    AND event_key.key = asked.key
    AND expires_at < $4`;

/** Every node reaps: what one is about to remove, another leaves alone. */
export const REAP_KEYS = `
  DELETE FROM event_key
  WHERE (shard, key, tenant) IN (
    SELECT shard, key, tenant
    FROM event_key
    WHERE expires_at < $1
    ORDER BY expires_at
    LIMIT $2
    FOR UPDATE SKIP LOCKED
  )`;

/**
 * Events in a range, or some of them: up to a bound in bytes, but one at least. `looked` says how many there
 * would be without it. Others' data is not even read.
 */
export const READ_LOG = overPart(
  { table: "event", range: ["$2", "$3"], offsets: "$7" },
  (events) => `
  SELECT "offset", tenant, type, subject, occurred_at, expires_at, to_endpoint, data_bytes, looked,
         CASE WHEN is_wanted THEN data END AS data, CASE WHEN is_wanted THEN extensions END AS extensions
  FROM (
    SELECT *,
           count(*) OVER () AS looked,
           sum(CASE WHEN is_wanted THEN data_bytes ELSE 0 END) OVER (ORDER BY "offset") AS bytes
    FROM (
      SELECT *, octet_length(data) AS data_bytes, $6::bigint IS NULL OR tenant = $6 AS is_wanted
      FROM ${events}
      ORDER BY "offset"
      LIMIT $4
    ) AS scanned
  ) AS counted
  WHERE bytes <= $5
    OR is_wanted AND bytes = data_bytes
  ORDER BY "offset"`,
);

const EVENT_COLUMNS = `
  SELECT event."offset", tenant, type, subject, occurred_at, expires_at, to_endpoint, data, extensions`;

export const READ_EVENT = `${EVENT_COLUMNS}
  FROM event
  WHERE shard = $1
    AND "offset" = $2
    AND tenant = $3`;

/** In the order in which they are asked for; each is looked up by itself, for the reason of `rowsAt`. */
const EVENTS_ASKED_FOR = `
  FROM unnest($2::bigint[]) WITH ORDINALITY AS asked ("offset", place), LATERAL (
    SELECT *
    FROM event
    WHERE shard = $1
      AND event."offset" = asked."offset"
    OFFSET 0
  ) AS event
  ORDER BY place`;

export const READ_EVENTS = EVENT_COLUMNS + EVENTS_ASKED_FOR;

/** Of a value that is kept apart the length is known without reading it. */
export const READ_LISTED_EVENTS = `
  SELECT event."offset", tenant, type, subject, occurred_at, expires_at, to_endpoint,
         octet_length(data) AS data_bytes
  ${EVENTS_ASKED_FOR}`;

const scan = (events: string): string => `
  SELECT "offset", tenant, type, subject
  FROM ${events}`;

/** Newest first, without data; of some events, or all in a range. */
export const SCAN_EVENTS = overPart(
  { table: "event", range: ["$2", "$3"], offsets: "$5" },
  (events) => `${scan(events)}
  ORDER BY "offset" DESC
  LIMIT $4`,
);

/** As SCAN_EVENTS, oldest first. */
export const SCAN_EVENTS_UPWARDS = overPart(
  { table: "event", range: ["$2", "$3"], offsets: "$5" },
  (events) => `${scan(events)}
  ORDER BY "offset"
  LIMIT $4`,
);

/**
 * Events after $2, and whether a fact says that $7 need not be sent them; gaps are read apart. OFFSET 0 keeps
 * the planner from reading every fact of the endpoint there is instead of those of some events.
 */
export const SCAN_UNSETTLED = overPart(
  { table: "event", range: ["$2", "$3"], offsets: "$5" },
  (events) => `
  SELECT "offset", tenant, type, subject, occurred_at, expires_at, to_endpoint,
    (
      tenant <> $6
        OR EXISTS (
          SELECT 1
          FROM attempt
          WHERE attempt.shard = $1
            AND attempt."offset" = event."offset"
            AND endpoint = $7
            AND cursor = 0
            AND verdict IN ('delivered', 'rejected')
          OFFSET 0
        )
        OR EXISTS (
          SELECT 1
          FROM dead_letter
          WHERE dead_letter.shard = $1
            AND dead_letter."offset" = event."offset"
            AND endpoint = $7
            AND cursor = 0
          OFFSET 0
        )
        OR EXISTS (
          SELECT 1
          FROM retry
          WHERE retry.shard = $1
            AND endpoint = $7
            AND cursor = 0
            AND retry."offset" = event."offset"
          OFFSET 0
        )
    )::integer AS is_passed
  FROM ${events}
  ORDER BY "offset"
  LIMIT $4`,
);
