import type { DatabaseSync } from "node:sqlite";
import type { Gap } from "../../model/delivery.ts";
import type { Offset } from "../../model/offset.ts";
import { gapOf } from "../log-rows.ts";
import { READ_GAPS, READ_GAPS_AT, READ_GAPS_OF } from "./queries/gaps.ts";

/** Reads gaps that overlap what is asked for; those of one endpoint without looking at another's. */
export interface GapReads {
  /** From an offset to another, of one endpoint or, with undefined, of all. */
  between(from: Offset, to: Offset, endpoint: number | undefined): readonly Gap[];
  /** At offsets in order; a wider gap may lie between two of them. */
  at(offsets: readonly Offset[], endpoint: number | undefined): readonly Gap[];
}

export function prepareGapReads(database: DatabaseSync): GapReads {
  const ofAll = database.prepare(READ_GAPS);
  const ofOne = database.prepare(READ_GAPS_OF);
  const atPlaces = database.prepare(READ_GAPS_AT);

  return {
    between: (from, to, endpoint) =>
      (endpoint === undefined ? ofAll.all(from, to) : ofOne.all(from, to, endpoint)).map(gapOf),
    at(offsets, endpoint) {
      const ends = [offsets[0] ?? 0, offsets.at(-1) ?? -1] as const;
      const rows =
        endpoint === undefined
          ? atPlaces.all(...ends, JSON.stringify(offsets))
          : ofOne.all(...ends, endpoint);
      return rows.map(gapOf);
    },
  };
}
