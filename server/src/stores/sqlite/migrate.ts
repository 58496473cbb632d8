import { existsSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import {
  assertOurs,
  checksumOf,
  type Migration,
  type MigrationStatus,
  migrationStatusOf,
  missingMigrations,
} from "../migration.ts";
import { openReaderConnection } from "./connection.ts";
import { LOG_AND_CONFIGURATION } from "./migrations/0001-log-and-configuration.ts";
import { PUBLIC_KEYS } from "./migrations/0002-public-keys.ts";
import { FAILING_ENDPOINTS } from "./migrations/0003-failing-endpoints.ts";
import { EVENT_TYPES } from "./migrations/0004-event-types.ts";
import { KEY_USES } from "./migrations/0005-key-uses.ts";
import { ERASURES } from "./migrations/0006-erasures.ts";
import { DIRECTORY } from "./migrations/0007-directory.ts";
import { TOLD_HOLDS } from "./migrations/0008-told-holds.ts";
import { ATTEMPT_DETAILS } from "./migrations/0009-attempt-details.ts";
import { RANGE_REPLAYS } from "./migrations/0010-range-replays.ts";
import { GAP_PLACES } from "./migrations/0011-gap-places.ts";
import { REPLAY_CHANGES } from "./migrations/0012-replay-changes.ts";
import { KEY_RATES } from "./migrations/0013-key-rates.ts";
import { ENDED_REPLAYS } from "./migrations/0014-ended-replays.ts";
import { FLUSH_NUMBERS } from "./migrations/0015-flush-numbers.ts";
import { GAPS_OF_ENDPOINT } from "./migrations/0016-gaps-of-endpoint.ts";
import { EXTENSIONS } from "./migrations/0017-extensions.ts";
import { TENANT_RETENTION } from "./migrations/0018-tenant-retention.ts";
import { AUDIT } from "./migrations/0019-audit.ts";
import { DEAD_LETTERS_OF_ENDPOINT } from "./migrations/0020-dead-letters-of-endpoint.ts";
import { STATS } from "./migrations/0021-stats.ts";
import { ENDED_SESSIONS } from "./migrations/0022-ended-sessions.ts";

/** In order, forward only. */
export const MIGRATIONS: readonly Migration[] = [
  { number: 1, sql: LOG_AND_CONFIGURATION },
  { number: 2, sql: PUBLIC_KEYS },
  { number: 3, sql: FAILING_ENDPOINTS },
  { number: 4, sql: EVENT_TYPES },
  { number: 5, sql: KEY_USES },
  { number: 6, sql: ERASURES },
  { number: 7, sql: DIRECTORY },
  { number: 8, sql: TOLD_HOLDS },
  { number: 9, sql: ATTEMPT_DETAILS },
  { number: 10, sql: RANGE_REPLAYS },
  { number: 11, sql: GAP_PLACES },
  { number: 12, sql: REPLAY_CHANGES },
  { number: 13, sql: KEY_RATES },
  { number: 14, sql: ENDED_REPLAYS },
  { number: 15, sql: FLUSH_NUMBERS },
  { number: 16, sql: GAPS_OF_ENDPOINT },
  { number: 17, sql: EXTENSIONS },
  { number: 18, sql: TENANT_RETENTION },
  { number: 19, sql: AUDIT },
  { number: 20, sql: DEAD_LETTERS_OF_ENDPOINT },
  { number: 21, sql: STATS },
  { number: 22, sql: ENDED_SESSIONS },
];

const CREATE_MIGRATION = `
  CREATE TABLE IF NOT EXISTS migration (
    number INTEGER PRIMARY KEY,
    checksum TEXT NOT NULL,
    applied_at INTEGER NOT NULL
  ) STRICT`;

const TABLE_NAMES = `
  SELECT name
  FROM sqlite_schema
  WHERE type = 'table'`;

const APPLIED = `
  SELECT number, checksum
  FROM migration
  ORDER BY number`;

const RECORD = `
  INSERT INTO migration (number, checksum, applied_at)
  VALUES (?, ?, ?)`;

/**
 * Brings a database to the schema of this version. Throws, and leaves it as it is, if it is another
 * program's, was migrated by a newer version, or by a migration whose text is no longer the same.
 */
export function migrate(database: DatabaseSync, now: number, migrations = MIGRATIONS): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    migrateInside(database, now, migrations);
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) {
      database.exec("ROLLBACK");
    }
    throw error;
  }
}

/** Says what a database has, also while a server serves it; one that is not there has nothing. */
export function readMigrationStatus(path: string): MigrationStatus {
  if (!existsSync(path)) {
    return migrationStatusOf([], MIGRATIONS);
  }
  const database = openReaderConnection(path);
  try {
    const tables = database.prepare(TABLE_NAMES).all();
    assertOurs(tables);
    return migrationStatusOf(tables.length === 0 ? [] : database.prepare(APPLIED).all(), MIGRATIONS);
  } finally {
    database.close();
  }
}

function migrateInside(database: DatabaseSync, now: number, migrations: readonly Migration[]): void {
  assertOurs(database.prepare(TABLE_NAMES).all());
  database.exec(CREATE_MIGRATION);
  const applied = database.prepare(APPLIED).all();
  const record = database.prepare(RECORD);
  for (const migration of missingMigrations(applied, migrations)) {
    database.exec(migration.sql);
    record.run(migration.number, checksumOf(migration), now);
  }
}
