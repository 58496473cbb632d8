/** Guards of what a lane may send. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const ENGINE = "server/src/engine";

export const LANE_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf(
    `${ENGINE}/take.ts`,
    [
      "a lane is held for ever for nothing",
      "lane.hold !== undefined && isAtRest(lane)",
      "false",
      `${ENGINE}/hold-end.test.ts`,
    ],
    [
      "any number of a lane's outcomes wait to be durable",
      "return unflushedOf(lane) < unflushedMaxOf(lane, limits)",
      "return unflushedOf(lane) < Infinity",
      `${ENGINE}/lane.test.ts`,
    ],
    [
      "a crash repeats what a fast receiver answered during a sync",
      "Math.min(limits.unflushedPerLaneMax, limits.unflushedPerSlotMax * route.policy.maxInFlight)",
      "limits.unflushedPerLaneMax",
      `${ENGINE}/lane.test.ts`,
    ],
  ),
  ...mutationsOf(`${ENGINE}/skip.ts`, [
    "a receiver is asked again at once because a head was too old to be kept",
    'reason === "skipped" ? Math.min(until, now) : until',
    "Math.min(until, now)",
    `${ENGINE}/expiring.test.ts`,
  ]),
  ...mutationsOf(`${ENGINE}/skip.ts`, [
    "what is skipped is retried, cancelled or skipped again before that is durable",
    "from: 0, to: Infinity }",
    "from: 0, to: 0 }",
    `${ENGINE}/commands.test.ts`,
    `${ENGINE}/skip.test.ts`,
  ]),
  ...mutationsOf(
    `${ENGINE}/as-in-memory.ts`,
    [
      "what is cancelled is retried, or cancelled again, before that is durable",
      "  asked.add(mine);\n",
      "",
      `${ENGINE}/commands.test.ts`,
    ],
    [
      "two commands of one delivery act on the same reading",
      " && !asked.values().some((one) => isOfSame(one, deliveries))",
      "",
      `${ENGINE}/commands.test.ts`,
    ],
    [
      "a command waits for those of other deliveries",
      "one.from <= other.to && other.from <= one.to",
      "true",
      `${ENGINE}/commands.test.ts`,
    ],
    [
      "a command waits for those of other endpoints",
      "one.endpoint === other.endpoint && ",
      "",
      `${ENGINE}/commands.test.ts`,
    ],
  ),
];
