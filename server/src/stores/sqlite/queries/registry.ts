// Configuration: tenants, API keys, endpoints. Pages are newest first, and `before` is exclusive.

export const PUT_META = `
  INSERT INTO meta (name, value)
  VALUES (?, ?)
  ON CONFLICT DO NOTHING`;

export const SET_META = `
  INSERT INTO meta (name, value)
  VALUES (?, ?)
  ON CONFLICT DO UPDATE
  SET value = excluded.value`;

export const DELETE_META = `
  DELETE FROM meta
  WHERE name = ?`;

export const READ_META = `
  SELECT value
  FROM meta
  WHERE name = ?`;

export const HAS_META = `
  SELECT name
  FROM sqlite_schema
  WHERE type = 'table'
    AND name = 'meta'`;

const TENANT_COLUMNS =
  "number, id, name, contract, shard, created_at, validation, event_types_revision, retention";

export const INSERT_TENANT = `
  INSERT INTO tenant (id, name, contract, shard, created_at, validation, retention)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO NOTHING
  RETURNING ${TENANT_COLUMNS}`;

export const UPDATE_TENANT = `
  UPDATE tenant
  SET name = COALESCE(?2, name),
      contract = COALESCE(?3, contract),
      validation = COALESCE(?4, validation),
      retention = CASE
        WHEN ?5 IS NULL THEN retention
        ELSE json_patch(CASE WHEN json_valid(retention) THEN retention ELSE '{}' END, ?5)
      END
  WHERE number = ?1
    AND deleted_at IS NULL
  RETURNING ${TENANT_COLUMNS}`;

export const DELETE_TENANT = `
  UPDATE tenant
  SET deleted_at = ?2
  WHERE number = ?1
    AND deleted_at IS NULL`;

export const FIND_TENANT = `
  SELECT ${TENANT_COLUMNS}
  FROM tenant
  WHERE id = ?
    AND deleted_at IS NULL`;

export const READ_TENANT = `
  SELECT ${TENANT_COLUMNS}
  FROM tenant
  WHERE number = ?
    AND deleted_at IS NULL`;

export const READ_ANY_TENANT = `
  SELECT ${TENANT_COLUMNS}
  FROM tenant
  WHERE number = ?`;

export const LIST_TENANTS = `
  SELECT ${TENANT_COLUMNS}
  FROM tenant
  WHERE number < ?1
    AND deleted_at IS NULL
  ORDER BY number DESC
  LIMIT ?2`;

