import { StoreRefusal } from "../../store.ts";
import { StoreUnavailable } from "../../store-unavailable.ts";

// Primary result codes of SQLite (sqlite.org/rescode.html): the lowest byte of an extended code.
const SQLITE_BUSY = 5;
const SQLITE_NOMEM = 7;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_TOOBIG = 18;
const SQLITE_CONSTRAINT = 19;
const SQLITE_MISMATCH = 20;
const SQLITE_RANGE = 25;

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

/** Gives what may pass, or passes with the next process, its name; all else stays as it is. */
export function passingAs(error: unknown): unknown {
  switch (primaryCodeOf(error)) {
    case SQLITE_BUSY:
    case SQLITE_NOMEM:
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_FULL:
      return new StoreUnavailable(error);
    default:
      return error;
  }
}

/** Lets an operation say that what it was given can never be stored, apart from all that may pass. */
export function refusing<Result>(operation: () => Result): () => Result {
  return () => {
    try {
      return operation();
    } catch (error) {
      throw isRefusal(error) ? new StoreRefusal(error) : error;
    }
  };
}

/** An error that is not SQLite's is one of ours: a value that cannot be bound, a row that cannot be read. */
function isRefusal(error: unknown): boolean {
  switch (primaryCodeOf(error)) {
    case undefined:
    case SQLITE_TOOBIG:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE:
      return true;
    default:
      return false;
  }
}

function primaryCodeOf(error: unknown): number | undefined {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number"
    ? error.errcode & 0xff
    : undefined;
}
