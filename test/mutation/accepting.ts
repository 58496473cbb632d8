/** Guards of accepting: what waits for a commit, and what is told of it. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const ENGINE = "server/src/engine";

export const ACCEPTING_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf(`${ENGINE}/acceptor.ts`, [
    "events are acknowledged before they are committed",
    "appended = await appending;",
    'const accepted = taken().map(() => ({ kind: "accepted", offsets: [], stored: [] }) as const);\n' +
      "      appended = { results: accepted, previousHead: 0, head: 0, changes: 0 };\n" +
      "      void appending;",
    `${ENGINE}/acceptor.test.ts`,
  ]),
  ...mutationsOf(
    `${ENGINE}/acceptor.ts`,
    [
      "what comes during a commit waits for its answers before the store hears of it",
      "const COMMITTING_MAX = 2;",
      "const COMMITTING_MAX = 1;",
      `${ENGINE}/acceptor.test.ts`,
    ],
    [
      "who waits while a store fails at once is never answered",
      "await fail(taken(), error);",
      "await fail(committing.values().next().value ?? [], error);",
      `${ENGINE}/acceptor.test.ts`,
    ],
    [
      "what was told that nothing of it is stored is stored later",
      "of takeFirst(inTime === -1 ? waiting.length : inTime)",
      "of waiting.slice(0, inTime === -1 ? waiting.length : inTime)",
      `${ENGINE}/acceptor.test.ts`,
    ],
    [
      "an event of a commit without an answer is said not to be stored",
      "      reject(unknown());\n    }\n    const inTime",
      '      reject(new Problem("overloaded", ""));\n    }\n    const inTime',
      `${ENGINE}/acceptor.test.ts`,
    ],
    [
      "a store that does not answer keeps its callers waiting",
      "deadline ??= clock.after(limits.acceptMsMax, answerLate);",
      "",
      `${ENGINE}/acceptor.test.ts`,
    ],
    [
      "only the first that waited too long is told so",
      "deadline = next && clock.after(next.answerBy - now, answerLate);",
      "deadline = undefined;",
      `${ENGINE}/acceptor.test.ts`,
    ],
  ),
  ...mutationsOf(`${ENGINE}/acceptor.ts`, [
    "any number of small events may wait for a commit",
    "room.events + events <= limits.acceptWaitingEventsMax",
    "events > 0",
    `${ENGINE}/acceptor.test.ts`,
  ]),
];
