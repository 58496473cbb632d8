import { existsSync } from "node:fs";
import { realPathOf } from "../../real-path.ts";
import type { LeavingMark } from "../move-marks.ts";
import { openWriterConnection } from "../sqlite/connection.ts";
import { readLeaving, writeLeaving } from "../sqlite/leaving.ts";
import { holdLock } from "../sqlite/lock.ts";

/**
 * Gives up a move that has not ended: its file may be served again, and nothing else can become of what was
 * copied. Returns what it was. Throws where no move is under way: one that ended is not taken back.
 */
export function giveUpMove(givenPath: string): LeavingMark {
  if (!existsSync(givenPath)) {
    throw new Error(`there must be a database at ${givenPath}`);
  }
  const path = realPathOf(givenPath);
  using opened = new DisposableStack();
  opened.adopt(holdLock(path), (lock) => lock.release());
  const database = opened.adopt(openWriterConnection(path), (each) => each.close());
  const mark = readLeaving(database);
  if (mark === undefined) {
    throw new Error(`there is no move to give up: nothing is being moved from ${path}`);
  }
  if (mark.movedAt !== undefined) {
    throw new Error(`there is no move to give up: everything of ${path} is at ${mark.to}`);
  }
  writeLeaving(database, undefined);
  return mark;
}
