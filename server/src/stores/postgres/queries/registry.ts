import { OFFSET_NOW } from "./clock.ts";

// Configuration: tenants, API keys, endpoints. Pages are newest first, and `before` is exclusive.

export const PUT_META = `
  INSERT INTO meta (name, value)
  VALUES ($1, $2)
  ON CONFLICT DO NOTHING`;

export const READ_META = `
  SELECT value
  FROM meta
  WHERE name = $1`;

export const SET_META = `
  INSERT INTO meta (name, value)
  VALUES ($1, $2)
  ON CONFLICT (name) DO UPDATE
  SET value = excluded.value`;

export const DELETE_META = `
  DELETE FROM meta
  WHERE name = $1`;

/** Where it stands that a database was restored, and what time it knew last. */
export const BACKED_UP_AT = "backed_up_at";

export const HAS_META = `
  SELECT relname AS name
  FROM pg_class
  WHERE relnamespace = current_schema()::regnamespace
    AND relname = 'meta'`;

const TENANT_COLUMNS =
  "number, id, name, contract, shard, created_at, validation, event_types_revision, retention";

export const INSERT_TENANT = `
  INSERT INTO tenant (id, name, contract, shard, created_at, validation, retention)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (id) DO NOTHING
  RETURNING ${TENANT_COLUMNS}`;

export const UPDATE_TENANT = `
  UPDATE tenant
  SET name = COALESCE($2, name),
      contract = COALESCE($3, contract),
      validation = COALESCE($4, validation),
      retention = CASE
        WHEN $5::text IS NULL THEN retention
        ELSE jsonb_strip_nulls(COALESCE(retention, '{}')::jsonb || $5::jsonb)::text
      END
  WHERE number = $1
    AND deleted_at IS NULL
  RETURNING ${TENANT_COLUMNS}`;

export const DELETE_TENANT = `
  UPDATE tenant
  SET deleted_at = $2
  WHERE number = $1
    AND deleted_at IS NULL`;

export const FIND_TENANT = `
  SELECT ${TENANT_COLUMNS}
  FROM tenant
  WHERE id = $1
    AND deleted_at IS NULL`;

export const READ_TENANT = `
  SELECT ${TENANT_COLUMNS}
  FROM tenant
  WHERE number = $1
    AND deleted_at IS NULL`;

export const READ_ANY_TENANT = `
  SELECT ${TENANT_COLUMNS}
  FROM tenant
  WHERE number = $1`;

export const LIST_TENANTS = `
  SELECT ${TENANT_COLUMNS}
  FROM tenant
  WHERE number < $1
    AND deleted_at IS NULL
  ORDER BY number DESC
  LIMIT $2`;

/** The tenant's row is kept as it is until the key is there. */
export const INSERT_KEY = `
  WITH live AS (
    SELECT 1
    FROM tenant
    WHERE number = $2
      AND deleted_at IS NULL
    FOR SHARE
  )
  INSERT INTO api_key (id, tenant, name, hash, scopes, rate_per_second, created_at, expires_at, last_used_at)
  SELECT $1::text, $2::bigint, $3::text, $4::bytea, $5::text, $6::integer, $7::bigint, $8::bigint, $9::bigint
  WHERE $2 IS NULL
    OR EXISTS (SELECT 1 FROM live)`;

const KEY_COLUMNS = `
  SELECT id, tenant, name, hash, scopes, rate_per_second, created_at, expires_at, last_used_at
  FROM api_key`;

/** The keys of a deleted tenant were revoked with it, and it gets no new ones. */
export const FIND_KEY = `${KEY_COLUMNS}
  WHERE hash = $1
    AND revoked_at IS NULL`;

/** IS NOT DISTINCT FROM would use no index. */
export const LIST_KEYS = `${KEY_COLUMNS}
  WHERE (tenant = $1 OR ($1::bigint IS NULL AND tenant IS NULL))
    AND revoked_at IS NULL
  ORDER BY number DESC`;

export const REVOKE_KEY = `
  UPDATE api_key
  SET revoked_at = $3
  WHERE tenant IS NOT DISTINCT FROM $1
    AND id = $2
    AND revoked_at IS NULL`;

