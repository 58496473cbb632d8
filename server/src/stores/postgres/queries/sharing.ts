import { BACKED_UP_AT } from "./registry.ts";

// How nodes share the leases of one log, by the database's clock.

const HELD_FROM_NOW = "clock_timestamp() + $2::double precision * interval '1 millisecond'";

/** Nothing is written while a node has said lately that it is there. */
export const MEET = `
  WITH met AS (
    INSERT INTO node (holder, alive_until, version)
    SELECT $1, ${HELD_FROM_NOW}, $3
    WHERE NOT EXISTS (
      SELECT 1
      FROM node
      WHERE holder = $1
        AND alive_until > clock_timestamp() + $2::double precision * interval '0.67 millisecond'
    )
    ON CONFLICT (holder) DO UPDATE
    SET alive_until = excluded.alive_until
  )
  SELECT
    (
      SELECT count(*) + 1
      FROM node
      WHERE holder <> $1
        AND alive_until > clock_timestamp()
    ) AS nodes,
    ARRAY(
      SELECT shard
      FROM lease
      WHERE held_until <= clock_timestamp()
    )::text[] AS free,
    ARRAY(
      SELECT DISTINCT unnest(watches)
      FROM node
      WHERE holder <> $1
        AND watches_until > clock_timestamp()
    )::text[] AS watched,
    (SELECT convert_from(value, 'UTF8') FROM meta WHERE name = '${BACKED_UP_AT}')::bigint AS backed_up_at`;

/** What another claims at the same time is left to it. */
export const CLAIM_LEASES = `
  UPDATE lease
  SET holder = $1,
      held_until = ${HELD_FROM_NOW}
  WHERE shard IN (
    SELECT shard
    FROM lease
    WHERE held_until <= clock_timestamp()
      AND shard = ANY ($3::bigint[])
    FOR UPDATE SKIP LOCKED
  )
  RETURNING shard`;

/** Beside this node, those that ended long ago without a word. */
export const LEAVE = `
  DELETE FROM node
  WHERE holder = $1
    OR alive_until < clock_timestamp() - interval '1 hour'`;

export const READ_NEWS = `
  SELECT shard, head, changes,
    EXISTS (SELECT 1 FROM command WHERE command.shard = shard.shard AND NOT is_done)::integer AS is_asked,
    EXISTS (SELECT 1 FROM outbox WHERE outbox.shard = shard.shard)::integer AS has_outgoing,
    EXISTS (SELECT 1 FROM inbox WHERE inbox.shard = shard.shard)::integer AS has_inbox,
    EXISTS (SELECT 1 FROM erasure WHERE erasure.shard = shard.shard)::integer AS has_erasures
  FROM shard
  WHERE shard = ANY ($1::bigint[])`;

export const HINT = `
  SELECT pg_notify('posthorn', lease::text)
  FROM unnest($1::bigint[]) AS lease`;

export const LISTEN = `
  LISTEN posthorn`;

/** With it go answers that nobody came for. */
export const ASK = `
  WITH forgotten AS (
    DELETE FROM command
    WHERE shard = $1
      AND is_done
      AND asked_at < clock_timestamp() - interval '1 hour'
  )
  INSERT INTO command (shard, what, asked_at)
  VALUES ($1, $2, clock_timestamp())
  RETURNING number`;

export const TAKE_ANSWER = `
  DELETE FROM command
  WHERE shard = $1
    AND number = $2
    AND answer IS NOT NULL
  RETURNING answer`;

export const READ_ASKED = `
  SELECT number, what
  FROM command
  WHERE shard = $1
    AND NOT is_done
  ORDER BY number
  LIMIT $2`;

/** An answer stays, whatever is written again. */
export const ANSWER = `
  UPDATE command
  SET is_done = TRUE,
      answer = COALESCE(command.answer, answered.answer)
  FROM unnest($2::bigint[], $3::text[]) AS answered (number, answer)
  WHERE shard = $1
    AND command.number = answered.number`;

export const PUT_OUTGOING = `
  INSERT INTO outbox (shard, key, endpoint, tenant, type, subject, occurred_at, data)
  SELECT $1::integer, *
  FROM unnest(
    $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::bytea[]
  )
  ON CONFLICT (shard, key) DO NOTHING`;

export const READ_OUTGOING = `
  SELECT number AS "offset", key, endpoint, tenant, type, subject, occurred_at, data,
         NULL::bigint AS expires_at, NULL::bigint AS to_endpoint, NULL::text AS extensions
  FROM outbox
  WHERE shard = $1
  ORDER BY number
  LIMIT $2`;

export const END_OUTGOING = `
  DELETE FROM outbox
  WHERE shard = $1
    AND number = ANY ($2::bigint[])`;

export const WATCH = `
  UPDATE node
  SET watches = $3::bigint[],
      watches_until = ${HELD_FROM_NOW}
  WHERE holder = $1`;

/** With it goes what is too old to be read, also of nodes that are no more. */
export const PUT_LIVE = `
  WITH forgotten AS (
    DELETE FROM live_relay
    WHERE number IN (
      SELECT number
      FROM live_relay
      WHERE told_at < clock_timestamp() - interval '30 seconds'
      FOR UPDATE SKIP LOCKED
    )
  )
  INSERT INTO live_relay (holder, told_at, facts, left_out)
  VALUES ($1, clock_timestamp(), $2, $3)`;

export const READ_LIVE = `
  SELECT number, facts, left_out
  FROM live_relay
  WHERE holder <> $1
    AND told_at > clock_timestamp() - interval '10 seconds'
    AND number <> ALL ($2::bigint[])
  ORDER BY number
  LIMIT 100`;
