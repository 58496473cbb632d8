import assert from "node:assert/strict";
import { test } from "node:test";
import { delaysIn, delaysText } from "./delays-text.ts";

test("delaysText() loses nothing that delaysIn() would miss", () => {
  const delays = [0, 1, 999, 1000, 1500, 61_000, 3_600_001, 5_400_000, 86_399_999, 2_592_000_000];
  assert.equal(delaysText([0, 1500, 5_400_000, 86_400_000]), "0s, 1s500ms, 1h30m, 1d");
  assert.deepEqual(delaysIn(delaysText(delays)), delays);
  assert.deepEqual(delaysIn(delaysText([])), []);
});

test("delaysIn() takes delays as people write them, and says of what is none that it is not", () => {
  assert.deepEqual(delaysIn(" 5 s,5m , 1 h 30 m "), [5000, 300_000, 5_400_000]);
  for (const text of ["", " ", "5", "5s,", "5s 5", "-5s", "1.5h", "30m1h", "soon", "5s, none"]) {
    assert.equal(delaysIn(text), undefined, text);
  }
});