export const INSERT_KEY = `
  INSERT INTO api_key (id, tenant, name, hash, scopes, rate_per_second, created_at, expires_at, last_used_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** The keys of a deleted tenant were revoked with it, and it gets no new ones. */
export const FIND_KEY = `
  SELECT id, tenant, name, hash, scopes, rate_per_second, created_at, expires_at, last_used_at
  FROM api_key
  WHERE hash = ?
    AND revoked_at IS NULL`;

export const LIST_KEYS = `
  SELECT id, tenant, name, hash, scopes, rate_per_second, created_at, expires_at, last_used_at
  FROM api_key
  WHERE tenant IS ?
    AND revoked_at IS NULL
  ORDER BY number DESC`;

export const REVOKE_KEY = `
  UPDATE api_key
  SET revoked_at = ?3
  WHERE tenant IS ?1
    AND id = ?2
    AND revoked_at IS NULL`;

export const DELETE_KEY = `
  DELETE FROM api_key
  WHERE tenant IS ?1
    AND id = ?2
    AND revoked_at IS NULL`;

export const NOTE_KEY_USE = `
  UPDATE api_key
  SET last_used_at = MAX(?2, COALESCE(last_used_at, ?2))
  WHERE id = ?1`;

export const END_SESSIONS = `
  DELETE FROM api_key
  WHERE tenant = ?1
    AND id GLOB 'ses_*'`;

export const REVOKE_KEYS = `
  UPDATE api_key
  SET revoked_at = ?2
  WHERE tenant = ?1
    AND revoked_at IS NULL`;

export const INSERT_ENDPOINT = `
  INSERT INTO endpoint (tenant, contract, config, created_at, updated_at)
  VALUES (?1, ?2, ?3, ?4, ?4)
  RETURNING number`;

/** What is damaged beyond JSON gives way, or its row could not be changed, and its endpoint never deleted. */
export const UPDATE_ENDPOINT = `
  UPDATE endpoint
  SET config = coalesce(
        ?2,
        CASE
          WHEN NOT json_valid(config) THEN '{}'
          WHEN json_type(config) <> 'object' THEN '{}'
          ELSE config
        END
      ),
      updated_at = ?3,
      deleted_at = ?4
  WHERE number = ?1`;

export const INSERT_SECRET = `
  INSERT INTO secret (endpoint, number, sealed, public_key, created_at, expires_at)
  VALUES (?, ?, ?, ?, ?, ?)`;

export const DELETE_SECRETS = `
  DELETE FROM secret
  WHERE endpoint = ?`;

export const INSERT_VERSION = `
  INSERT INTO endpoint_version (endpoint, since, change, state, reason, event_types)
  VALUES (?, ?, ?, ?, ?, ?)`;

const ENDPOINT_COLUMNS = `
  SELECT number, tenant, contract, config, created_at, updated_at
  FROM endpoint`;

export const READ_ENDPOINT = `${ENDPOINT_COLUMNS}
  WHERE number = ?`;

export const FIND_ENDPOINT = `${ENDPOINT_COLUMNS}
  WHERE number = ?2
    AND tenant = ?1
    AND deleted_at IS NULL`;

export const LIST_ENDPOINTS = `${ENDPOINT_COLUMNS}
  WHERE tenant = ?1
    AND number < ?2
    AND deleted_at IS NULL
  ORDER BY number DESC
  LIMIT ?3`;

export const LIST_LIVE_ENDPOINTS = `${ENDPOINT_COLUMNS}
  WHERE tenant = ?
    AND deleted_at IS NULL
  ORDER BY number`;

/** Endpoints of a tenant; deleted ones do not count. */
export const COUNT_ENDPOINTS = `
  SELECT count(*) AS count
  FROM endpoint
  WHERE tenant = ?
    AND deleted_at IS NULL`;

/** Deleted ones too: events from before still lead to them. */
export const READ_ENDPOINTS_OF = `${ENDPOINT_COLUMNS}
  WHERE tenant = ?
  ORDER BY number`;

/** The index is named because the planner would rather read every version than sort the few that changed. */
export const READ_CHANGED = `
  SELECT number, tenant, contract, config, created_at, updated_at
  FROM endpoint
  JOIN (
    SELECT endpoint, MAX(change) AS last
    FROM endpoint_version INDEXED BY endpoint_version_by_change
    WHERE change > ?
    GROUP BY endpoint
  ) ON endpoint = number
  ORDER BY last`;

export const READ_SECRETS_OF = `
  SELECT secret.endpoint, secret.number, sealed, public_key, secret.created_at, expires_at
  FROM endpoint
  JOIN secret ON secret.endpoint = endpoint.number
  WHERE endpoint.tenant = ?
  ORDER BY endpoint.number, secret.number DESC`;

export const READ_VERSIONS_OF = `
  SELECT endpoint_version.endpoint, since, change, state, reason, event_types
  FROM endpoint
  JOIN endpoint_version ON endpoint_version.endpoint = endpoint.number
  WHERE endpoint.tenant = ?
  ORDER BY endpoint.number, since`;

export const READ_SECRETS = `
  SELECT number, sealed, public_key, created_at, expires_at
  FROM secret
  WHERE endpoint = ?
  ORDER BY number DESC`;

export const READ_VERSIONS = `
  SELECT since, change, state, reason, event_types
  FROM endpoint_version
  WHERE endpoint = ?
  ORDER BY since`;

/** How a tenant's endpoints are: three looks at keys for each. */
export const LIST_MARKS = `
  SELECT number,
         (
           SELECT state
           FROM endpoint_version
           WHERE endpoint = number
           ORDER BY since DESC
           LIMIT 1
         ) AS state,
         EXISTS (SELECT 1 FROM lane WHERE lane.endpoint = number AND hold IS NOT NULL) AS is_held,
         EXISTS (SELECT 1 FROM failing WHERE failing.endpoint = number) AS is_failing
  FROM endpoint
  WHERE tenant = ?1
    AND number < ?2
    AND deleted_at IS NULL
  ORDER BY number DESC
  LIMIT ?3`;

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
    SELECT value
    FROM json_each(?3)
  )
    AND number < ?1
    AND deleted_at IS NULL
  ORDER BY number DESC
  LIMIT ?2`;
