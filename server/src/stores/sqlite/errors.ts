// Primary result codes of SQLite (sqlite.org/rescode.html): the lowest byte of an extended code.
const SQLITE_BUSY = 5;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;

/** Says whether someone else holds a lock. */
export function isBusy(error: unknown): boolean {
  return primaryCodeOf(error) === SQLITE_BUSY;
}

/**
 * Says whether what is on disk is no longer known. After a failed fsync the next one may succeed although
 * pages were dropped, so that going on would answer for what is lost.
 */
export function isFatal(error: unknown): boolean {
  const code = primaryCodeOf(error);
  return code === SQLITE_IOERR || code === SQLITE_CORRUPT;
}

function primaryCodeOf(error: unknown): number | undefined {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number"
    ? error.errcode & 0xff
    : undefined;
}
