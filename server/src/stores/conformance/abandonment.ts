import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Abandonment } from "../../facts.ts";
import type { Replay } from "../../model/delivery.ts";
import { factsOf, sampleGap, sampleLane, sampleRetry } from "./samples.ts";
import { type Open, START, setUp } from "./setup.ts";
import { snapshotOf } from "./snapshot.ts";

const UP_TO_200: Abandonment = {
  endpoint: 1,
  from: 150,
  to: 200,
  replaysBefore: 5,
  reason: "disabled",
  at: START,
};
const ASKED_BEFORE: Replay = { number: 2, endpoint: 1, from: 1, to: 1, changes: 4, createdAt: START };
const ASKED_SINCE: Replay = { ...ASKED_BEFORE, number: 3, changes: 5 };
const EVERYWHERE = { lease: 0, after: 0, to: 1000 };

/** Ending what an endpoint is owed. */
export function describeAbandonment(open: Open): void {
  describe("flush() of an abandonment", () => {
    test("ends retries up to its end, and older replays; the gap begins at the first", async (t) => {
      const { stores, lease } = await setUp(open, t);
      const kept = [
        sampleRetry({ offset: 201 }),
        sampleRetry({ offset: 125, cursor: ASKED_SINCE.number }),
        sampleRetry({ offset: 120, endpoint: 2 }),
      ];
      const ended = [sampleRetry({ offset: 130, cursor: ASKED_BEFORE.number }), sampleRetry({ offset: 200 })];
      await stores.flush(
        lease,
        factsOf({ replays: [ASKED_BEFORE, ASKED_SINCE], retries: [...kept, ...ended] }),
      );

      await stores.flush(lease, factsOf({ abandoned: [UP_TO_200] }));

      assert.deepEqual(await stores.readRetries(0, undefined, 10), kept);
      assert.deepEqual((await stores.readSettled(EVERYWHERE)).gaps, [
        sampleGap({ from: 130, to: 200, reason: "disabled" }),
      ]);
    });

    test("ends a replay that the same flush writes, if that was asked for before", async (t) => {
      const { stores, lease } = await setUp(open, t);
      const before = sampleRetry({ offset: 160, cursor: ASKED_BEFORE.number });
      const since = sampleRetry({ offset: 170, cursor: ASKED_SINCE.number });
      const replays = [ASKED_BEFORE, ASKED_SINCE];

      await stores.flush(lease, factsOf({ replays, retries: [before, since], abandoned: [UP_TO_200] }));

      assert.deepEqual(await stores.readRetries(0, undefined, 10), [since]);
    });

    test("begins the gap at its own beginning, where no retry is lower", async (t) => {
      const { stores, lease } = await setUp(open, t);
      const retries = [sampleRetry({ offset: 170 }), sampleRetry({ offset: 10, endpoint: 2 })];

      await stores.flush(lease, factsOf({ retries, abandoned: [UP_TO_200] }));

      const { gaps } = await stores.readSettled(EVERYWHERE);
      assert.deepEqual(gaps, [sampleGap({ from: 150, to: 200, reason: "disabled" })]);
    });

    test("writes no gap where nothing was owed any more", async (t) => {
      const { stores, lease } = await setUp(open, t);

      await stores.flush(lease, factsOf({ abandoned: [{ ...UP_TO_200, from: 201 }] }));

      assert.deepEqual((await stores.readSettled(EVERYWHERE)).gaps, []);
    });

    test("writes a gap for a retry alone", async (t) => {
      const { stores, lease } = await setUp(open, t);
      await stores.flush(lease, factsOf({ retries: [sampleRetry({ offset: 180 })] }));

      await stores.flush(lease, factsOf({ abandoned: [{ ...UP_TO_200, from: 201 }] }));

      const { gaps } = await stores.readSettled(EVERYWHERE);
      assert.deepEqual(gaps, [sampleGap({ from: 180, to: 200, reason: "disabled" })]);
    });

    test("of no replay leaves what they have waiting", async (t) => {
      const { stores, lease } = await setUp(open, t);
      const replay = sampleRetry({ offset: 160, cursor: ASKED_BEFORE.number });
      const retries = [sampleRetry({ offset: 155 }), replay];
      await stores.flush(lease, factsOf({ replays: [ASKED_BEFORE], retries }));

      await stores.flush(
        lease,
        factsOf({ abandoned: [{ ...UP_TO_200, replaysBefore: 0, reason: "skipped" }] }),
      );

      assert.deepEqual(await stores.readRetries(0, undefined, 10), [replay]);
      const { gaps } = await stores.readSettled(EVERYWHERE);
      assert.deepEqual(gaps, [sampleGap({ from: 150, to: 200, reason: "skipped" })]);
    });

    test("ends the lane's row, and no other lane's", async (t) => {
      const { stores, lease } = await setUp(open, t);
      const other = sampleLane({ endpoint: 2, position: 100 });
      await stores.flush(lease, factsOf({ lanes: [sampleLane({ position: 230 }), other] }));

      await stores.flush(lease, factsOf({ abandoned: [UP_TO_200] }));

      assert.deepEqual(await stores.readLanes(0), [other]);
    });

    test("leaves the row that the same flush gives the lane: it is from after", async (t) => {
      const { stores, lease } = await setUp(open, t);
      const row = sampleLane({ position: 180 });
      await stores.flush(lease, factsOf({ lanes: [sampleLane({ position: 100 })] }));

      await stores.flush(lease, factsOf({ lanes: [row], releasedLanes: [1], abandoned: [UP_TO_200] }));

      assert.deepEqual(await stores.readLanes(0), [row]);
    });

    test("is the same twice as once, although its retries are gone the second time", async (t) => {
      const { stores, lease } = await setUp(open, t);
      const retries = [sampleRetry({ offset: 130 })];
      const earlier = sampleGap({ from: 140, to: 145, reason: "disabled" });
      await stores.flush(lease, factsOf({ retries, gaps: [earlier] }));
      await stores.flush(lease, factsOf({ abandoned: [UP_TO_200] }));
      const once = await snapshotOf(stores, [130, 150, 200]);

      await stores.flush(lease, factsOf({ abandoned: [UP_TO_200] }));

      assert.deepEqual(await snapshotOf(stores, [130, 150, 200]), once);
    });
  });
}
