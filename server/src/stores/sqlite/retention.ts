import { type Offset, timeOfOffset } from "../../model/offset.ts";
import type { Store } from "../../store.ts";
import { integerIn } from "../columns.ts";
import type { Connections } from "./connections.ts";
import { assertLease } from "./lease.ts";
import {
  FIND_END,
  FORGET_ATTEMPTS,
  FORGET_BLOCKS,
  FORGET_DEAD_LETTERS,
  FORGET_EVENTS,
  FORGET_RANGE_REPLAYS,
  FORGET_REPLAYS,
  FORGET_SMALL_GAPS,
  FORGET_WIDE_GAPS,
  READ_NEEDING,
} from "./queries/retention.ts";
import { FORGET_STATS } from "./queries/stats.ts";

// Events first: of what is gone, nobody asks what became of it.
const FORGET = [
  FORGET_EVENTS,
  FORGET_ATTEMPTS,
  FORGET_DEAD_LETTERS,
  FORGET_SMALL_GAPS,
  FORGET_WIDE_GAPS,
  FORGET_BLOCKS,
];

// These go by a time, not by an offset.
const FORGET_ENDED = [FORGET_RANGE_REPLAYS, FORGET_REPLAYS];

/** Forgets by ranges of keys. What that leaves free in the file is written again. */
export function createRetention(
  connections: Connections,
): Pick<Store, "readNeeding" | "forgetLog" | "forgetStats"> {
  const { reading, writing, read, write } = connections;
  const readNeeding = reading.prepare(READ_NEEDING);
  const findEnd = writing.prepare(FIND_END);
  const forgetStats = writing.prepare(FORGET_STATS);
  const steps = FORGET.map((statement) => writing.prepare(statement));
  const endedSteps = FORGET_ENDED.map((statement) => writing.prepare(statement));

  function forget(to: Offset, limit: number): number {
    const end = integerIn(findEnd.get(to) ?? {}, "end_offset");
    let left = limit;
    for (const step of steps) {
      left -= Number(step.run(end, left).changes);
    }
    for (const step of endedSteps) {
      left -= Number(step.run(timeOfOffset(end), left).changes);
    }
    return limit - left;
  }

  return {
    readNeeding: (lease, to) =>
      read(() => {
        assertLease(lease);
        return readNeeding.all(to).map((row) => integerIn(row, "endpoint"));
      }),
    forgetLog: (to, limit) => write(() => forget(to, limit)),
    forgetStats: (lease, { seconds, before, limit }) =>
      write(() => {
        assertLease(lease);
        return Number(forgetStats.run(seconds, before, limit).changes);
      }),
  };
}
