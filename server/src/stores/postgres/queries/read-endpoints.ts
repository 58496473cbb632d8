/** What reads endpoints, with all that belongs to each. */
const WITH_SECRETS = `shard, number, tenant, contract, config, revision, created_at, updated_at,
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
    )::text AS secrets`;

/** With secrets and versions, so that all of an endpoint is from one moment. */
const ENDPOINTS = `
  SELECT ${WITH_SECRETS},
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

/**
 * Deleted ones too: events from before still lead to them. Each has a row a version, as most have one, and
 * of ten thousand endpoints JSON would take as long as all the rest. OFFSET 0: each is looked up.
 */
export const READ_ENDPOINTS_OF = `
  SELECT ${WITH_SECRETS}, since, change, state, reason, event_types
  FROM endpoint
  LEFT JOIN LATERAL (
    SELECT since, change, state, reason, event_types
    FROM endpoint_version
    WHERE shard = endpoint.shard
      AND endpoint_version.endpoint = endpoint.number
    OFFSET 0
  ) AS version
    ON true
  WHERE tenant = $1
  ORDER BY number, since`;

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
