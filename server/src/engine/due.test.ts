import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DAY_MS } from "../model/duration.ts";
import { isDue } from "./due.ts";

const NOW = Date.UTC(2026, 0, 1);

describe("isDue()", () => {
  test("isDue() from its time on", () => {
    assert.deepEqual(
      [NOW - 1, NOW, NOW + 1].map((at) => isDue(at, NOW)),
      [true, true, false],
    );
  });

  test("isDue() not before its time as long as a schedule may take, of 30 days and as much jitter", () => {
    assert.equal(isDue(NOW + 60 * DAY_MS, NOW), false);
  });

  test("isDue() where a clock that ran ahead by years has put it off", () => {
    assert.equal(isDue(NOW + 3650 * DAY_MS, NOW), true);
    assert.equal(isDue(NOW, 0), true);
  });
});
