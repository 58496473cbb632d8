import type { DatabaseSync } from "node:sqlite";
import type { StatStep } from "../../model/stat.ts";
import type { StatPoint, StatQuery } from "../../reader.ts";
import { textIn } from "../columns.ts";
import { countsIn, textOfCounts } from "../counts-text.ts";
import { addedCounts, statPointOf } from "../stats.ts";
import { LIST_STATS, PUT_STAT, READ_STAT } from "./queries/stats.ts";

/** Prepares adding to what is counted inside a flush. */
export function prepareAddStats(database: DatabaseSync): (step: StatStep) => void {
  const readStat = database.prepare(READ_STAT);
  const putStat = database.prepare(PUT_STAT);
  return ({ rows }) => {
    for (const { tenant, seconds, at, counts } of rows) {
      const row = readStat.get(tenant, seconds, at);
      const stored = row && countsIn(textIn(row, "counts"));
      putStat.run(tenant, seconds, at, textOfCounts(addedCounts(stored, counts)));
    }
  };
}

export function prepareReadStats(database: DatabaseSync): (query: StatQuery) => readonly StatPoint[] {
  const list = database.prepare(LIST_STATS);
  return ({ tenant, seconds, from, to }) => list.all(tenant, seconds, from, to).map(statPointOf);
}
