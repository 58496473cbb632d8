/** Guards of replays of ranges: what they send, in which turns, and what they write. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const ENGINE = "server/src/engine";
const REPLAYER = `${ENGINE}/replayer.test.ts`;
const TAKING = `${ENGINE}/take-replayed.test.ts`;

export const REPLAY_MUTATIONS: readonly Mutation[] = [
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
