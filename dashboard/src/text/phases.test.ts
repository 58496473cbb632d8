import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { phasesOf } from "./phases.ts";

const shown = (timed: Parameters<typeof phasesOf>[0]) =>
  phasesOf(timed).map(({ name, fromMs, toMs, isBroken }) => [name, fromMs, toMs, isBroken]);

describe("phasesOf()", () => {
  test("phasesOf() of an answer has all three, one behind the other", () => {
    assert.deepEqual(shown({ connected_ms: 12, headers_ms: 40, duration_ms: 45, status: 200 }), [
      ["Connect", 0, 12, false],
      ["Wait for the answer", 12, 40, false],
      ["Read the answer", 40, 45, false],
    ]);
  });

  test("phasesOf() ends with the part that came to nothing", () => {
    assert.deepEqual(shown({ connected_ms: null, headers_ms: null, duration_ms: 3, status: null }), [
      ["Connect", 0, 3, true],
    ]);
    assert.deepEqual(shown({ connected_ms: 2, headers_ms: null, duration_ms: 5000, status: null }), [
      ["Connect", 0, 2, false],
      ["Wait for the answer", 2, 5000, true],
    ]);
    assert.deepEqual(shown({ connected_ms: 2, headers_ms: 4, duration_ms: 9, status: null }).at(-1), [
      "Read the answer",
      4,
      9,
      true,
    ]);
  });

  test("phasesOf() lets no part begin before the one before it has ended", () => {
    assert.deepEqual(shown({ connected_ms: 9, headers_ms: 7, duration_ms: 8, status: 200 }), [
      ["Connect", 0, 8, false],
      ["Wait for the answer", 8, 8, false],
      ["Read the answer", 8, 8, false],
    ]);
  });
});
