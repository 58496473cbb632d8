import { timeOfOffset } from "../../model/offset.ts";
import type { Store } from "../../store.ts";
import { integerIn } from "../columns.ts";
import type { Database } from "./database.ts";
import { dropPartition } from "./partitions.ts";
import {
  FIND_END,
  FORGET_ATTEMPTS,
  FORGET_BLOCKS,
  FORGET_DEAD_LETTERS,
  FORGET_EVENTS,
  FORGET_GAPS,
  FORGET_RANGE_REPLAYS,
  FORGET_REPLAYS,
  READ_NEEDING,
} from "./queries/retention.ts";
import { FORGET_STATS } from "./queries/stats.ts";

// Events first: of what is gone, nobody asks what became of it.
const FORGET = [FORGET_EVENTS, FORGET_ATTEMPTS, FORGET_DEAD_LETTERS, FORGET_GAPS, FORGET_BLOCKS];

// These go by a time, not by an offset.
const FORGET_ENDED = [FORGET_RANGE_REPLAYS, FORGET_REPLAYS];

/**
 * Forgets by dropping partitions, one a call, and then what has none. What is in a partition that is not
 * over stays until it is.
 */
export function createRetention(
  database: Database,
): Pick<Store, "readNeeding" | "forgetLog" | "forgetStats"> {
  return {
    readNeeding: async (lease, to) =>
      (await database.rows(READ_NEEDING, lease, to)).map((row) => integerIn(row, "endpoint")),
    async forgetLog(to, limit) {
      const [row = {}] = await database.rows(FIND_END, to);
      const end = integerIn(row, "end_offset");
      if (await dropPartition(database, end)) {
        return 1;
      }
      let left = limit;
      for (const statement of FORGET) {
        left -= await database.run(statement, end, left);
      }
      for (const statement of FORGET_ENDED) {
        left -= await database.run(statement, timeOfOffset(end), left);
      }
      return limit - left;
    },
    forgetStats: (lease, { seconds, before, limit }) =>
      database.run(FORGET_STATS, lease, seconds, before, limit),
  };
}
