import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { offsetAt } from "../../model/offset.ts";
import { StoreRefusal } from "../../store.ts";
import {
  bytesOf,
  factsOf,
  keyOf,
  sampleAttempt,
  sampleDeadLetter,
  sampleGap,
  sampleLane,
  sampleRetry,
  storedIn,
  storeEvents,
  submission,
  submitted,
} from "./samples.ts";
import { type Open, setUp } from "./setup.ts";

const POISON_TEXTS = [
  "",
  "'; DROP TABLE event; --",
  '"quoted" `ticked` \\ %s ?1 :name',
  "\u202e\u200b\ufeff",
  "e\u0301 \u00e9",
  "\u{1f4ef}",
  "\n\r\t\u2028",
];

/** What goes in comes out: bytes, text and numbers. */
export function describeFidelity(open: Open): void {
  describe("fidelity", () => {
    test("data comes back byte for byte (invariant 13)", async (t) => {
      const { stores, tenant } = await setUp(open, t);
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (data) => {
          const [stored] = await storeEvents(stores, tenant.number, [{ data }]);
          const event = await stores.readEvent(tenant.number, stored?.offset ?? 0);
          assert.deepEqual(event?.data, data);
        }),
        { numRuns: 60 },
      );
    });

    test("data is no number's business: 20 digits and 1.0 stay, and so does a megabyte", async (t) => {
      const { stores, tenant } = await setUp(open, t);
      const texts = ['{"b":12345678901234567890,"a":1.0,"a":1e400}', `"${"x".repeat(1_000_000)}"`];

      const stored = await storeEvents(
        stores,
        tenant.number,
        texts.map((text) => ({ data: bytesOf(text) })),
      );

      const offsets = stored.map(({ offset }) => offset);
      const events = await stores.readEvents(0, offsets);
      assert.deepEqual(
        events.map(({ data }) => new TextDecoder().decode(data)),
        texts,
      );
    });

    test("extensions come back with their types however they are read, and others have none", async (t) => {
      const { stores, tenant, other, reopen } = await setUp(open, t);
      const extensions = {
        traceparent: "00-ab",
        city: "Zürich \u{1f4ef}",
        number: -1,
        flag: true,
        empty: "",
      };
      const events = [{}, { extensions }, {}].map((change) => submitted(change));
      const submissions = [submission(tenant.number, events), submission(other.number, events)];
      const appended = storedIn(await stores.append(0, submissions));

      const next = await reopen();

      const expected = [undefined, extensions, undefined];
      const range = { lease: 0, after: 0, to: appended.at(-1)?.offset ?? 0, limit: 9, bytesMax: 10_000 };
      const mine = appended.filter((event) => event.tenant === tenant.number);
      assert.deepEqual(
        mine.map((event) => event.extensions),
        expected,
      );
      assert.deepEqual((await next.readLog({ ...range, tenant: tenant.number })).events, mine);
      assert.deepEqual((await next.readLog(range)).events, appended);
      const offsets = mine.map(({ offset }) => offset);
      assert.deepEqual(await next.readEvents(0, offsets), mine);
      assert.deepEqual(await next.readEvent(tenant.number, offsets[1] ?? 0), mine[1]);
      const { events: listed } = await next.listEvents({ tenant: tenant.number, limit: 9, scanMax: 9 });
      assert.equal(listed.length, 3);
      assert.ok(listed.every((event) => !("extensions" in event)));
    });

    test("text comes back as it was, whatever it says", async (t) => {
      const { stores, tenant } = await setUp(open, t);
      const stored = await storeEvents(
        stores,
        tenant.number,
        POISON_TEXTS.map((text) => ({ type: text, subject: text })),
      );

      const { events } = await stores.readLog({
        lease: 0,
        after: 0,
        to: stored.at(-1)?.offset ?? 0,
        limit: 100,
        bytesMax: 10_000,
      });

      assert.deepEqual(
        events.map(({ type, subject }) => [type, subject]),
        POISON_TEXTS.map((text) => [text, text]),
      );
    });

    test("text is found by itself and by nothing like it", async (t) => {
      const { stores, tenant } = await setUp(open, t);
      const keyed = POISON_TEXTS.map((text) =>
        submission(tenant.number, [submitted({ subject: text }, keyOf(text))]),
      );
      const { head } = await stores.append(0, keyed);

      for (const [index, subject] of POISON_TEXTS.entries()) {
        const page = await stores.listEvents({ tenant: tenant.number, subject, limit: 10, scanMax: 100 });
        const offset = head - POISON_TEXTS.length + 1 + index;
        assert.deepEqual(
          page.events.map((event) => event.offset),
          [offset],
        );
        assert.deepEqual(await stores.readKey(tenant.number, subject), { first: offset, count: 1 });
      }
    });

    test("a null character comes back as it was, or nothing is stored of what has one", async (t) => {
      const { stores, tenant } = await setUp(open, t);
      const text = "a\0b";
      const keyed = submission(tenant.number, [submitted({ type: text, subject: text }, keyOf(text))]);

      const stored = await stores.append(0, [keyed]).then(storedIn, (error: unknown) => {
        assert.ok(error instanceof StoreRefusal);
        return [];
      });

      const { head } = await stores.readHead(0);
      const { events } = await stores.readLog({ lease: 0, after: 0, to: head, limit: 9, bytesMax: 100 });
      assert.deepEqual(events, stored);
      assert.ok(events.every(({ type, subject }) => type === text && subject === text));
    });

    test("half a surrogate pair becomes U+FFFD when stored and when asked for", async (t) => {
      const { stores, tenant } = await setUp(open, t);
      const broken = "a\ud800b";

      const { results } = await stores.append(0, [
        submission(tenant.number, [submitted({ type: broken, subject: broken }, keyOf(broken))]),
      ]);

      const found = { type: "a\ufffdb", subject: "a\ufffdb" };
      const asked = { tenant: tenant.number, type: broken, subject: broken, limit: 10, scanMax: 10 };
      const { events } = await stores.listEvents(asked);
      assert.deepEqual({ ...events[0], ...found }, events[0]);
      const stored = results[0]?.kind === "accepted" ? results[0].stored : [];
      assert.deepEqual(
        await stores.readEvents(
          0,
          events.map(({ offset }) => offset),
        ),
        stored,
      );
      assert.equal((await stores.readKey(tenant.number, broken))?.count, 1);
      const renamed = await stores.updateTenant(tenant.number, { name: broken });
      assert.equal(renamed?.name, found.type);
      assert.deepEqual(await stores.findTenant(tenant.id), renamed);
    });

    test("offsets near 2^53 are whole", async (t) => {
      const { stores, tenant, clock } = await setUp(open, t);
      const near = Number.MAX_SAFE_INTEGER - 5000;
      clock.at = Math.floor(near / 4096) + 1_577_836_800_000;

      const [a, b] = await storeEvents(stores, tenant.number, [{}, {}]);

      assert.ok(a && b);
      assert.equal(a.offset, offsetAt(clock.at));
      assert.ok(a.offset > Number.MAX_SAFE_INTEGER - 10_000);
      assert.deepEqual(await stores.readEvents(0, [a.offset, b.offset]), [a, b]);
      assert.deepEqual(await stores.readHead(0), { head: a.offset + 1, changes: 0 });
    });

    for (const number of [2 ** 31, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER - 1]) {
      test(`facts of endpoint, cursor and offset ${number} come back`, async (t) => {
        const { stores, lease } = await setUp(open, t);
        const key = { endpoint: number, cursor: number, offset: number };
        const facts = {
          attempts: [sampleAttempt({ ...key, startedAt: number, batch: number })],
          retries: [sampleRetry({ ...key, dueAt: number })],
          deadLetters: [sampleDeadLetter({ ...key, at: number })],
          gaps: [sampleGap({ endpoint: number, from: number, to: number })],
        };
        const lanes = [sampleLane({ endpoint: number, position: number })];

        await stores.flush(lease, factsOf({ ...facts, lanes, checkpoint: number }));

        assert.deepEqual(await stores.readFacts({ tenant: 1, offsets: [number], endpoint: number }), facts);
        assert.deepEqual(await stores.readRetry(0, key), facts.retries[0]);
        assert.deepEqual(await stores.readAttempts(0, key), facts.attempts);
        assert.deepEqual(await stores.readLanes(0), lanes);
        assert.equal((await stores.takeLease(0)).checkpoint, number);
      });
    }
  });
}
