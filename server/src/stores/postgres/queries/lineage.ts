import { OFFSET_NOW } from "./clock.ts";

/**
 * What a database is: its cluster and the timeline of that, which another server that took over has not, its
 * number there, which a copy has not, and that of a table, which one that was restored in its place has not.
 */
export const READ_LINEAGE = `
  SELECT
    (SELECT system_identifier FROM pg_control_system()) || ' ' ||
    left(pg_walfile_name(pg_current_wal_lsn()), 8) || ' ' ||
    (SELECT oid FROM pg_database WHERE datname = current_database()) || ' ' ||
    'meta'::regclass::oid AS lineage,
    (SELECT convert_from(value, 'UTF8') FROM meta WHERE name = 'lineage') AS stored`;

/** Of a database that was restored: the newest place in its log. */
export const READ_NEWEST = `
  SELECT COALESCE(max(head), 0) AS newest
  FROM shard`;

export const PUT_LINEAGE = `
  INSERT INTO meta (name, value)
  VALUES ('lineage', convert_to($1, 'UTF8'))
  ON CONFLICT (name) DO UPDATE
  SET value = excluded.value`;

/** First, as in a flush: nobody who held a lease stores anything under it any more. */
export const END_LEASES = `
  UPDATE lease
  SET epoch = epoch + $1,
      holder = NULL,
      held_until = '-infinity'`;

export const RAISE_SHARDS = `
  UPDATE shard
  SET head = GREATEST(head, ${OFFSET_NOW}) + $1::bigint,
      changes = changes + $2,
      deletions = deletions + $2`;

export const RAISE_REVISIONS = `
  UPDATE tenant
  SET event_types_revision = event_types_revision + $1
  WHERE event_types_revision > 0`;

/** Numbers of tenants, of endpoints, and of whatever else has one. */
export const RAISE_SEQUENCES = `
  SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, COALESCE(last_value, start_value) + $1)
  FROM pg_sequences
  WHERE schemaname = current_schema()`;
