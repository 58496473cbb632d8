/** The database's time in milliseconds since 1970, and the newest place of all shards. */
export const READ_TIMES = `
  SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now,
         COALESCE(max(head), 0) AS newest
  FROM shard`;

/**
 * The server, and what this user may do with our tables: those whose owner has the first one. A table is
 * changed by its owner alone, and partitions are made at any time.
 */
export const READ_SERVER = `
  SELECT current_setting('server_version') AS version,
         pg_database_size(current_database())::bigint AS database_bytes,
         (SELECT count(*)
          FROM pg_stat_activity
          WHERE backend_type = 'client backend') AS connections,
         current_setting('max_connections')::bigint
           - current_setting('superuser_reserved_connections')::bigint AS connections_max,
         (SELECT COALESCE(floor(extract(epoch FROM max(clock_timestamp() - xact_start)) * 1000), 0)::bigint
          FROM pg_stat_activity
          WHERE datname = current_database()
            AND pid <> pg_backend_pid()
            AND backend_type = 'client backend') AS oldest_transaction_ms,
         (SELECT COALESCE(string_agg(name, ', ' ORDER BY name), '')
          FROM (SELECT 'the schema ' || current_schema() AS name
                WHERE NOT has_schema_privilege(current_schema(), 'CREATE')
                UNION ALL
                SELECT relname::text
                FROM pg_class
                WHERE relnamespace = to_regnamespace(current_schema()::text)
                  AND relkind IN ('r', 'p')
                  AND NOT relispartition
                  AND relowner = (SELECT relowner FROM pg_class WHERE oid = to_regclass('migration'))
                  AND NOT (has_table_privilege(oid, 'SELECT')
                           AND has_table_privilege(oid, 'INSERT')
                           AND has_table_privilege(oid, 'UPDATE')
                           AND has_table_privilege(oid, 'DELETE')
                           AND pg_has_role(relowner, 'USAGE'))) AS refused) AS forbidden`;
