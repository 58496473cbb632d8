// Sealed secrets, whoever's they are.

export const READ_SEALED = `
  SELECT tenant, secret.endpoint, secret.number, sealed
  FROM endpoint
  JOIN secret
    ON secret.shard = endpoint.shard
    AND secret.endpoint = endpoint.number
  WHERE (endpoint.number, secret.number) > ($1::bigint, $2::bigint)
    AND endpoint.number >= $1
  ORDER BY endpoint.number, secret.number
  LIMIT $3`;

export const REPLACE_SEALED = `
  UPDATE secret
  SET sealed = replacement.sealed
  FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[])
    AS replacement (endpoint, number, seen, sealed)
  WHERE secret.endpoint = replacement.endpoint
    AND secret.number = replacement.number
    AND secret.sealed = replacement.seen`;