export const DELETE_KEY = `
  DELETE FROM api_key
  WHERE tenant IS NOT DISTINCT FROM $1
    AND id = $2
    AND revoked_at IS NULL`;

export const NOTE_KEY_USES = `
  UPDATE api_key
  SET last_used_at = GREATEST(at, last_used_at)
  FROM (
    SELECT id, max(at) AS at
    FROM unnest($1::text[], $2::bigint[]) AS used (id, at)
    GROUP BY id
  ) AS used
  WHERE api_key.id = used.id`;

export const END_SESSIONS = `
  DELETE FROM api_key
  WHERE tenant = $1
    AND starts_with(id, 'ses_')`;

export const REVOKE_KEYS = `
  UPDATE api_key
  SET revoked_at = $2
  WHERE tenant = $1
    AND revoked_at IS NULL`;

export const NEXT_ENDPOINT = `
  SELECT nextval('endpoint_number') AS number`;

/** A commit by itself. Returns nothing if a tenant was deleted since it was looked at. */
export const CREATE_ENDPOINT = `
  WITH place AS (
    UPDATE shard
    SET previous_head = head,
        head = GREATEST(head + 1, COALESCE($3::bigint, ${OFFSET_NOW})),
        changes = changes + 1
    WHERE shard = $1
      AND deletions = $2
    RETURNING head AS since, changes AS change
  ), made AS (
    INSERT INTO endpoint (shard, number, tenant, contract, config, revision, created_at, updated_at)
    SELECT $1, $4::bigint, $5::bigint, $6::text, $7::text, 1, $8::bigint, $8::bigint
    FROM place
  ), kept AS (
    INSERT INTO secret (shard, endpoint, number, sealed, public_key, created_at, expires_at)
    SELECT $1, $4, number, sealed, public_key, created_at, expires_at
    FROM place, unnest($9::bigint[], $10::bytea[], $11::text[], $12::bigint[], $13::bigint[])
      AS secret (number, sealed, public_key, created_at, expires_at)
  ), versioned AS (
    INSERT INTO endpoint_version (shard, endpoint, since, change, state, reason, event_types)
    SELECT $1, $4, since, change, $14::text, NULL, $15::text
    FROM place
  )
  SELECT since, change
  FROM place`;

/**
 * A commit by itself, and with it the event that tells of it, if there is one: in the outbox where its
 * tenant is in another shard, so that its place here stays empty. Returns nothing if the endpoint was changed
 * since it was looked at; the place that was taken then stays empty, too. The shard comes
 * first, as everywhere: whoever waits for an endpoint does so for nobody else.
 */
const CHANGED = `
  WITH place AS (
    UPDATE shard
    SET previous_head = head,
        head = GREATEST(head + 1, COALESCE($3::bigint, ${OFFSET_NOW})) + cardinality($10::bigint[]),
        changes = changes + 1
    WHERE shard = $1
    RETURNING head - cardinality($10::bigint[]) AS since, changes AS change
  ), changed AS (
    UPDATE endpoint
    SET config = COALESCE($5, config),
        revision = revision + 1,
        updated_at = $6::bigint,
        deleted_at = CASE WHEN $7::text = 'deleted' THEN $6::bigint END
    FROM place
    WHERE shard = $1
      AND number = $2
      AND revision = $4
    RETURNING since, change
  ), versioned AS (
    INSERT INTO endpoint_version (shard, endpoint, since, change, state, reason, event_types)
    SELECT $1, $2, since, change, $7::text, $8::text, $9::text
    FROM changed
  ), told AS (
    INSERT INTO event (shard, "offset", tenant, type, subject, occurred_at, expires_at, to_endpoint, data)
    SELECT $1, since + ahead, tenant, type, subject, occurred_at, expires_at, to_endpoint, data
    FROM changed, unnest(
      $10::bigint[], $11::text[], $12::text[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bytea[]
    ) WITH ORDINALITY AS fresh (tenant, type, subject, occurred_at, expires_at, to_endpoint, data, ahead)
    WHERE $17::integer = 0
  ), outgoing AS (
    INSERT INTO outbox (shard, key, endpoint, tenant, type, subject, occurred_at, data)
    SELECT $1, type || ' ' || $1::integer || ' ' || since, $2, tenant, type, subject,
           COALESCE(occurred_at, $6::bigint), data
    FROM changed, unnest(
      $10::bigint[], $11::text[], $12::text[], $13::bigint[], $16::bytea[]
    ) AS fresh (tenant, type, subject, occurred_at, data)
    WHERE $17::integer = 1
  )`;

