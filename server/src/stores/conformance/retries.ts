import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Retry } from "../../model/delivery.ts";
import type { Store } from "../../store.ts";
import { factsOf, sampleAttempt, sampleRetry } from "./samples.ts";
import { type Open, START, setUp } from "./setup.ts";

/** In the order they are due; many at once. */
const DUE: readonly Retry[] = [
  sampleRetry({ dueAt: START - 1, endpoint: 9 }),
  sampleRetry({ dueAt: START, endpoint: 1, cursor: 0, offset: 1000 }),
  sampleRetry({ dueAt: START, endpoint: 1, cursor: 0, offset: 1001 }),
  sampleRetry({ dueAt: START, endpoint: 1, cursor: 2, offset: 999 }),
  sampleRetry({ dueAt: START, endpoint: 2, cursor: 0, offset: 1 }),
  sampleRetry({ dueAt: START, endpoint: 10, cursor: 0, offset: 0 }),
  sampleRetry({ dueAt: START + 1, endpoint: 1, cursor: 0, offset: 500 }),
];

/** Waiting retries: their order, pages and counts. */
export function describeRetries(open: Open): void {
  describe("readRetries()", () => {
    test("reads in the order of due time, endpoint, cursor and offset", async (t) => {
      const { stores, lease } = await setUp(open, t);
      await stores.flush(lease, factsOf({ retries: DUE.toReversed() }));

      assert.deepEqual(await stores.readRetries(0, undefined, 100), DUE);
    });

    for (const limit of [1, 2, 3]) {
      test(`reads each retry once in pages of ${limit}`, async (t) => {
        const { stores, lease } = await setUp(open, t);
        await stores.flush(lease, factsOf({ retries: DUE }));

        assert.deepEqual(await readInPages(stores, limit), DUE);
      });
    }

    test("goes on after a place whose retry is gone", async (t) => {
      const { stores, lease } = await setUp(open, t);
      const [, second, third] = DUE;
      assert.ok(second && third);
      await stores.flush(lease, factsOf({ retries: DUE }));
      await stores.flush(lease, factsOf({ endedRetries: [second] }));

      assert.deepEqual(await stores.readRetries(0, second, 1), [third]);
    });

    test("has a retry once, at its new time, after it was written anew", async (t) => {
      const { stores, lease } = await setUp(open, t);
      await stores.flush(lease, factsOf({ retries: [sampleRetry({ dueAt: START })] }));
      await stores.flush(lease, factsOf({ retries: [sampleRetry({ dueAt: START + 500 })] }));

      assert.deepEqual(await stores.readRetries(0, undefined, 10), [sampleRetry({ dueAt: START + 500 })]);
    });
  });

  describe("readWaiting()", () => {
    test("has what waits on one cursor of one endpoint up to an offset, in order", async (t) => {
      const { stores, lease } = await setUp(open, t);
      const retries = [
        sampleRetry({ offset: 300, dueAt: START }),
        sampleRetry({ offset: 100, dueAt: START + 9 }),
        sampleRetry({ offset: 301 }),
        sampleRetry({ offset: 200, cursor: 1 }),
        sampleRetry({ offset: 200, endpoint: 2 }),
      ];
      await stores.flush(lease, factsOf({ retries }));

      assert.deepEqual(await stores.readWaiting(0, { endpoint: 1, cursor: 0, to: 300 }), [100, 300]);
    });
  });

  describe("readRetry()", () => {
    test("reads the retry of exactly this delivery", async (t) => {
      const { stores, lease } = await setUp(open, t);
      await stores.flush(lease, factsOf({ retries: [sampleRetry(), sampleRetry({ cursor: 1, used: 4 })] }));

      assert.deepEqual(await stores.readRetry(0, { endpoint: 1, cursor: 1, offset: 1000 }), {
        ...sampleRetry({ cursor: 1, used: 4 }),
      });
      assert.equal(await stores.readRetry(0, { endpoint: 2, cursor: 0, offset: 1000 }), undefined);
      assert.equal(await stores.readRetry(0, { endpoint: 1, cursor: 0, offset: 1001 }), undefined);
    });
  });

  describe("countRetries()", () => {
    test("counts by endpoint, live ones and replays apart", async (t) => {
      const { stores, lease } = await setUp(open, t);
      const none = await stores.countRetries(0);
      await stores.flush(lease, factsOf({ retries: DUE }));

      assert.deepEqual(none, []);
      assert.deepEqual(await stores.countRetries(0), [
        { endpoint: 1, live: 3, replays: 1 },
        { endpoint: 2, live: 1, replays: 0 },
        { endpoint: 9, live: 1, replays: 0 },
        { endpoint: 10, live: 1, replays: 0 },
      ]);
    });
  });

  describe("readAttempts()", () => {
    test("reads one delivery's attempts on every cursor, oldest first", async (t) => {
      const { stores, lease } = await setUp(open, t);
      const attempts = [
        sampleAttempt({ cursor: 0, number: 1, startedAt: START, verdict: "retry", reason: "refused" }),
        sampleAttempt({ cursor: 4, number: 1, startedAt: START + 5 }),
        sampleAttempt({ cursor: 0, number: 2, startedAt: START + 9 }),
      ];
      const others = [sampleAttempt({ endpoint: 2 }), sampleAttempt({ offset: 1001 })];
      await stores.flush(lease, factsOf({ attempts: [...others, ...attempts.toReversed()] }));

      assert.deepEqual(await stores.readAttempts(0, { endpoint: 1, offset: 1000 }), attempts);
    });
  });
}

async function readInPages(store: Store, limit: number): Promise<readonly Retry[]> {
  const retries: Retry[] = [];
  for (;;) {
    const page = await store.readRetries(0, retries.at(-1), limit);
    if (page.length === 0) {
      return retries;
    }
    retries.push(...page);
  }
}
