import type { StatStep } from "../../model/stat.ts";
import type { StatPoint, StatQuery } from "../../reader.ts";
import type { OldStatsQuery } from "../../store.ts";
import { addedCounts } from "../stats.ts";
import type { State } from "./state.ts";

export function addStats({ stats }: State, { rows }: StatStep): void {
  for (const row of rows) {
    stats.put({ ...row, counts: addedCounts(stats.find(row)?.counts, row.counts) });
  }
}

export function readStats({ stats }: State, { tenant, seconds, from, to }: StatQuery): readonly StatPoint[] {
  const place = { tenant, seconds };
  return stats.rows
    .slice(stats.countBefore({ ...place, at: from }), stats.countBefore({ ...place, at: to }))
    .map(({ at, counts }) => ({ at, counts }));
}

export function forgetStats({ stats }: State, { seconds, before, limit }: OldStatsQuery): number {
  const old = stats.rows.filter((row) => row.seconds === seconds && row.at < before).slice(0, limit);
  old.forEach(stats.remove);
  return old.length;
}
