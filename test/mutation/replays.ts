/** Guards of replays of ranges: what they send, in which turns, and what they write. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const ENGINE = "server/src/engine";
const COMMANDS = `${ENGINE}/commands.test.ts`;
const REPLAYER = `${ENGINE}/replayer.test.ts`;
const TAKING = `${ENGINE}/take-replayed.test.ts`;

export const REPLAY_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf(`${ENGINE}/commands.ts`, [
    "what a replay has delivered is retried before that is durable",
    "lane?.replayed.has(offset) === true",
    "lane?.replayed.has(offset) === undefined",
    COMMANDS,
  ]),
  ...mutationsOf(
    `${ENGINE}/take.ts`,
    [
      "a retry that is due goes although a replay has delivered it",
      "!isPausedRetry(lane, retry) && !isReplayed(lane, retry)",
      "!isPausedRetry(lane, retry)",
      COMMANDS,
    ],
    [
      "a first request goes although a replay has delivered it",
      "next !== undefined && !lane.replayed.has(next) &&",
      "next !== undefined &&",
      COMMANDS,
    ],
  ),
  ...mutationsOf(`${ENGINE}/retry-feeder.ts`, [
    "a retry that a person asked for is sent although a replay has delivered it",
    "lane.replayed.has(retry.offset)",
    "false",
    COMMANDS,
  ]),
  ...mutationsOf(`${ENGINE}/outcome-effect.ts`, [
    "a page of retries brings back what a replay has delivered",
    "window.remove({ endpoint: lane.endpoint, cursor: LIVE, offset }) !== undefined",
    "lane.retries < 0",
    `${ENGINE}/outcome-change.test.ts`,
  ]),
  ...mutationsOf(
    `${ENGINE}/replay-reader.ts`,
    [
      "what a replay has settled is sent again after a crash",
      "const isSettled = page.isSettled(offset);",
      "const isSettled = false;",
      REPLAYER,
    ],
    [
      "a replay of which nothing is chosen is flushed with every page",
      "PROGRESS_EVERY_MS = 1000",
      "PROGRESS_EVERY_MS = 0",
      REPLAYER,
    ],
    [
      "a replay is full for good once it has seen much beyond what takes long",
      "passSeen(cursor);\n        if",
      "if",
      REPLAYER,
    ],
  ),
  ...mutationsOf(
    `${ENGINE}/take-replayed.ts`,
    [
      "a replay overtakes what waits of it, where order matters",
      "cursor.waiting === 0 && takenOf(cursor) === 0",
      "takenOf(cursor) === 0",
      REPLAYER,
    ],
    [
      "a replay does not hold the live cursor, where order matters",
      "if (!cursor.isPaused) {\n      return true;",
      "if (!cursor.isPaused) {\n      return false;",
      REPLAYER,
    ],
    ["a replay goes as often as what is live", "LIVE_A_REPLAYED = 4", "LIVE_A_REPLAYED = 0", TAKING],
  ),
];
