import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { durationText } from "@posthorn/contracts/duration-text";
import { countText, relativeText, sizeText } from "./times.ts";

describe("what numbers say", () => {
  test("durationText() names the two largest units", () => {
    const cases = [
      [0, "0 ms"],
      [999, "999 ms"],
      [1500, "1.5 s"],
      [59_999, "59 s"],
      [252_000, "4 m 12 s"],
      [3_600_000, "1 h"],
      [90_000_000, "1 d 1 h"],
    ] as const;
    assert.deepEqual(
      cases.map(([ms]) => durationText(ms)),
      cases.map(([, text]) => text),
    );
  });

  test("relativeText() tells what was from what will be", () => {
    assert.equal(relativeText(1_000_000, 748_000), "in 4 m 12 s");
    assert.equal(relativeText(1_000_000, 1_005_000), "5 s ago");
    assert.equal(relativeText(1_000_000, 1_000_999), "now");
  });

  test("sizeText() and countText() say what is counted, and that there may be more", () => {
    assert.deepEqual([sizeText(912), sizeText(1434), sizeText(3 << 20)], ["912 B", "1.4 KB", "3.0 MB"]);
    assert.equal(sizeText(5 * 1024 ** 3), "5.0 GB");
    assert.deepEqual([countText(1204), countText(10_000, true)], ["1,204", "10,000 or more"]);
  });
});
