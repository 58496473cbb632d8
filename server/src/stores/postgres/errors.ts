import { StoreRefusal } from "../../store.ts";
import { StoreUnavailable } from "../../store-unavailable.ts";
import { BadColumn } from "../columns.ts";

/** A key that is there already. */
const UNIQUE_VIOLATION = "23505";
const LOCK_NOT_AVAILABLE = "55P03";

// Classes of SQLSTATE (Appendix A of the manual) that say that the same would be refused again: data that is
// no value of its column's type, constraints that say no, and what is too large.
const REFUSING_CLASSES = ["22", "23", "54"];

// What may pass: a lost connection, a server that is shutting down, starting, full, or has become a standby,
// a deadlock, a lock or a statement that took too long.
const PASSING_CLASSES = ["08", "40", "53", "55", "57", "58", "25006"];

/** Gives what may pass its name; what a statement is refused for stays as it is. */
export function passingAs(error: unknown): unknown {
  const code = codeOf(error);
  if (error instanceof StoreUnavailable) {
    return error;
  }
  const isPassing = code === undefined || PASSING_CLASSES.some((passing) => code.startsWith(passing));
  return isPassing ? new StoreUnavailable(error) : error;
}

/** Whether a statement failed because a row with this key is there. */
export function isDuplicate(error: unknown, constraint: string): boolean {
  return (
    codeOf(error) === UNIQUE_VIOLATION &&
    error instanceof Error &&
    "constraint" in error &&
    error.constraint === constraint
  );
}

/** Whether a lock that somebody else has was waited for in vain. */
export function isLockTimeout(error: unknown): boolean {
  return codeOf(error instanceof StoreUnavailable ? error.cause : error) === LOCK_NOT_AVAILABLE;
}

/** Whether the server refused a statement and goes on: its connection may serve the next one. */
export function isOfStatement(error: unknown): boolean {
  return codeOf(error) !== undefined;
}

/** Gives what a database refuses for good, or cannot read, its name in the port. */
export async function refusing<Result>(operation: () => Promise<Result>): Promise<Result> {
  try {
    return await operation();
  } catch (error) {
    throw isRefusal(error) ? new StoreRefusal(error) : error;
  }
}

// A number that is no whole one never gets as far as the server.
function isRefusal(error: unknown): boolean {
  const code = codeOf(error);
  return (
    error instanceof RangeError ||
    error instanceof BadColumn ||
    REFUSING_CLASSES.some((refused) => code?.startsWith(refused))
  );
}

/** The SQLSTATE of an error that the server gave. */
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "severity" in error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}
