import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  bucketOf,
  DURATION_BOUNDS_MS,
  emptyCounts,
  HOUR_SECONDS,
  quantileMs,
  startOf,
  sumOf,
} from "./stat.ts";

function countsOf(...durationsMs: readonly number[]) {
  const counts = emptyCounts();
  for (const durationMs of durationsMs) {
    const bucket = bucketOf(durationMs);
    counts.durations[bucket] = (counts.durations[bucket] ?? 0) + 1;
  }
  return counts;
}

describe("bucketOf()", () => {
  test("puts a time into the first bucket whose bound it does not exceed", () => {
    assert.equal(bucketOf(-5), 0);
    assert.equal(bucketOf(1), 0);
    assert.equal(bucketOf(1.5), 1);
    for (const [bucket, bound] of DURATION_BOUNDS_MS.entries()) {
      assert.equal(bucketOf(bound), bucket);
      assert.equal(bucketOf(bound + 0.001), bucket + 1);
    }
  });

  test("has bounds that grow, up to a minute by twice at most", () => {
    for (const [bucket, bound] of DURATION_BOUNDS_MS.entries()) {
      const before = DURATION_BOUNDS_MS[bucket - 1] ?? 0.5;
      assert.ok(bound > before && (bound > 60_000 || bound <= 2 * before), `${before} is before ${bound}`);
    }
  });
});

describe("quantileMs()", () => {
  test("is within the bucket of the delivery at that place", () => {
    const times = Array.from({ length: 100 }, (_, index) => (index + 1) * 10);
    const counts = countsOf(...times);
    for (const part of [0.5, 0.95, 0.99]) {
      const read = quantileMs(counts, part) ?? 0;
      const exact = times[Math.ceil(part * times.length) - 1] ?? 0;
      assert.equal(bucketOf(read), bucketOf(exact), `${part}: ${read} for ${exact}`);
    }
  });

  test("is undefined where nothing was delivered, and the last bound for what took longer than all", () => {
    assert.equal(quantileMs(emptyCounts(), 0.5), undefined);
    assert.equal(quantileMs(countsOf(1e12), 0.5), DURATION_BOUNDS_MS.at(-1));
  });
});

describe("sumOf()", () => {
  test("adds every count and every bucket", () => {
    const one = { ...countsOf(5, 40), accepted: 2, dead: 1 };
    const sum = sumOf([one, one, countsOf(40)]);
    assert.equal(sum.accepted, 4);
    assert.equal(sum.dead, 2);
    assert.equal(sum.durations[bucketOf(5)], 2);
    assert.equal(sum.durations[bucketOf(40)], 3);
  });
});

describe("startOf()", () => {
  test("is the beginning of the stretch that a time is in", () => {
    assert.equal(startOf(Date.UTC(2026, 0, 2, 3, 4, 5), HOUR_SECONDS), Date.UTC(2026, 0, 2, 3));
  });
});
