import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { StoredEvent } from "../../model/event.ts";
import type { LogQuery, Store } from "../../store.ts";
import { storeEvents } from "./samples.ts";
import { type Open, type Setup, setUp } from "./setup.ts";

interface LogSetup extends Setup {
  /** Of 10, 20, 30, 40 and 50 bytes of data; the second and third are the other tenant's. */
  readonly events: readonly [StoredEvent, StoredEvent, StoredEvent, StoredEvent, StoredEvent];
  readonly query: LogQuery;
}

/** Reading the log: a bounded look at events in order. */
export function describeLog(open: Open): void {
  describe("readLog()", () => {
    async function setUpLog(t: Parameters<typeof setUp>[1]): Promise<LogSetup> {
      const setup = await setUp(open, t);
      const store = (tenant: number, ...lengths: number[]) =>
        storeEvents(
          setup.stores,
          tenant,
          lengths.map((length) => ({ data: new Uint8Array(length).fill(48) })),
        );
      const [a] = await store(setup.tenant.number, 10);
      const [b, c] = await store(setup.other.number, 20, 30);
      const [d, e] = await store(setup.tenant.number, 40, 50);
      assert.ok(a && b && c && d && e);
      const query = { lease: 0, after: 0, to: e.offset, limit: 100, bytesMax: 1000 };
      return { ...setup, events: [a, b, c, d, e], query };
    }

    test("reads events after an offset up to another, in order", async (t) => {
      const { stores, events, query } = await setUpLog(t);
      const [a, b, c, d] = events;

      const all = await stores.readLog(query);
      const some = await stores.readLog({ ...query, after: a.offset, to: d.offset });

      assert.deepEqual(all, { events, scannedTo: query.to });
      assert.deepEqual(some, { events: [b, c, d], scannedTo: d.offset });
    });

    test("has looked up to the end of the query when there is no more", async (t) => {
      const { stores, events, query } = await setUpLog(t);
      const to = query.to + 5;

      assert.deepEqual(await stores.readLog({ ...query, to, limit: 5 }), { events, scannedTo: to });
      assert.deepEqual(await stores.readLog({ ...query, after: query.to, to }), {
        events: [],
        scannedTo: to,
      });
    });

    test("looks at so many events at most, of whatever tenant", async (t) => {
      const { stores, events, query, tenant } = await setUpLog(t);
      const [a, , c] = events;

      const all = await stores.readLog({ ...query, limit: 2 });
      const own = await stores.readLog({ ...query, limit: 3, tenant: tenant.number });

      assert.equal(all.events.length, 2);
      assert.equal(all.scannedTo, events[1].offset);
      assert.deepEqual(own, { events: [a], scannedTo: c.offset });
    });

    test("stops before the data exceeds its bound, but reads one event at least", async (t) => {
      const { stores, events, query } = await setUpLog(t);
      const [a, b, c] = events;

      assert.deepEqual(await stores.readLog({ ...query, bytesMax: 60 }), {
        events: [a, b, c],
        scannedTo: c.offset,
      });
      assert.deepEqual(await stores.readLog({ ...query, bytesMax: 59 }), {
        events: [a, b],
        scannedTo: b.offset,
      });
      assert.deepEqual(await stores.readLog({ ...query, bytesMax: 1 }), { events: [a], scannedTo: a.offset });
    });

    test("reads one tenant's only, and counts nobody else's bytes", async (t) => {
      const { stores, events, query, tenant, other } = await setUpLog(t);
      const [a, b, c, d, e] = events;

      const own = await stores.readLog({ ...query, tenant: tenant.number, bytesMax: 50 });
      const theirs = await stores.readLog({ ...query, tenant: other.number });
      const nobodys = await stores.readLog({ ...query, tenant: 99 });

      assert.deepEqual(own, { events: [a, d], scannedTo: d.offset });
      assert.deepEqual(theirs, { events: [b, c], scannedTo: e.offset });
      assert.deepEqual(nobodys, { events: [], scannedTo: e.offset });
    });

    test("misses nothing and repeats nothing, whatever its bounds", async (t) => {
      const { stores, events, query, tenant } = await setUpLog(t);
      const bounds = fc.record({
        limit: fc.integer({ min: 1, max: 6 }),
        bytesMax: fc.integer({ min: 0, max: 160 }),
        isOwn: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(bounds, async ({ isOwn, ...bound }) => {
          const mine = isOwn ? { tenant: tenant.number } : {};
          const read = await readInPages(stores, { ...query, ...bound, ...mine });
          assert.deepEqual(
            read,
            events.filter((event) => !isOwn || event.tenant === tenant.number),
          );
        }),
        { numRuns: 50 },
      );
    });
  });

  describe("readEvents()", () => {
    test("reads events in the order asked, without those that do not exist", async (t) => {
      const { stores, tenant } = await setUp(open, t);
      const [a, b] = await storeEvents(stores, tenant.number, [{ type: "a" }, { type: "b" }]);
      assert.ok(a && b);

      assert.deepEqual(await stores.readEvents(0, [b.offset, 5, a.offset]), [b, a]);
      assert.deepEqual(await stores.readEvents(0, []), []);
    });
  });
}

async function readInPages(store: Store, query: LogQuery): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  let after = query.after;
  while (after < query.to) {
    const page = await store.readLog({ ...query, after });
    assert.ok(page.scannedTo > after, "every page gets on");
    events.push(...page.events);
    after = page.scannedTo;
  }
  return events;
}
