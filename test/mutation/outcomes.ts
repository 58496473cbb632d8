/** Guards of what becomes of a delivery: answered, passed over, or ended with its endpoint. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const ENGINE = "server/src/engine";
const REPLAYER = `${ENGINE}/replayer.test.ts`;

export const OUTCOME_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf(`${ENGINE}/settled.ts`, [
    "a replay writes a gap for what its live cursor is done with",
    'outcome.verdict.kind === "delivered" && !isOver',
    'outcome.verdict.kind === "delivered"',
    REPLAYER,
  ]),
  ...mutationsOf(`${ENGINE}/outcome-facts.ts`, [
    "a hold is not told where what failed was skipped",
    "else if (getsThrough(outcome)) {",
    'else if (settlement.kind === "final") {',
    `${ENGINE}/outcome-change.test.ts`,
  ]),
  ...mutationsOf(`${ENGINE}/outcome-change.ts`, [
    "what the store refused of a replay is counted",
    "      takeBackCount();\n",
    "",
    `${ENGINE}/outcome-change.test.ts`,
  ]),
  ...mutationsOf(`${ENGINE}/outcome-effect.ts`, [
    "what is over waits again once a page of retries has brought it back",
    "  window.remove(retry);\n",
    "",
    `${ENGINE}/outcome-change.test.ts`,
  ]),
  ...mutationsOf(
    `${ENGINE}/failing.ts`,
    [
      "a clock that is set forward makes a failure of a moment one of days",
      "since: Math.max(0, since + setByMs)",
      "since",
      `${ENGINE}/failing.test.ts`,
    ],
    [
      "time that only the clock on the wall has seen was seen by the owner",
      "at: seen.at + setByMs",
      "at: seen.at",
      `${ENGINE}/failing.test.ts`,
    ],
  ),
  ...mutationsOf(`${ENGINE}/settle.ts`, [
    "an endpoint is disabled by the first failure that its owner sees",
    " && now - seen.at >= seenMsMin",
    "",
    `${ENGINE}/settle.test.ts`,
  ]),
  ...mutationsOf(
    `${ENGINE}/drop-change.ts`,
    [
      "what a replay passes over is not on its way on the live cursor either",
      "item.cursor === LIVE ? reasons.keys() : []",
      "reasons.keys()",
      `${ENGINE}/drop-change.test.ts`,
    ],
    [
      "what was passed over waits again once a page of retries has brought it back",
      "forgetRetry(lane, item.retry, window);",
      "lane.retries -= 1;",
      `${ENGINE}/drop-change.test.ts`,
    ],
    [
      "what the store refused to pass over is counted",
      "      takeBackCount();\n",
      "",
      `${ENGINE}/drop-change.test.ts`,
    ],
  ),
  ...mutationsOf(
    `${ENGINE}/abandonment-change.ts`,
    ["a replay outlives its endpoint's being disabled", "  lane.cursors.clear();\n", "", REPLAYER],
    [
      "a hold that goes on is forgotten to be told",
      "if (!isFromAfter) {",
      "if (true) {",
      `${ENGINE}/abandonment-change.test.ts`,
    ],
    [
      "since when an endpoint has failed is forgotten where a change is applied again",
      "if (!isFailingFromAfter(state, endpoint)) {",
      "if (true) {",
      `${ENGINE}/abandonment-change.test.ts`,
    ],
    [
      "an endpoint goes on failing from before it was disabled",
      " && !failuresSeen.has(endpoint.number)",
      "",
      `${ENGINE}/abandonment-change.test.ts`,
    ],
  ),
  ...mutationsOf(`${ENGINE}/flusher.ts`, [
    "what lingers waits on when its moment was over while something else was written",
    "    waiting = waiting.slice(changes.length);\n    inFlush = 0;",
    "    waiting = waiting.slice(changes.length);",
    `${ENGINE}/flusher.test.ts`,
  ]),
];