const SINCE = `
  SELECT since, change
  FROM changed`;

export const CHANGE_ENDPOINT = `${CHANGED}${SINCE}`;

/** A change, and secrets that are written anew; those that are not among them go. */
export const ROTATE_SECRET = `${CHANGED}, kept AS (
    INSERT INTO secret (shard, endpoint, number, sealed, public_key, created_at, expires_at)
    SELECT $1, $2, number, sealed, public_key, created_at, expires_at
    FROM changed, unnest($18::bigint[], $19::bytea[], $20::text[], $21::bigint[], $22::bigint[])
      AS secret (number, sealed, public_key, created_at, expires_at)
    ON CONFLICT (shard, endpoint, number) DO UPDATE
    SET expires_at = excluded.expires_at
  ), dropped AS (
    DELETE FROM secret
    USING changed
    WHERE shard = $1
      AND endpoint = $2
      AND number <> ALL ($18::bigint[])
  )${SINCE}`;

/** Each endpoint of a tenant that is deleted gets its last version; and the shard knows of the deletion. */
export const END_ENDPOINTS = `
  WITH ended AS (
    UPDATE endpoint
    SET revision = revision + 1,
        updated_at = $3,
        deleted_at = $3
    WHERE shard = $1
      AND tenant = $2
      AND deleted_at IS NULL
    RETURNING number
  ), counted AS (
    SELECT count(*) AS ended
    FROM ended
  ), place AS (
    UPDATE shard
    SET previous_head = head,
        head = CASE
          WHEN ended = 0 THEN head
          ELSE GREATEST(head + 1, COALESCE($4::bigint, ${OFFSET_NOW})) + ended - 1
        END,
        changes = changes + ended,
        deletions = deletions + 1
    FROM counted
    WHERE shard = $1
    RETURNING head - ended AS since, changes - ended AS change
  )
  INSERT INTO endpoint_version (shard, endpoint, since, change, state, reason, event_types)
  SELECT $1, number, since + place_of, change + place_of, 'deleted', NULL, event_types
  FROM place, (
    SELECT number, row_number() OVER (ORDER BY number) AS place_of
    FROM ended
  ) AS numbered, LATERAL (
    SELECT event_types
    FROM endpoint_version
    WHERE shard = $1
      AND endpoint = number
    ORDER BY since DESC
    LIMIT 1
  ) AS current`;

/** How a tenant's endpoints are: three looks at keys for each. */
export const LIST_MARKS = `
  SELECT number,
         (
           SELECT state
           FROM endpoint_version
           WHERE endpoint_version.shard = $1
             AND endpoint_version.endpoint = number
           ORDER BY since DESC
           LIMIT 1
         ) AS state,
         EXISTS (
           SELECT 1
           FROM lane
           WHERE lane.shard = $1
             AND lane.endpoint = number
             AND hold IS NOT NULL
         )::integer AS is_held,
         EXISTS (
           SELECT 1
           FROM failing
           WHERE failing.shard = $1
             AND failing.endpoint = number
         )::integer AS is_failing
  FROM endpoint
  WHERE tenant = $2
    AND number < $3
    AND deleted_at IS NULL
  ORDER BY number DESC
  LIMIT $4`;

/** Of what goes well there is no row. */
export const LIST_TROUBLED = `
  SELECT number, tenant
  FROM endpoint
  WHERE number IN (
    SELECT endpoint
    FROM failing
    UNION
    SELECT endpoint
    FROM lane
    WHERE hold IS NOT NULL
    UNION
    SELECT unnest($3::bigint[])
  )
    AND number < $1
    AND deleted_at IS NULL
  ORDER BY number DESC
  LIMIT $2`;
