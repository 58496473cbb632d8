import { DatabaseSync } from "node:sqlite";

/** The oldest SQLite whose WAL checkpoint loses no transaction (the WAL-reset bug, sqlite.org/wal.html). */
const VERSION_MIN = [3, 51, 3] as const;

const BUSY_TIMEOUT_MS = 5000;

// Measured with events of 1 KB: pages of 8 KB keep them at 1.2 KB each, pages of 4 KB do not.
const PAGE_BYTES = 8192;

/** 32 MB of log before it is copied into the file: rarely enough to be cheap, often enough to read fast. */
export const CHECKPOINT_PAGES = 4000;

// Twice that, copied by whoever commits: where the thread that copies cannot keep up, or is not there.
const CHECKPOINT_PAGES_MAX = 8000;

// COMMIT writes without a sync, and the writer syncs before it answers (`wal-sync.ts`). The WAL's beginning
// is synced by SQLite even so, and all of it before it is copied: what a power cut leaves is whole.
const SYNCHRONOUS_NORMAL = 1;

/**
 * Opens the one connection that writes. What it commits is durable once it is synced, and not before. Refuses
 * a database whose log would not be whole after a power cut.
 */
export function openWriterConnection(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    configureWriter(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Opens a connection that sees committed rows only, and can write none. */
export function openReaderConnection(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, readOnly: true });
  // Memory maps have turned an inconsistent WAL into a corrupt file.
  setPragma(database, "mmap_size", 0);
  return database;
}

/** Sets what keeps the log whole, and reads it back. Throws if the database does not take it. */
export function configureWriter(database: DatabaseSync): void {
  assertVersion(database);
  database.exec(`PRAGMA page_size = ${PAGE_BYTES}`);
  setPragma(database, "journal_mode", "wal");
  setPragma(database, "synchronous", SYNCHRONOUS_NORMAL);
  setPragma(database, "mmap_size", 0);
  setPragma(database, "foreign_keys", 1);
  // What is deleted or overwritten is filled with zeros, so that an erasure erases.
  setPragma(database, "secure_delete", 1);
  setPragma(database, "wal_autocheckpoint", CHECKPOINT_PAGES_MAX);
  // Savepoints keep the old pages in memory, not in a file.
  setPragma(database, "temp_store", 2);
}

/**
 * Copies the WAL into the file and cuts it to nothing: what it held of rows as they were before is gone.
 * Throws if somebody still reads from it.
 */
export function truncateLog(database: DatabaseSync): void {
  const { busy } = database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get() ?? {};
  if (busy !== 0) {
    throw new Error("the WAL could not be truncated: somebody reads from it");
  }
}

/** Throws if a SQLite is older than the one that is needed. */
export function assertVersion(database: DatabaseSync): void {
  const version = String(database.prepare("SELECT sqlite_version() AS version").get()?.["version"]);
  const parts = version.split(".").map(Number);
  const differing = VERSION_MIN.findIndex((part, index) => parts[index] !== part);
  if (differing !== -1 && (parts[differing] ?? 0) < (VERSION_MIN[differing] ?? 0)) {
    throw new Error(`SQLite must be ${VERSION_MIN.join(".")} or newer, got ${version}`);
  }
}

function setPragma(database: DatabaseSync, name: string, value: number | string): void {
  database.exec(`PRAGMA ${name} = ${value}`);
  const found = Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  if (found !== value) {
    throw new Error(`the database must take PRAGMA ${name} = ${value}, it kept ${String(found)}`);
  }
}
