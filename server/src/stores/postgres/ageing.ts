import type { AgeingStep } from "../../facts.ts";
import type { AgedKind } from "../../model/retention.ts";
import type { Store } from "../../store.ts";
import { integerIn } from "../columns.ts";
import { tenantRetentionOf } from "../registry-rows.ts";
import { agedPageOf } from "../scans.ts";
import { bigints } from "./binary-arrays.ts";
import type { Database, Session } from "./database.ts";
import { forgetSubjects } from "./directory.ts";
import {
  EXPIRE_DEAD_LETTERS,
  READ_CHECKPOINT,
  READ_RETENTIONS,
  SCAN_ANSWERS,
  SCAN_DEAD_LETTERS,
  SCAN_PAYLOADS,
} from "./queries/ageing.ts";
import { ERASE_ANSWERS, ERASE_EVENTS } from "./queries/erasure.ts";

const SCANS: Readonly<Record<AgedKind, string>> = {
  payload: SCAN_PAYLOADS,
  attempts: SCAN_ANSWERS,
  dead_letters: SCAN_DEAD_LETTERS,
};

/** Finds what is kept for less time than its event. */
export function createAgeing(database: Database): Pick<Store, "readRetentions" | "findAged"> {
  return {
    readRetentions: async () => (await database.rows(READ_RETENTIONS)).map(tenantRetentionOf),
    async findAged({ lease, kind, after, to: asked, limit, finalBefore }) {
      const [row = {}] = await database.rows(READ_CHECKPOINT, lease);
      const to = Math.min(asked, integerIn(row, "checkpoint"));
      const rows = await database.rows(SCANS[kind], lease, after, to, limit, finalBefore);
      return agedPageOf(rows, { after, to, limit });
    },
  };
}

/** Takes a step of ageing inside a flush. */
export async function age(
  session: Session,
  shard: number,
  { kind, tenant, offsets, at }: AgeingStep,
): Promise<void> {
  switch (kind) {
    case "payload":
      await session.run(ERASE_EVENTS, shard, bigints(offsets), tenant);
      await session.run(ERASE_ANSWERS, shard, bigints(offsets));
      await forgetSubjects(session, shard, offsets);
      return;
    case "attempts":
      await session.run(ERASE_ANSWERS, shard, bigints(offsets));
      return;
    case "dead_letters":
      await session.run(EXPIRE_DEAD_LETTERS, shard, bigints(offsets), at);
  }
}
