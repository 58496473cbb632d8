/** The database's time in milliseconds since 1970, and the newest place of all shards. */
export const READ_TIMES = `
  SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now,
         COALESCE(max(head), 0) AS newest
  FROM shard`;
