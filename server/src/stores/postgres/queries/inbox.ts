/** The schema is named, as the application's transaction looks for tables elsewhere. */
export const putInInbox = (schema: string): string => `
  INSERT INTO ${schema}.inbox (
    shard, tenant, key, hash, keys_expire_at, type, subject, occurred_at, expires_at, to_endpoint, data,
    extensions
  )
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`;

export const READ_SCHEMA = `
  SELECT quote_ident(current_schema()) AS schema`;

/** Keeps it from being taken by another until the transaction ends; nothing is returned where it was. */
export const KEEP_LEASE = `
  SELECT shard
  FROM lease
  WHERE shard = $1
    AND epoch = $2
  FOR UPDATE`;

/** Takes what was committed, at most so many events and, beyond the first, so many bytes. */
export const TAKE_FROM_INBOX = `
  DELETE FROM inbox
  WHERE shard = $1
    AND number IN (
      SELECT number
      FROM (
        SELECT number, sum(octet_length(data)) OVER (ORDER BY number) - octet_length(data) AS bytes_before
        FROM (
          SELECT number, data
          FROM inbox
          WHERE shard = $1
          ORDER BY number
          LIMIT $2
        ) AS first
      ) AS measured
      WHERE bytes_before < $3
    )
  RETURNING number AS "offset", tenant, key, hash, keys_expire_at, type, subject, occurred_at, expires_at,
            to_endpoint, data, extensions`;
