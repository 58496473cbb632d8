/** What is done with the database that the configuration names, by a server and by commands beside it. */
import { type Clock, systemClock } from "./clock.ts";
import type { Config } from "./config.ts";
import { EXIT_FAULT } from "./crash.ts";
import type { Inbox } from "./inbox.ts";
import type { Log } from "./log.ts";
import { systemRandom } from "./random.ts";
import type { Reader } from "./reader.ts";
import type { Registry } from "./registry.ts";
import type { Restoration } from "./restoration.ts";
import type { Sharing } from "./sharing.ts";
import type { Store } from "./store.ts";
import type { MigrationStatus } from "./stores/migration.ts";
import type { WentBack } from "./stores/postgres/lineage.ts";
import { readMigrationStatus as readPostgresMigrations } from "./stores/postgres/migrate.ts";
import { openPostgresStore, type Upkeep } from "./stores/postgres/open.ts";
import { backUp } from "./stores/sqlite/backup.ts";
import { readMigrationStatus as readSqliteMigrations } from "./stores/sqlite/migrate.ts";
import { openSqliteStore } from "./stores/sqlite/open.ts";

export { inspectDatabase } from "./stores/inspect-database.ts";
export type { InspectedServer, Inspection } from "./stores/inspection.ts";
export { giveUpMove } from "./stores/moving/give-up.ts";
export { type MoveDatabaseOptions, moveDatabase, planDatabaseMove } from "./stores/moving/move-database.ts";

/** All that is stored, behind its three ports. */
export interface Stores extends Store, Registry, Reader {
  readonly restoration: Restoration;
  /** Undefined: no other process can have part of it. */
  readonly sharing?: Sharing;
  /** Undefined: it is in no database that an application could have a transaction in. */
  readonly inbox?: Inbox;
}

export interface OpenOptions {
  /** How long a lease is held without being renewed. Default: the store's. */
  readonly leaseMs?: number | undefined;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/** Opens the database that the configuration names. */
export function openStore(
  { database }: Config,
  log: Log,
  { leaseMs, clock = systemClock }: OpenOptions = {},
): Promise<Stores> {
  const ports = { clock, random: systemRandom };
  switch (database.kind) {
    case "sqlite":
      return Promise.resolve(
        openSqliteStore({ ...ports, path: database.path, onFatal: (error) => endAfter(error, log) }),
      );
    case "postgres":
      return openPostgresStore({
        ...ports,
        url: database.url,
        shards: database.shards,
        ...(leaseMs === undefined ? {} : { leaseMs }),
        onUpkeepFailed: (what, error) => log.error(UPKEEP_FAILED[what], { error: { fault: error } }),
        onMigrationWaiting: (holders) => log.warn(MIGRATION_WAITS, { waits_for: holders }),
        onWentBack: (how) => log.warn(WENT_BACK[how]),
      });
  }
}

const UPKEEP_FAILED: Readonly<Record<Upkeep, string>> = {
  partitions: "partitions of the coming weeks could not be made; it is tried again",
  "hot tables": "tables that an old transaction made grow could not be compacted; it is tried again",
};

const MIGRATION_WAITS =
  "the schema is to be changed, and somebody has its tables: it is tried again until they are free";

const GOES_ON = "what it had not seen is lost, ids go on a minute ahead, and all leases are taken anew";

const WENT_BACK: Readonly<Record<WentBack, string>> = {
  failover: `the database is on another timeline than before, as a standby that was promoted is: ${GOES_ON}`,
  restored: `the database is another than before, as one that was restored is: ${GOES_ON}`,
};

/** If its disk fails, the process ends. */
function endAfter(error: unknown, log: Log): never {
  log.error("the store failed and its state is uncertain: this process ends", {
    error: { fault: error },
  });
  process.exit(EXIT_FAULT);
}

/**
 * Copies the database that the configuration names into a file, also while another process serves it. Throws
 * where the database has tools of its own for that.
 */
export function backUpDatabase({ database }: Config, to: string): void {
  if (database.kind !== "sqlite") {
    throw new Error("posthorn backup copies a SQLite database; back PostgreSQL up with its own tools");
  }
  backUp({ path: database.path, to, now: systemClock.now() });
}

/** Says which migrations the database has that the configuration names, whoever serves it. */
export async function migrationStatus({ database }: Config): Promise<MigrationStatus> {
  switch (database.kind) {
    case "sqlite":
      return readSqliteMigrations(database.path);
    case "postgres":
      return await readPostgresMigrations(database.url);
  }
}
