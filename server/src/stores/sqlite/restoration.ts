import type { DatabaseSync } from "node:sqlite";
import { offsetAt } from "../../model/offset.ts";
import { AHEAD_MS, type Restoration } from "../../restoration.ts";
import { bytesIn } from "../columns.ts";
import { LEASE } from "./lease.ts";
import { RAISE_HEAD } from "./queries/log.ts";
import { DELETE_META, READ_META, SET_META } from "./queries/registry.ts";
import type { Writer } from "./writer.ts";

const BACKED_UP_AT = "backed_up_at";

/** Marks a database as a backup: whoever opens it will know. */
export function markAsBackup(database: DatabaseSync, now: number): void {
  database.prepare(SET_META).run(BACKED_UP_AT, new TextEncoder().encode(String(now)));
}

/** Says whether nothing is to be sent from a database until a person has looked. */
export function isBackup(database: DatabaseSync): boolean {
  return database.prepare(READ_META).get(BACKED_UP_AT) !== undefined;
}

/**
 * Finds out whether a database was restored from a backup. If so, its log goes on a minute ahead of the
 * clock: no new event takes the id of one that was accepted after the backup, and is lost.
 */
export function findRestoration(database: DatabaseSync, write: Writer["write"], now: number): Restoration {
  const row = database.prepare(READ_META).get(BACKED_UP_AT);
  let backedUpAt = row && Number(new TextDecoder().decode(bytesIn(row, "value")));
  if (backedUpAt !== undefined) {
    database.prepare(RAISE_HEAD).run(LEASE, offsetAt(now + AHEAD_MS));
  }
  return {
    get backedUpAt() {
      return backedUpAt;
    },
    async end() {
      await write(() => database.prepare(DELETE_META).run(BACKED_UP_AT));
      backedUpAt = undefined;
    },
  };
}
