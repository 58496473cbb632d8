import assert from "node:assert/strict";
import { test } from "node:test";
import { noteServerTime, serverNow, whenCorrected } from "./server-clock.ts";

const NOW = Date.parse("2026-03-01T12:00:00.000Z");
const at = (ms: number) => new Date(NOW + ms).toUTCString();

test("serverNow() follows the server where the browser's clock is wrong, and steadily", () => {
  noteServerTime(null, NOW);
  assert.equal(serverNow(NOW), NOW);
  noteServerTime(at(-1000), NOW);
  assert.equal(serverNow(NOW), NOW, "a second is the answer's way");
  noteServerTime(at(3_600_000), NOW);
  assert.equal(serverNow(NOW), NOW + 3_600_500);
  noteServerTime(at(3_601_000), NOW);
  assert.equal(serverNow(NOW), NOW + 3_600_500, "what fits changes nothing");
  noteServerTime("no time", NOW);
  assert.equal(serverNow(NOW), NOW + 3_600_500);
  noteServerTime(at(0), NOW);
  assert.equal(serverNow(NOW), NOW, "the browser's clock was put right");
});

test("whenCorrected() tells of a clock that is another, and not of each answer", () => {
  let told = 0;
  whenCorrected(() => (told += 1));
  for (const ms of [0, 7_200_000, 7_201_000, 7_200_000, 0]) {
    noteServerTime(at(ms), NOW);
  }
  assert.equal(told, 2);
});
