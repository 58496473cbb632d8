/** Guards of what a lane may send. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const ENGINE = "server/src/engine";

export const LANE_MUTATIONS: readonly Mutation[] = mutationsOf(
  `${ENGINE}/take.ts`,
  [
    "a lane is held for ever for nothing",
    "lane.hold !== undefined && isAtRest(lane)",
    "false",
    `${ENGINE}/hold-end.test.ts`,
  ],
  [
    "any number of a lane's outcomes wait to be durable",
    "return unflushedOf(lane) < limits.unflushedPerLaneMax",
    "return unflushedOf(lane) < Number.POSITIVE_INFINITY",
    `${ENGINE}/lane.test.ts`,
  ],
);
