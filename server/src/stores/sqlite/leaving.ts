import type { DatabaseSync } from "node:sqlite";
import { type LeavingMark, leavingMarkOf, MOVE, markBytes } from "../move-marks.ts";
import { DELETE_META, HAS_META, READ_META, SET_META } from "./queries/registry.ts";

/** Reads whether a database is moved, or was; also of one that has no tables yet. */
export function readLeaving(database: DatabaseSync): LeavingMark | undefined {
  const hasMeta = database.prepare(HAS_META).get() !== undefined;
  const row = hasMeta ? database.prepare(READ_META).get(MOVE) : undefined;
  return row && leavingMarkOf(row);
}

/** Writes it durably; undefined: the database stays. */
export function writeLeaving(database: DatabaseSync, mark: LeavingMark | undefined): void {
  // No writer is here that syncs what was committed: COMMIT does.
  database.exec("PRAGMA synchronous = FULL");
  if (mark === undefined) {
    database.prepare(DELETE_META).run(MOVE);
  } else {
    database.prepare(SET_META).run(MOVE, markBytes(mark));
  }
}

/** Throws, with where it is now or what to do, if a database is moved or was. */
export function assertStays(database: DatabaseSync, path: string): void {
  const mark = readLeaving(database);
  if (mark?.movedAt !== undefined) {
    const at = new Date(mark.movedAt).toISOString();
    throw new Error(
      `${path} was moved to ${mark.to} at ${at}: set POSTHORN_DATABASE_URL to where everything is now`,
    );
  }
  if (mark !== undefined) {
    throw new Error(
      `${path} is being moved to ${mark.to}: run the same posthorn move again to its end, ` +
        `or give it up with posthorn move --give-up --from sqlite:${path}`,
    );
  }
}
