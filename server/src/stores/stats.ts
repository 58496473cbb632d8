import type { Facts } from "../facts.ts";
import type { Offset } from "../model/offset.ts";
import { addCounts, type Counts, type CountsDraft, emptyCounts } from "../model/stat.ts";
import type { StatPoint } from "../reader.ts";
import { integerIn, type Row, textIn } from "./columns.ts";
import { countsIn } from "./counts-text.ts";

/** Up to where a flush says that events are counted; 0 where it says nothing of it. */
export function countedToIn({ stats }: Facts): Offset {
  return stats.at(-1)?.countedTo ?? 0;
}

export function addedCounts(stored: Counts | undefined, counts: Counts): Counts {
  const sum = emptyCounts();
  addCounts(sum, counts);
  if (stored !== undefined) {
    addCounts(sum, stored);
  }
  return sum;
}

export function statPointOf(row: Row): StatPoint {
  return { at: integerIn(row, "at"), counts: countsIn(textIn(row, "counts")) };
}

/** Adds up what shards have counted of the same time; points come in its order. */
export function mergedPoints(points: readonly StatPoint[]): readonly StatPoint[] {
  const merged: { readonly at: number; readonly counts: CountsDraft }[] = [];
  for (const { at, counts } of points) {
    let last = merged.at(-1);
    if (last?.at !== at) {
      last = { at, counts: emptyCounts() };
      merged.push(last);
    }
    addCounts(last.counts, counts);
  }
  return merged;
}
