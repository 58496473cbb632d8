import { OFFSETS_PER_MS, timeOfOffset } from "../../model/offset.ts";
import { AHEAD_MS } from "../../restoration.ts";
import { integerIn, textIn } from "../columns.ts";
import { BE_ALONE } from "./be-alone.ts";
import { inTransaction, type Session } from "./database.ts";
import {
  END_LEASES,
  PUT_LINEAGE,
  RAISE_REVISIONS,
  RAISE_SEQUENCES,
  RAISE_SHARDS,
  READ_LINEAGE,
  READ_NEWEST,
} from "./queries/lineage.ts";
import { markAsRestored } from "./restoration.ts";

// More than anything of which only numbers are given can have got, and be lost.
const BEYOND = 1_000_000;

/**
 * How a database went back in time: `failover`, the same one on another timeline, which a standby that was
 * promoted has, and also one that was recovered to a moment; `restored`, another one that has its rows.
 */
export type WentBack = "failover" | "restored";

/**
 * Finds out whether the database went back in time, and may lack what was last written. If so, everything
 * that has a number goes on from beyond what may have been given: ids, changes, epochs. And every lease ends,
 * so that nobody goes on by what they knew. One that was restored is marked as such. Returns how it went back
 * where it was this call that did so. Must run on a connection before anything else does: no server changes
 * its lineage while it takes writes.
 */
export async function followLineage(session: Session): Promise<WentBack | undefined> {
  const { lineage, stored } = await readLineage(session);
  if (lineage === stored) {
    return undefined;
  }
  return await inTransaction(session, async () => {
    await session.rows(BE_ALONE);
    const { stored: before } = await readLineage(session);
    if (before === lineage) {
      return undefined;
    }
    await session.run(PUT_LINEAGE, lineage);
    // A database that is new has given nothing.
    if (before === undefined) {
      return undefined;
    }
    const wentBack = howFrom(before, lineage);
    if (wentBack === "restored") {
      const [row = {}] = await session.rows(READ_NEWEST);
      await markAsRestored(session, timeOfOffset(integerIn(row, "newest")));
    }
    await session.run(END_LEASES, BEYOND);
    await session.run(RAISE_SHARDS, AHEAD_MS * OFFSETS_PER_MS, BEYOND);
    await session.run(RAISE_REVISIONS, BEYOND);
    await session.rows(RAISE_SEQUENCES, BEYOND);
    return wentBack;
  });
}

/** Cluster, timeline, database and table: all but the timeline stay in a failover. */
function howFrom(before: string, lineage: string): WentBack {
  const [cluster, , ...numbers] = lineage.split(" ");
  const [clusterBefore, , ...numbersBefore] = before.split(" ");
  return cluster === clusterBefore && numbers.join() === numbersBefore.join() ? "failover" : "restored";
}

async function readLineage(session: Session) {
  const [row = {}] = await session.rows(READ_LINEAGE);
  return {
    lineage: textIn(row, "lineage"),
    stored: row["stored"] === null ? undefined : textIn(row, "stored"),
  };
}
