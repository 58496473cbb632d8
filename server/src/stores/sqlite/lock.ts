import { DatabaseSync } from "node:sqlite";
import { isBusy } from "./errors.ts";

/** Keeps other processes away from a database until it is released. */
export interface Lock {
  release(): void;
}

/**
 * Takes the lock of a database: an exclusive transaction on a small database beside it, held for the life of
 * the process. The operating system releases it when the process ends, however it ends. Throws if it is held.
 *
 * A hazard: opening and closing the lock file in this process by any other way drops the lock (POSIX).
 */
export function holdLock(path: string): Lock {
  const lockPath = `${path}-lock`;
  const database = new DatabaseSync(lockPath, { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    throw isBusy(error) ? new Error(refusalFor(path, lockPath), { cause: error }) : error;
  }
  return { release: () => database.close() };
}

function refusalFor(path: string, lockPath: string): string {
  return (
    `${path} is in use: another process, or this one, holds ${lockPath}. ` +
    "A SQLite database serves one process: stop the other one, or give this one a database of its own"
  );
}
