/** Guards of the clock that is moved ahead in development. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const ROUTE = "server/src/api/routes/clock.test.ts";
const MOVABLE = "server/src/movable-clock.test.ts";

export const CLOCK_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf(
    "server/src/api/routes/clock.ts",
    [
      "a moved clock goes on before what came of a moment is stored",
      "inFlight > 0 || unwritten > 0",
      "inFlight > 0",
      ROUTE,
    ],
    ["a moved clock goes on before what is due was read", "quiet < QUIET_TURNS", "quiet < 1", ROUTE],
  ),
  ...mutationsOf(
    "server/src/movable-clock.ts",
    [
      "a moved clock stops at every minute of a wait of days",
      "next = Math.min(next, wantedAt);",
      "next = Math.min(next, wantedAt, now + 60_000);",
      MOVABLE,
    ],
    [
      "a moved clock comes to a moment a part of a millisecond too early",
      "Math.ceil(aheadMs + Math.max(0, moment - monotonic()))",
      "aheadMs + Math.max(0, moment - monotonic())",
      MOVABLE,
    ],
    [
      "a moved clock passes over a moment",
      "if (delayMs >= MOMENT_MS_MIN && wantedAt > now) {",
      "if (delayMs >= MOMENT_MS_MIN && wantedAt === now) {",
      MOVABLE,
    ],
  ),
];
