import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clockFindings, type Times } from "./clock.ts";

const NOW = Date.parse("2026-05-01T12:00:00Z");

function statusesOf(times: Partial<Times>): readonly string[] {
  const all = { now: NOW, jumpedMs: 0, newestAt: NOW - 1000, databaseAheadMs: undefined, ...times };
  return clockFindings(all).map(({ status }) => status);
}

describe("clockFindings()", () => {
  test("is content with a clock that nothing contradicts", () => {
    assert.deepEqual(statusesOf({}), ["ok"]);
    assert.deepEqual(statusesOf({ newestAt: undefined }), ["ok"]);
    assert.deepEqual(statusesOf({ databaseAheadMs: -300 }), ["ok"]);
  });

  test("warns of a clock that is seconds from the database's, and calls a minute a problem", () => {
    const [behind] = clockFindings({ now: NOW, jumpedMs: 0, newestAt: NOW, databaseAheadMs: 5000 });
    assert.match(behind?.says ?? "", /clock is 5000 ms behind the database's/);
    assert.deepEqual(statusesOf({ databaseAheadMs: -5000 }), ["warning"]);
    assert.deepEqual(statusesOf({ databaseAheadMs: 61_000 }), ["problem"]);
    assert.deepEqual(statusesOf({ databaseAheadMs: -61_000 }), ["problem"]);
  });

  test("warns of a log that is ahead of the clock by more than a restored one is", () => {
    assert.deepEqual(statusesOf({ newestAt: NOW + 60_000 }), ["ok"]);
    assert.deepEqual(statusesOf({ newestAt: NOW + 3_600_000 }), ["warning"]);
  });

  test("judges the log of a database by the database's clock", () => {
    assert.deepEqual(statusesOf({ newestAt: NOW + 3_600_000, databaseAheadMs: 3_600_000 }), ["problem"]);
  });

  test("warns of a clock that jumps either way", () => {
    assert.deepEqual(statusesOf({ jumpedMs: 1500 }), ["warning"]);
    assert.deepEqual(statusesOf({ jumpedMs: -1500 }), ["warning"]);
  });
});
