import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { emptyCounts } from "../model/stat.ts";
import { countsIn, textOfCounts } from "./counts-text.ts";

describe("countsIn()", () => {
  test("reads what textOfCounts() wrote", () => {
    const counts = { ...emptyCounts(), accepted: 12, deliveredFirst: 7 };
    counts.durations[3] = 5;
    counts.durations[counts.durations.length - 1] = 2;
    assert.deepEqual(countsIn(textOfCounts(counts)), counts);
    assert.equal(textOfCounts(emptyCounts()), "{}");
  });

  test("takes what is damaged, or of a later version, as nothing", () => {
    for (const text of [
      "",
      "[",
      "null",
      '"accepted"',
      '{"accepted":"1","dead":-2,"attempts":1.5,"later":9}',
    ]) {
      assert.deepEqual(countsIn(text), emptyCounts(), text);
    }
  });
});
