import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Facts } from "../../facts.ts";
import { HOUR_MS } from "../../model/duration.ts";
import { offsetAt } from "../../model/offset.ts";
import {
  factsOf,
  sampleAttempt,
  sampleDeadLetter,
  sampleGap,
  sampleLane,
  sampleRetry,
  storeEvents,
} from "./samples.ts";
import { type Open, START, type Stores, setUp } from "./setup.ts";

const LIMIT = 100;
/** Behind the partition of its week. */
export const LATER = offsetAt(START + 8 * 24 * HOUR_MS);

/** Forgets until no more may go; returns how many rows, or partitions, went. */
export async function forgetAll(stores: Stores, to: number): Promise<number> {
  for (let sum = 0; ; ) {
    const forgotten = await stores.forgetLog(to, LIMIT);
    sum += forgotten;
    if (forgotten === 0) {
      return sum;
    }
  }
}

/** What is too old to be kept. */
export function describeRetention(open: Open): void {
  async function setUpLog(...[ports, t]: Parameters<typeof setUp>) {
    const setup = await setUp(ports, t);
    const events = await storeEvents(setup.stores, setup.tenant.number, [{}, {}, {}]);
    const [first = 0, second = 0, third = 0] = events.map(({ offset }) => offset);
    const offsets = [first, second, third];
    const flush = (facts: Partial<Facts>) =>
      setup.stores.flush(setup.lease, factsOf({ checkpoint: LATER, ...facts }));
    const kept = async () => (await setup.stores.readEvents(0, offsets)).map(({ offset }) => offset);
    return { ...setup, first, second, third, offsets, flush, kept };
  }

  describe("forgetLog()", () => {
    test("forgets events and all that is known of them", async (t) => {
      const { stores, tenant, first, second, offsets, flush, kept } = await setUpLog(open, t);
      await flush({
        attempts: [sampleAttempt({ offset: first }), sampleAttempt({ offset: LATER })],
        deadLetters: [sampleDeadLetter({ offset: second })],
        gaps: [sampleGap({ from: first, to: first }), sampleGap({ from: first, to: second, endpoint: 2 })],
      });

      await forgetAll(stores, LATER - 1);

      assert.deepEqual(await kept(), []);
      const facts = await stores.readFacts({ tenant: tenant.number, offsets: [...offsets, LATER] });
      assert.deepEqual([facts.deadLetters, facts.gaps], [[], []]);
      assert.deepEqual(
        facts.attempts.map(({ offset }) => offset),
        [LATER],
      );
    });

    test("goes no further than it is asked to, nor than a step", async (t) => {
      const { stores, offsets, flush, kept } = await setUpLog(open, t);
      await flush({});

      await forgetAll(stores, 0);
      assert.deepEqual(await kept(), offsets);

      assert.ok((await stores.forgetLog(LATER - 1, 1)) <= 1);
    });

    const needs: readonly [string, (offset: number) => Partial<Facts>][] = [
      ["the checkpoint has not passed", (offset) => ({ checkpoint: offset - 1 })],
      ["a lane has not come to", (offset) => ({ lanes: [sampleLane({ position: offset - 1 })] })],
      ["waits in retry", (offset) => ({ retries: [sampleRetry({ offset })] })],
    ];
    for (const [what, facts] of needs) {
      test(`leaves what ${what}, and what follows`, async (t) => {
        const { stores, second, third, flush, kept } = await setUpLog(open, t);
        await flush({ ...facts(second), attempts: [sampleAttempt({ offset: third })] });

        await forgetAll(stores, LATER - 1);

        const left = await kept();
        assert.ok(left.includes(second) && left.includes(third), `${left}`);
        assert.equal((await stores.readAttempts(0, { offset: third, endpoint: 1 })).length, 1);
      });
    }

    test("goes no further than the checkpoint, whatever the clock of whoever asks", async (t) => {
      const { stores, third, flush } = await setUpLog(open, t);
      await flush({ checkpoint: LATER, attempts: [sampleAttempt({ offset: LATER + 1 })] });

      await forgetAll(stores, Number.MAX_SAFE_INTEGER);

      assert.equal((await stores.readAttempts(0, { offset: LATER + 1, endpoint: 1 })).length, 1);
      assert.deepEqual(await stores.readEvents(0, [third]), []);
    });

    test("waits for no replay, which passes over what is gone", async (t) => {
      const { stores, first, flush, kept } = await setUpLog(open, t);
      await flush({ retries: [sampleRetry({ offset: first, cursor: 3 })] });

      await forgetAll(stores, LATER - 1);

      assert.deepEqual(await kept(), []);
    });

    test("leaves a gap that reaches beyond", async (t) => {
      const { stores, first, flush } = await setUpLog(open, t);
      const gap = sampleGap({ from: first, to: LATER });
      await flush({ gaps: [gap] });

      await forgetAll(stores, LATER - 1);

      assert.deepEqual((await stores.readSettled({ lease: 0, after: 0, to: LATER })).gaps, [gap]);
    });

    test("leaves how far the directory has come", async (t) => {
      const { stores, first, third, flush } = await setUpLog(open, t);
      await flush({
        directory: [
          { after: 0, to: first, events: [] },
          { after: first, to: third, events: [] },
        ],
      });

      await forgetAll(stores, LATER - 1);

      assert.equal((await stores.takeLease(0)).directoryTo, third);
    });

    test("lets the log go on", async (t) => {
      const { stores, tenant, third, flush } = await setUpLog(open, t);
      await flush({});
      await forgetAll(stores, LATER - 1);

      const [next] = await storeEvents(stores, tenant.number, [{}]);

      assert.ok(next !== undefined && next.offset > third);
      assert.deepEqual(await stores.readEvents(0, [next.offset]), [next]);
    });
  });

  describe("readNeeding()", () => {
    test("names endpoints whose lane's row, or a live retry, stands so far back, once", async (t) => {
      const { stores, flush } = await setUpLog(open, t);
      await flush({
        lanes: [
          sampleLane({ endpoint: 3, position: 99 }),
          sampleLane({ endpoint: 2, position: 99 }),
          sampleLane({ endpoint: 4, position: 100 }),
        ],
        retries: [
          sampleRetry({ endpoint: 2, offset: 100 }),
          sampleRetry({ endpoint: 1, offset: 100 }),
          sampleRetry({ endpoint: 5, offset: 101 }),
          sampleRetry({ endpoint: 6, offset: 50, cursor: 1 }),
        ],
      });

      assert.deepEqual(await stores.readNeeding(0, 100), [1, 2, 3]);
    });
  });
}
