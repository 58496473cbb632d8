// What the activity of others was when this transaction first looked would be shown again.
export const FORGET_ACTIVITY = `
  SELECT pg_stat_clear_snapshot()`;

/**
 * Transactions of others that have locks on tables of the schema and are so many milliseconds old, oldest
 * first. Of those of other roles it may be hidden since when; one that is prepared has no process.
 */
export const READ_LOCK_HOLDERS = `
  SELECT
    (array_agg(DISTINCT relname::text))[1:3] AS tables,
    pid,
    COALESCE(NULLIF(min(application_name), ''), min(backend_type), 'unknown') AS application,
    COALESCE(extract(epoch FROM clock_timestamp() - min(xact_start))::integer, -1) AS seconds
  FROM pg_locks
  JOIN pg_class ON pg_class.oid = relation
  LEFT JOIN pg_stat_activity USING (pid)
  WHERE granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND relnamespace = current_schema()::regnamespace
    AND relkind IN ('r', 'p')
    AND pid IS DISTINCT FROM pg_backend_pid()
    AND (xact_start IS NULL OR xact_start <= clock_timestamp() - make_interval(secs => $1 / 1000.0))
  GROUP BY pid
  ORDER BY min(xact_start)
  LIMIT 3`;
