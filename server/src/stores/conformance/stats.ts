import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { emptyFacts } from "../../facts.ts";
import {
  ALL_TENANTS,
  type Counts,
  emptyCounts,
  HOUR_SECONDS,
  MINUTE_SECONDS,
  type StatRow,
} from "../../model/stat.ts";
import { type Open, START, setUp } from "./setup.ts";

const MINUTE_MS = MINUTE_SECONDS * 1000;

function rowOf(row: Partial<StatRow>, counts: Partial<Counts>): StatRow {
  const place = { tenant: 1, seconds: MINUTE_SECONDS, at: START } as const;
  return { ...place, ...row, counts: { ...emptyCounts(), ...counts } };
}

function bucketsOf(...counts: readonly number[]): readonly number[] {
  return emptyCounts().durations.map((_, bucket) => counts[bucket] ?? 0);
}

const ALL = { from: 0, to: Number.MAX_SAFE_INTEGER };

async function open(stores: Open, t: TestContext) {
  const setup = await setUp(stores, t);
  const { lease } = setup;
  let flushes = 0;
  async function add(rows: readonly StatRow[], countedTo = 0) {
    flushes += 1;
    const facts = { ...emptyFacts(0, 0), flush: flushes, stats: [{ countedTo, rows }] };
    assert.equal(await setup.stores.flush(lease, facts), "flushed");
    return facts;
  }
  return { ...setup, add };
}

export function describeStats(stores: Open): void {
  describe("stats", () => {
    test("flush() adds to what is counted of the same tenant and time", async (t) => {
      const { stores: store, add } = await open(stores, t);
      await add([rowOf({}, { accepted: 3, durations: bucketsOf(1, 0, 2) })]);
      await add([
        rowOf({}, { accepted: 1, dead: 5, durations: bucketsOf(0, 0, 1, 4) }),
        rowOf({ tenant: ALL_TENANTS }, { accepted: 9 }),
        rowOf({ seconds: HOUR_SECONDS }, { accepted: 8 }),
        rowOf({ at: START + MINUTE_MS }, { accepted: 7 }),
      ]);
      const read = (query: Partial<StatRow>) =>
        store.readStats({ tenant: 1, seconds: MINUTE_SECONDS, ...query, ...ALL });
      assert.deepEqual(await read({}), [
        { at: START, counts: rowOf({}, { accepted: 4, dead: 5, durations: bucketsOf(1, 0, 3, 4) }).counts },
        { at: START + MINUTE_MS, counts: rowOf({}, { accepted: 7 }).counts },
      ]);
      assert.deepEqual(await read({ tenant: ALL_TENANTS }), [
        { at: START, counts: rowOf({}, { accepted: 9 }).counts },
      ]);
      assert.deepEqual(await read({ seconds: HOUR_SECONDS }), [
        { at: START, counts: rowOf({}, { accepted: 8 }).counts },
      ]);
      assert.deepEqual(await read({ tenant: 2 }), []);
    });

    test("flush() counts once what is written again", async (t) => {
      const { stores: store, lease, add } = await open(stores, t);
      const facts = await add([rowOf({}, { accepted: 3 })], 40);
      assert.equal(await store.flush(lease, facts), "flushed");
      const [point] = await store.readStats({ tenant: 1, seconds: MINUTE_SECONDS, ...ALL });
      assert.equal(point?.counts.accepted, 3);
    });

    test("flush() under an old epoch counts nothing", async (t) => {
      const { stores: store, lease } = await open(stores, t);
      await store.takeLease(lease.id);
      const facts = { ...emptyFacts(0, 0), stats: [{ countedTo: 40, rows: [rowOf({}, { accepted: 1 })] }] };
      assert.equal(await store.flush(lease, facts), "fenced");
      assert.deepEqual(await store.readStats({ tenant: 1, seconds: MINUTE_SECONDS, ...ALL }), []);
    });

    test("takeLease() says up to where events were counted, which never goes back", async (t) => {
      const { stores: store, lease, add } = await open(stores, t);
      assert.equal(lease.countedTo, 0);
      await add([], 4096);
      await add([], 17);
      await store.flush(lease, emptyFacts(0, 0));
      assert.equal((await store.takeLease(lease.id)).countedTo, 4096);
    });

    test("readStats() reads what begins in a range, in order", async (t) => {
      const { stores: store, add } = await open(stores, t);
      const times = [3, 0, 2, 1].map((minutes) => START + minutes * MINUTE_MS);
      await add(times.map((at) => rowOf({ at }, { accepted: 1 })));
      const from = START + MINUTE_MS;
      const to = START + 3 * MINUTE_MS;
      const read = await store.readStats({ tenant: 1, seconds: MINUTE_SECONDS, from, to });
      assert.deepEqual(
        read.map(({ at }) => at),
        [from, START + 2 * MINUTE_MS],
      );
    });

    test("forgetStats() forgets minutes, or hours, before a time, so many at once", async (t) => {
      const { stores: store, lease, add } = await open(stores, t);
      await add([
        ...[0, 1, 2].map((minutes) => rowOf({ at: START + minutes * MINUTE_MS }, { accepted: 1 })),
        rowOf({ tenant: 2 }, { accepted: 1 }),
        rowOf({ seconds: HOUR_SECONDS }, { accepted: 1 }),
      ]);
      const old = { seconds: MINUTE_SECONDS, before: START + 2 * MINUTE_MS } as const;
      assert.equal(await store.forgetStats(lease.id, { ...old, limit: 2 }), 2);
      assert.equal(await store.forgetStats(lease.id, { ...old, limit: 2 }), 1);
      assert.equal(await store.forgetStats(lease.id, { ...old, limit: 2 }), 0);
      const left = (query: Partial<StatRow>) =>
        store.readStats({ tenant: 1, seconds: MINUTE_SECONDS, ...query, ...ALL });
      assert.deepEqual(
        (await left({})).map(({ at }) => at),
        [START + 2 * MINUTE_MS],
      );
      assert.deepEqual(await left({ tenant: 2 }), []);
      assert.equal((await left({ seconds: HOUR_SECONDS })).length, 1);
    });
  });
}
