/** With secrets and versions, so that all of an endpoint is from one moment. */
const ENDPOINTS = `
  SELECT shard, number, tenant, contract, config, revision, created_at, updated_at,
    (
      SELECT json_agg(
        json_build_object(
          'number', number, 'sealed', encode(sealed, 'hex'), 'public_key', public_key,
          'created_at', created_at, 'expires_at', expires_at
        )
        ORDER BY number DESC
      )
      FROM secret
      WHERE shard = endpoint.shard
        AND secret.endpoint = endpoint.number
    )::text AS secrets,
    (
      SELECT json_agg(
        json_build_object(
          'since', since, 'change', change, 'state', state, 'reason', reason, 'event_types', event_types
        )
        ORDER BY since
      )
      FROM endpoint_version
      WHERE shard = endpoint.shard
        AND endpoint_version.endpoint = endpoint.number
    )::text AS versions
  FROM endpoint`;

export const READ_ENDPOINT = `${ENDPOINTS}
  WHERE number = $1`;

export const FIND_ENDPOINT = `${ENDPOINTS}
  WHERE tenant = $1
    AND number = $2
    AND deleted_at IS NULL`;

export const LIST_ENDPOINTS = `${ENDPOINTS}
  WHERE tenant = $1
    AND number < $2
    AND deleted_at IS NULL
  ORDER BY number DESC
  LIMIT $3`;

/** Deleted ones too: events from before still lead to them. */
export const READ_ENDPOINTS_OF = `
  SELECT number, tenant, contract, config, created_at, updated_at
  FROM endpoint
  WHERE tenant = $1
  ORDER BY number`;

export const READ_SECRETS_OF = `
  SELECT secret.endpoint, secret.number, sealed, public_key, secret.created_at, expires_at
  FROM endpoint
  JOIN secret
    ON secret.shard = endpoint.shard
    AND secret.endpoint = endpoint.number
  WHERE tenant = $1
  ORDER BY secret.endpoint, secret.number DESC`;

export const READ_VERSIONS_OF = `
  SELECT endpoint, since, change, state, reason, event_types
  FROM endpoint
  JOIN endpoint_version
    ON endpoint_version.shard = endpoint.shard
    AND endpoint = number
  WHERE tenant = $1
  ORDER BY endpoint, since`;

export const READ_CHANGED = `${ENDPOINTS}
  JOIN (
    SELECT endpoint, max(change) AS last
    FROM endpoint_version
    WHERE shard = $1
      AND change > $2
    GROUP BY endpoint
  ) AS changed
    ON changed.endpoint = endpoint.number
  WHERE shard = $1
  ORDER BY last`;
