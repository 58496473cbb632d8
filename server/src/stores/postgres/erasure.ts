import type { ErasureStep } from "../../facts.ts";
import { integerIn } from "../columns.ts";
import { bigints } from "./binary-arrays.ts";
import type { Session } from "./database.ts";
import { forgetSubjects } from "./directory.ts";
import {
  END_ERASURE,
  ERASE_ANSWERS,
  ERASE_EVENTS,
  ERASE_KEY_HASHES,
  MOVE_ERASURE,
} from "./queries/erasure.ts";

/** Takes a step of an erasure inside a flush. */
export async function erase(
  session: Session,
  shard: number,
  { erasure, tenant, offsets, next }: ErasureStep,
): Promise<void> {
  const rows = await session.rows(ERASE_EVENTS, shard, bigints(offsets), tenant);
  const erased = rows.map((row) => integerIn(row, "offset"));
  if (erased.length > 0) {
    await session.run(ERASE_ANSWERS, shard, bigints(erased));
    await session.run(ERASE_KEY_HASHES, shard, tenant, bigints(erased));
    await forgetSubjects(session, shard, erased);
  }
  if (next === undefined) {
    await session.run(END_ERASURE, shard, erasure);
  } else {
    await session.run(MOVE_ERASURE, shard, erasure, next);
  }
}
