import type { Gap } from "../../model/delivery.ts";
import type { Offset } from "../../model/offset.ts";
import { gapOf } from "../log-rows.ts";
import { bigints } from "./binary-arrays.ts";
import type { Session } from "./database.ts";
import { READ_GAPS, READ_GAPS_AT, READ_GAPS_OF } from "./queries/gaps.ts";

/** Where gaps are looked for. Those of one endpoint are found without looking at another's. */
interface Place {
  readonly shard: number;
  /** Undefined: of every endpoint. */
  readonly endpoint: number | undefined;
}

/** Reads gaps that overlap the offsets from one to another. */
export async function readGapsBetween(
  session: Session,
  { shard, endpoint, from, to }: Place & { readonly from: Offset; readonly to: Offset },
): Promise<readonly Gap[]> {
  const rows =
    endpoint === undefined
      ? await session.rows(READ_GAPS, shard, from, to)
      : await session.rows(READ_GAPS_OF, shard, from, to, endpoint);
  return rows.map(gapOf);
}

/** Reads gaps at offsets in order; a wider gap may lie between two of them. */
export async function readGapsAt(
  session: Session,
  { offsets, ...place }: Place & { readonly offsets: readonly Offset[] },
): Promise<readonly Gap[]> {
  const [from, to] = [offsets[0] ?? 0, offsets.at(-1) ?? -1];
  if (place.endpoint !== undefined) {
    return await readGapsBetween(session, { ...place, from, to });
  }
  return (await session.rows(READ_GAPS_AT, place.shard, from, to, bigints(offsets))).map(gapOf);
}
