import { OFFSETS_PER_MS } from "../../model/offset.ts";
import { AHEAD_MS } from "../../restoration.ts";
import { textIn } from "../columns.ts";
import { BE_ALONE } from "./be-alone.ts";
import { inTransaction, type Session } from "./database.ts";
import {
  END_LEASES,
  PUT_LINEAGE,
  RAISE_REVISIONS,
  RAISE_SEQUENCES,
  RAISE_SHARDS,
  READ_LINEAGE,
} from "./queries/lineage.ts";

// More than anything of which only numbers are given can have got, and be lost.
const BEYOND = 1_000_000;

/**
 * Finds out whether the database went back in time: it was restored, or is a standby that was promoted, and
 * may lack what was last written. If so, everything that has a number goes on from beyond what may have been
 * given: ids, changes, epochs. And every lease ends, so that nobody goes on by what they knew. Returns
 * whether it was this call that did so. Must run on a connection before anything else does: no server changes
 * its lineage while it takes writes.
 */
export async function followLineage(session: Session): Promise<boolean> {
  const { lineage, stored } = await readLineage(session);
  if (lineage === stored) {
    return false;
  }
  return await inTransaction(session, async () => {
    await session.rows(BE_ALONE);
    const { stored: before } = await readLineage(session);
    if (before === lineage) {
      return false;
    }
    await session.run(PUT_LINEAGE, lineage);
    // A database that is new has given nothing.
    if (before === undefined) {
      return false;
    }
    await session.run(END_LEASES, BEYOND);
    await session.run(RAISE_SHARDS, AHEAD_MS * OFFSETS_PER_MS, BEYOND);
    await session.run(RAISE_REVISIONS, BEYOND);
    await session.rows(RAISE_SEQUENCES, BEYOND);
    return true;
  });
}

async function readLineage(session: Session) {
  const [row = {}] = await session.rows(READ_LINEAGE);
  return {
    lineage: textIn(row, "lineage"),
    stored: row["stored"] === null ? undefined : textIn(row, "stored"),
  };
}
