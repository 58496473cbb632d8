import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  busiestOf,
  isNothing,
  percentText,
  perSecond,
  rangeIn,
  rateText,
  splitAtRunning,
  stepsOf,
} from "./figures.ts";

type Stats = Parameters<typeof stepsOf>[0];
type Counts = Stats["total"];

const NOTHING: Counts = {
  accepted: 0,
  first_tried: 0,
  delivered: 0,
  delivered_first_try: 0,
  rejected: 0,
  dead: 0,
  replayed: 0,
  attempts: 0,
  attempts_failed: 0,
  accepted_to_delivered: { p50_ms: null, p95_ms: null, p99_ms: null },
};

function setup(points: readonly (Partial<Counts> & { readonly at: string })[], more: Partial<Stats> = {}) {
  return stepsOf({
    since: "2026-03-01T10:00:00.000Z",
    until: "2026-03-01T10:04:30.000Z",
    resolution: "minute",
    total: NOTHING,
    points: points.map((point) => ({ ...NOTHING, ...point })),
    ...more,
  });
}

describe("what the figures of an overview say", () => {
  test("stepsOf() has every minute: what the server left out is zero, and took no time", () => {
    const times = { p50_ms: 12, p95_ms: 40, p99_ms: 80 };
    const steps = setup([
      {
        at: "2026-03-01T10:01:00.000Z",
        accepted: 3,
        delivered: 2,
        rejected: 1,
        dead: 4,
        accepted_to_delivered: times,
      },
      { at: "2026-03-01T10:04:00.000Z", accepted: 1 },
    ]);
    assert.deepEqual(
      steps.map(({ accepted, delivered, failed, p50 }) => [accepted, delivered, failed, p50]),
      [
        [0, 0, 0, null],
        [3, 2, 5, 12],
        [0, 0, 0, null],
        [0, 0, 0, null],
        [1, 0, 0, null],
      ],
    );
    assert.deepEqual(
      steps.map(({ isRunning }) => isRunning),
      [false, false, false, false, true],
    );
    assert.equal(steps[1]?.at, Date.parse("2026-03-01T10:01:00Z"));
  });

  test("stepsOf() goes by the hour where hours were asked for, and ends where they ended", () => {
    const hours = setup([], { until: "2026-03-01T12:00:00.000Z", resolution: "hour" });
    assert.deepEqual(
      hours.map(({ isRunning }) => isRunning),
      [false, false],
    );
  });

  test("splitAtRunning() lets no line fall for a minute that is not over", () => {
    const steps = setup([
      { at: "2026-03-01T10:03:00.000Z", accepted: 9 },
      { at: "2026-03-01T10:04:00.000Z", accepted: 2 },
    ]);
    assert.deepEqual(
      splitAtRunning(steps, ({ accepted }) => accepted),
      [
        [0, 0, 0, 9, null],
        [null, null, null, 9, 2],
      ],
    );
  });

  test("busiestOf() is the latest of those with the most, and nothing where nothing was accepted", () => {
    assert.equal(busiestOf(setup([])), undefined);
    const steps = setup([
      { at: "2026-03-01T10:01:00.000Z", accepted: 3 },
      { at: "2026-03-01T10:02:00.000Z", accepted: 3 },
      { at: "2026-03-01T10:03:00.000Z", accepted: 1 },
    ]);
    assert.equal(busiestOf(steps), steps[2]);
  });

  test("perSecond() goes by the time that was counted, and not by what was asked for", () => {
    const counted = { since: "2026-03-01T10:00:00.000Z", until: "2026-03-01T10:05:20.000Z" };
    assert.equal(perSecond(640, counted), 2);
    assert.equal(perSecond(5, { since: counted.since, until: counted.since }), 0);
  });

  test("rateText() says what is slow by the minute", () => {
    const cases = [
      [0, "0/s"],
      [1204.4, "1,204/s"],
      [33.333, "33.3/s"],
      [10 / 3, "3.33/s"],
      [0.1, "0.1/s"],
      [0.02, "1.2/min"],
      [1 / 330, "0.18/min"],
    ] as const;
    assert.deepEqual(
      cases.map(([rate]) => rateText(rate)),
      cases.map(([, text]) => text),
    );
  });

  test("percentText() says all of all alone, and none of none alone", () => {
    const cases = [
      [0, 0, undefined],
      [0, 9, "0 %"],
      [9, 9, "100 %"],
      [2, 3, "66.6 %"],
      [9999, 10_000, "99.99 %"],
      [999_999, 1_000_000, "over 99.99 %"],
      [1, 1_000_000, "under 0.1 %"],
    ] as const;
    assert.deepEqual(
      cases.map(([part, whole]) => percentText(part, whole)),
      cases.map(([, , text]) => text),
    );
  });

  test("rangeIn() takes what is offered, and names the default by nothing", () => {
    assert.deepEqual(["24h", "30d", "1h", "2h", 24, undefined].map(rangeIn), [
      "24h",
      "30d",
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("isNothing() tells an hour without anything from one in which only a retry was made", () => {
    assert.equal(isNothing(NOTHING), true);
    assert.equal(isNothing({ ...NOTHING, attempts: 1, attempts_failed: 1 }), false);
  });
});
