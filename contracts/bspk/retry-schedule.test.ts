import assert from "node:assert/strict";
import { it } from "node:test";
import { bspkDelaysMs } from "./retry-schedule.ts";

it("bspkDelaysMs() gives 19 whole delays that make exactly 96 hours", () => {
  const delaysMs = bspkDelaysMs();
  assert.equal(delaysMs.length, 19);
  assert.ok(delaysMs.every(Number.isInteger));
  assert.equal(
    delaysMs.reduce((sum, delayMs) => sum + delayMs),
    345_600_000,
  );
});

it("bspkDelaysMs() doubles from 14 s until it is steady at 11 h 24 min", () => {
  const delaysMs = bspkDelaysMs();
  assert.equal(delaysMs[0], 14_249);
  for (let retry = 1; retry < 12; retry += 1) {
    const [before = 0, after = 0] = delaysMs.slice(retry - 1);
    assert.ok(Math.abs(after - 2 * before) <= 2, `${before} doubles to ${after}`);
  }
  for (const delayMs of delaysMs.slice(12)) {
    assert.ok(Math.abs(delayMs - 41_035_993) <= 1, `${delayMs}`);
  }
});
