import {
  assertOurs,
  checksumOf,
  type Migration,
  type MigrationStatus,
  migrationStatusOf,
  missingMigrations,
} from "../migration.ts";
import { BE_ALONE } from "./be-alone.ts";
import { type Database, openDatabase, type Session } from "./database.ts";
import { type LockTries, tryForLocks } from "./lock-tries.ts";
import { LOG_AND_CONFIGURATION } from "./migrations/0001-log-and-configuration.ts";
import { ATTEMPT_DETAILS } from "./migrations/0002-attempt-details.ts";
import { RANGE_REPLAYS } from "./migrations/0003-range-replays.ts";
import { GAP_PLACES } from "./migrations/0004-gap-places.ts";
import { LEASE_HOLDERS } from "./migrations/0005-lease-holders.ts";
import { REPLAY_CHANGES } from "./migrations/0006-replay-changes.ts";
import { NODES } from "./migrations/0007-nodes.ts";
import { KEY_RATES } from "./migrations/0008-key-rates.ts";
import { ENDED_REPLAYS } from "./migrations/0009-ended-replays.ts";
import { FLUSH_NUMBERS } from "./migrations/0010-flush-numbers.ts";
import { LIVE_RELAY } from "./migrations/0011-live-relay.ts";
import { GAPS_OF_ENDPOINT } from "./migrations/0012-gaps-of-endpoint.ts";
import { EXTENSIONS } from "./migrations/0013-extensions.ts";
import { INBOX } from "./migrations/0014-inbox.ts";
import { INBOX_EXTENSIONS } from "./migrations/0015-inbox-extensions.ts";
import { TENANT_RETENTION } from "./migrations/0016-tenant-retention.ts";
import { AUDIT } from "./migrations/0017-audit.ts";
import { DEAD_LETTERS_OF_ENDPOINT } from "./migrations/0018-dead-letters-of-endpoint.ts";
import { JOINED_NODES } from "./migrations/0019-joined-nodes.ts";
import { STATS } from "./migrations/0020-stats.ts";
import { ENDED_SESSIONS } from "./migrations/0021-ended-sessions.ts";
import { TENANTS_OF_BLOCKS } from "./migrations/0022-tenants-of-blocks.ts";

/** In order, forward only. */
export const MIGRATIONS: readonly Migration[] = [
  { number: 1, sql: LOG_AND_CONFIGURATION },
  { number: 2, sql: ATTEMPT_DETAILS },
  { number: 3, sql: RANGE_REPLAYS },
  { number: 4, sql: GAP_PLACES },
  { number: 5, sql: LEASE_HOLDERS },
  { number: 6, sql: REPLAY_CHANGES },
  { number: 7, sql: NODES },
  { number: 8, sql: KEY_RATES },
  { number: 9, sql: ENDED_REPLAYS },
  { number: 10, sql: FLUSH_NUMBERS },
  { number: 11, sql: LIVE_RELAY },
  { number: 12, sql: GAPS_OF_ENDPOINT },
  { number: 13, sql: EXTENSIONS },
  { number: 14, sql: INBOX },
  { number: 15, sql: INBOX_EXTENSIONS },
  { number: 16, sql: TENANT_RETENTION },
  { number: 17, sql: AUDIT },
  { number: 18, sql: DEAD_LETTERS_OF_ENDPOINT },
  { number: 19, sql: JOINED_NODES },
  { number: 20, sql: STATS },
  { number: 21, sql: ENDED_SESSIONS },
  { number: 22, sql: TENANTS_OF_BLOCKS },
];

// Of nodes that start at once one migrates, and the others wait for as long as that may try. They have
// nothing that anybody could wait for.
const IN_TURN = `
  SET LOCAL lock_timeout = '15min';
  SET LOCAL statement_timeout = 0`;

// Shorter than what servers wait for a lock, so that none of their statements fails behind one of ours, and
// ten minutes in all.
const TRIES: LockTries = { lockMsMax: 2000, pauseMs: 3000, triesMax: 120 };

const TABLE_NAMES = `
  SELECT relname AS name
  FROM pg_class
  WHERE relnamespace = current_schema()::regnamespace
    AND relkind IN ('r', 'p')`;

const CREATE_MIGRATION = `
  CREATE TABLE IF NOT EXISTS migration (
    number BIGINT PRIMARY KEY,
    checksum TEXT NOT NULL,
    applied_at BIGINT NOT NULL
  )`;

const APPLIED = `
  SELECT number, checksum
  FROM migration
  ORDER BY number`;

const RECORD = `
  INSERT INTO migration (number, checksum, applied_at)
  VALUES ($1, $2, $3)`;

export interface MigrateOptions extends Partial<LockTries> {
  /** Default: those of this version. */
  readonly migrations?: readonly Migration[];
}

/**
 * Brings a database to the schema of this version, all or nothing. Throws, and leaves it as it is, if it is
 * another program's, was migrated by a newer version, or by a migration whose text is no longer the same, or
 * if somebody has its tables all the time.
 */
export async function migrate(
  database: Database,
  now: number,
  { migrations = MIGRATIONS, ...tries }: MigrateOptions = {},
): Promise<void> {
  await database.transaction(async (session) => {
    await session.script(IN_TURN);
    await session.script(BE_ALONE);
    await tryForLocks(session, () => migrateInside(session, now, migrations), { ...TRIES, ...tries });
  });
}

/** Says what a database has, also while servers serve it. */
export async function readMigrationStatus(url: string): Promise<MigrationStatus> {
  const database = openDatabase({ url, name: "posthorn migrate", connectionsMax: 1 });
  try {
    return await readStatus(database);
  } finally {
    await database.close();
  }
}

/** As `readMigrationStatus`, over a connection that is there. */
export async function readStatus(session: Session): Promise<MigrationStatus> {
  const tables = await session.rows(TABLE_NAMES);
  assertOurs(tables);
  return migrationStatusOf(tables.length === 0 ? [] : await session.rows(APPLIED), MIGRATIONS);
}

async function migrateInside(session: Session, now: number, migrations: readonly Migration[]): Promise<void> {
  assertOurs(await session.rows(TABLE_NAMES));
  await session.run(CREATE_MIGRATION);
  for (const migration of missingMigrations(await session.rows(APPLIED), migrations)) {
    await session.script(migration.sql);
    await session.run(RECORD, migration.number, checksumOf(migration), now);
  }
}
