import { integerIn, optionalIn, type Row, textIn } from "../columns.ts";
import type { Session } from "./database.ts";
import { isLockTimeout } from "./errors.ts";
import { FORGET_ACTIVITY, READ_LOCK_HOLDERS } from "./queries/lock-holders.ts";

/** How locks are tried for that others may have. */
export interface LockTries {
  /** A lock is waited for no longer: whoever wants the table meanwhile waits behind who waits for it. */
  readonly lockMsMax: number;
  /** How long the others have the table to themselves then. */
  readonly pauseMs: number;
  readonly triesMax: number;
  /** Is told, after each try in vain, who has tables that may have been waited for. Default: nobody is. */
  readonly onWaiting?: (holders: string) => void;
}

/**
 * Runs part of a transaction that needs locks, until it gets them. After a try in vain nothing of it has
 * happened, and no lock of it is left. Throws an Error that names who has them when all tries are over.
 */
export async function tryForLocks<Result>(
  session: Session,
  operation: () => Promise<Result>,
  { lockMsMax, pauseMs, triesMax, onWaiting }: LockTries,
): Promise<Result> {
  await session.script(`SET LOCAL lock_timeout = ${lockMsMax}`);
  for (let tries = 1; ; tries += 1) {
    await session.script("SAVEPOINT locks");
    try {
      return await operation();
    } catch (error) {
      if (!isLockTimeout(error)) {
        throw error;
      }
      await session.script("ROLLBACK TO SAVEPOINT locks");
      const holders = await readHolders(session, lockMsMax);
      if (tries >= triesMax) {
        throw new Error(`tables were in use at each of ${tries} tries, at last by ${holders}`, {
          cause: error,
        });
      }
      onWaiting?.(holders);
      await session.script(`SELECT pg_sleep(${pauseMs / 1000})`);
    }
  }
}

async function readHolders(session: Session, heldMs: number): Promise<string> {
  await session.rows(FORGET_ACTIVITY);
  const holders = await session.rows(READ_LOCK_HOLDERS, heldMs);
  return holders.map(nameOf).join("; ") || "somebody who has ended by now";
}

function nameOf(row: Row): string {
  const pid = optionalIn(row, "pid", integerIn);
  const seconds = integerIn(row, "seconds");
  const who = pid === undefined ? "a prepared transaction" : `process ${pid} (${textIn(row, "application")})`;
  const since = seconds < 0 ? "" : `, in a transaction of ${seconds} s`;
  return `${who}${since}, which has ${tablesIn(row).join(", ")}`;
}

function tablesIn({ tables }: Row): readonly string[] {
  return Array.isArray(tables) ? tables.map(String) : [];
}
