/** Guards of what is told live, and of the clock that can be moved. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const HUB_TEST = "server/src/live-hub.test.ts";
const STREAM_TEST = "server/src/api/live-stream.test.ts";

export const LIVE_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf(
    "server/src/live-hub.ts",
    [
      "a live stream tells a tenant of another",
      "(tenant === undefined || fact.tenant.number === tenant)",
      "(tenant === undefined || fact.tenant.number > 0)",
      HUB_TEST,
    ],
    [
      "any number of facts is kept for whoever comes back to a live stream",
      "kept = [...kept, ...numbered].slice(-KEPT_MAX);",
      "kept = [...kept, ...numbered.slice(-KEPT_MAX)];",
      HUB_TEST,
    ],
    [
      "whoever comes back late to a live stream is not told that something was missed",
      "isKnown && after.number >= from",
      "isKnown && after.number >= 0",
      HUB_TEST,
    ],
    [
      "whoever was away while something was left out of a live stream is not told so",
      "const from = Math.max(keptFrom - 1, incompleteUpTo);",
      "const from = Math.max(keptFrom - 1, -incompleteUpTo);",
      HUB_TEST,
    ],
    [
      "a server that was watched lately takes half a minute to end",
      "stop: () => ending?.cancel()",
      "stop: () => undefined",
      HUB_TEST,
    ],
  ),
  ...mutationsOf(
    "server/src/api/live-stream.ts",
    [
      "a live stream keeps any amount for a reader that takes nothing",
      "room >= 1 && readable.readableLength < UNREAD_BYTES_MAX",
      "room >= 1",
      STREAM_TEST,
    ],
    ["a live stream has no rate", "return room >= 1 &&", "return room >= -1e9 &&", STREAM_TEST],
    [
      "a live stream goes on when its key was revoked",
      "if (!(await options.mayGoOn())) {",
      "if (!(await options.mayGoOn()) && isOver) {",
      STREAM_TEST,
    ],
  ),
  ...mutationsOf("server/src/engine/live-relay.ts", [
    "the store is asked what others tell while nobody watches here",
    "if (hub.isWatched) {\n      const { watchedTenants } = hub;",
    "if (!isStopped) {\n      const { watchedTenants } = hub;",
    "server/src/engine/live-relay.test.ts",
  ]),
  ...mutationsOf("server/src/main.ts", [
    "the clock of a server in production can be moved",
    'isDevelopment && database.kind === "sqlite" ?',
    'database.kind === "sqlite" ?',
    "test/e2e/clock.test.ts",
  ]),
  ...mutationsOf("server/src/api/routes/stream.ts", [
    "tenants together take every stream there is",
    "ofTenants.length >= STREAMS_OF_TENANTS_MAX",
    "ofTenants.length >= STREAMS_MAX",
    "test/e2e/live-stream-limits.test.ts",
  ]),
];
