import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { VerdictKind } from "../../model/delivery.ts";
import { factsOf, sampleAttempt, sampleDeadLetter, sampleGap, sampleRetry } from "./samples.ts";
import { type Open, setUp } from "./setup.ts";

const RANGE = { lease: 0, after: 100, to: 200 };

/** Which deliveries need no sending: the whole of recovery. */
export function describeSettled(open: Open): void {
  describe("readSettled()", () => {
    test("has deliveries with a final attempt, a dead letter or a retry, in order", async (t) => {
      const { stores, lease } = await setUp(open, t);
      await stores.flush(
        lease,
        factsOf({
          attempts: [
            sampleAttempt({ offset: 150, endpoint: 2 }),
            sampleAttempt({ offset: 150, endpoint: 1, verdict: "rejected" }),
          ],
          deadLetters: [sampleDeadLetter({ offset: 140 })],
          retries: [sampleRetry({ offset: 160 })],
        }),
      );

      assert.deepEqual(await stores.readSettled(RANGE), {
        deliveries: [
          { endpoint: 1, offset: 140 },
          { endpoint: 1, offset: 150 },
          { endpoint: 2, offset: 150 },
          { endpoint: 1, offset: 160 },
        ],
        gaps: [],
      });
    });

    test("has no delivery whose attempts were not final", async (t) => {
      const { stores, lease } = await setUp(open, t);
      const verdicts: VerdictKind[] = ["retry", "hold", "disable"];
      const attempts = verdicts.map((verdict, index) => sampleAttempt({ offset: 150 + index, verdict }));
      await stores.flush(lease, factsOf({ attempts }));

      assert.deepEqual((await stores.readSettled(RANGE)).deliveries, []);
    });

    test("has a delivery once, whatever settles it", async (t) => {
      const { stores, lease } = await setUp(open, t);
      await stores.flush(
        lease,
        factsOf({
          attempts: [sampleAttempt({ offset: 150, number: 2 }), sampleAttempt({ offset: 150, number: 3 })],
          deadLetters: [sampleDeadLetter({ offset: 150 })],
          retries: [sampleRetry({ offset: 150 })],
        }),
      );

      assert.deepEqual((await stores.readSettled(RANGE)).deliveries, [{ endpoint: 1, offset: 150 }]);
    });

    test("takes nothing from what replays did", async (t) => {
      const { stores, lease } = await setUp(open, t);
      const key = { offset: 150, cursor: 3 };
      await stores.flush(
        lease,
        factsOf({
          attempts: [sampleAttempt(key)],
          deadLetters: [sampleDeadLetter(key)],
          retries: [sampleRetry(key)],
        }),
      );

      assert.deepEqual(await stores.readSettled(RANGE), { deliveries: [], gaps: [] });
    });

    test("has what one replay did where that is asked for, and no gap", async (t) => {
      const { stores, lease } = await setUp(open, t);
      await stores.flush(
        lease,
        factsOf({
          attempts: [sampleAttempt({ offset: 150, cursor: 3 }), sampleAttempt({ offset: 151 })],
          deadLetters: [
            sampleDeadLetter({ offset: 152, cursor: 3 }),
            sampleDeadLetter({ offset: 153, cursor: 4 }),
          ],
          retries: [sampleRetry({ offset: 154, cursor: 3 })],
          gaps: [sampleGap({ from: 155, to: 155 })],
        }),
      );

      assert.deepEqual(await stores.readSettled({ ...RANGE, cursor: 3 }), {
        deliveries: [150, 152, 154].map((offset) => ({ endpoint: 1, offset })),
        gaps: [],
      });
    });

    test("has what is after the first offset, up to the last", async (t) => {
      const { stores, lease } = await setUp(open, t);
      const offsets = [100, 101, 200, 201];
      await stores.flush(
        lease,
        factsOf({
          attempts: offsets.map((offset) => sampleAttempt({ offset, endpoint: 1 })),
          deadLetters: offsets.map((offset) => sampleDeadLetter({ offset, endpoint: 2 })),
          retries: offsets.map((offset) => sampleRetry({ offset, endpoint: 3 })),
        }),
      );

      const { deliveries } = await stores.readSettled(RANGE);

      assert.deepEqual(
        deliveries.map(({ endpoint, offset }) => [offset, endpoint]),
        [101, 200].flatMap((offset) => [1, 2, 3].map((endpoint) => [offset, endpoint])),
      );
    });

    test("has the gaps that reach into the offsets asked for", async (t) => {
      const { stores, lease } = await setUp(open, t);
      const inside = [
        sampleGap({ from: 1, to: 101 }),
        sampleGap({ from: 2, to: 900 }),
        sampleGap({ from: 150, to: 150 }),
        sampleGap({ from: 200, to: 300 }),
      ];
      const outside = [sampleGap({ from: 50, to: 100 }), sampleGap({ from: 201, to: 300 })];
      await stores.flush(lease, factsOf({ gaps: [...outside, ...inside] }));

      assert.deepEqual((await stores.readSettled(RANGE)).gaps, inside);
    });

    test("has one endpoint's only, where one is asked for", async (t) => {
      const { stores, lease } = await setUp(open, t);
      await stores.flush(
        lease,
        factsOf({
          attempts: [
            sampleAttempt({ offset: 150, endpoint: 1 }),
            sampleAttempt({ offset: 151, endpoint: 2 }),
          ],
          deadLetters: [sampleDeadLetter({ offset: 152 }), sampleDeadLetter({ offset: 153, endpoint: 2 })],
          retries: [sampleRetry({ offset: 154 }), sampleRetry({ offset: 155, endpoint: 2 })],
          gaps: [sampleGap({ from: 156, to: 156 }), sampleGap({ from: 157, to: 157, endpoint: 2 })],
        }),
      );

      const settled = await stores.readSettled({ ...RANGE, endpoint: 2 });

      assert.deepEqual(
        settled.deliveries.map(({ offset }) => offset),
        [151, 153, 155],
      );
      assert.deepEqual(
        settled.gaps.map(({ from }) => from),
        [157],
      );
    });
  });
}
