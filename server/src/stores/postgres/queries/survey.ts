const msOf = (time: string) => `floor(extract(epoch FROM ${time}) * 1000)::bigint`;

export const READ_DATABASE = `
  SELECT current_setting('server_version') AS version,
    pg_database_size(current_database()) AS bytes,
    (SELECT count(*) FROM migration) AS applied`;

export const READ_NODES = `
  SELECT holder, version, ${msOf("joined_at")} AS joined_at, ${msOf("alive_until")} AS alive_until
  FROM node
  WHERE alive_until > clock_timestamp()
    AND isfinite(alive_until)
  ORDER BY joined_at, holder`;

/** What has ended is nobody's, whoever had it. */
export const READ_LEASES = `
  SELECT shard, epoch,
    CASE WHEN held_until > clock_timestamp() THEN holder END AS holder,
    CASE
      WHEN held_until > clock_timestamp() AND isfinite(held_until) THEN ${msOf("held_until")}
    END AS held_until
  FROM lease
  ORDER BY shard`;
