import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { offsetAt, timeOfOffset } from "../../model/offset.ts";
import { StoreRefusal } from "../../store.ts";
import { keyOf, offsetsIn, storedIn, storeEvents, submission, submitted } from "./samples.ts";
import { type Open, START, setUp } from "./setup.ts";

/** Accepting: offsets, and what a commit answers. */
export function describeAppend(open: Open): void {
  describe("append()", () => {
    test("gives events of a submission neighbouring offsets, from the clock's millisecond on", async (t) => {
      const { stores, tenant, clock } = await setUp(open, t);

      const first = await stores.append(0, [submission(tenant.number, [submitted(), submitted()])]);
      clock.at += 10;
      const second = await stores.append(0, [submission(tenant.number, [submitted()])]);

      assert.deepEqual(offsetsIn(first), [[offsetAt(START), offsetAt(START) + 1]]);
      assert.deepEqual(offsetsIn(second), [[offsetAt(START + 10)]]);
    });

    test("keeps offsets growing when the clock stands still or goes back", async (t) => {
      const { stores, tenant, clock } = await setUp(open, t);

      const first = await stores.append(0, [submission(tenant.number, [submitted()])]);
      const second = await stores.append(0, [submission(tenant.number, [submitted()])]);
      clock.at -= 60_000;
      const third = await stores.append(0, [submission(tenant.number, [submitted()])]);

      const offset = offsetAt(START);
      assert.deepEqual([first, second, third].flatMap(offsetsIn), [[offset], [offset + 1], [offset + 2]]);
    });

    test("answers where the head was, where it is, and how many changes there are", async (t) => {
      const { stores, tenant } = await setUp(open, t);

      const before = await stores.readHead(0);
      const first = await stores.append(0, [
        submission(tenant.number, [submitted()]),
        submission(tenant.number, [submitted()]),
      ]);
      const second = await stores.append(0, [submission(tenant.number, [submitted()])]);

      assert.deepEqual(before, { head: 0, changes: 0 });
      assert.equal(first.previousHead, 0);
      assert.equal(first.head, offsetAt(START) + 1);
      assert.equal(first.changes, 0);
      assert.equal(second.previousHead, first.head);
      assert.deepEqual(await stores.readHead(0), { head: second.head, changes: 0 });
    });

    test("stores every member of an event, and answers what it stored", async (t) => {
      const { stores, tenant } = await setUp(open, t);
      const full = { subject: "client-9", occurredAt: START - 5000, expiresAt: START + 9000, to: 3 };

      const stored = await storeEvents(stores, tenant.number, [full, {}]);

      const offsets = stored.map(({ offset }) => offset);
      assert.deepEqual(await stores.readEvents(0, offsets), stored);
      assert.deepEqual({ ...stored[0], ...full, tenant: tenant.number }, stored[0]);
      assert.equal(stored[1]?.occurredAt, timeOfOffset(stored[1]?.offset ?? 0));
      assert.deepEqual(
        [stored[1]?.subject, stored[1]?.expiresAt, stored[1]?.to],
        [undefined, undefined, undefined],
      );
    });

    test("answers submissions that came at once each with its own", async (t) => {
      const { stores, tenant } = await setUp(open, t);

      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => storeEvents(stores, tenant.number, [{ type: `t${index}` }])),
      );

      const stored = answers.flat();
      assert.deepEqual(
        stored.map(({ type }) => type),
        Array.from({ length: 50 }, (_, index) => `t${index}`),
      );
      assert.deepEqual(
        stored.map(({ offset }) => offset).sort((one, other) => one - other),
        Array.from({ length: 50 }, (_, index) => offsetAt(START) + index),
      );
    });

    test("stores nothing for no submissions and for one without events", async (t) => {
      const { stores, tenant } = await setUp(open, t);

      const none = await stores.append(0, []);
      const empty = await stores.append(0, [submission(tenant.number, [], { key: keyOf("empty") })]);

      assert.deepEqual(none, { results: [], previousHead: 0, head: 0, changes: 0 });
      assert.deepEqual(empty.results, [{ kind: "accepted", offsets: [], stored: [] }]);
      assert.equal(empty.head, 0);
      assert.equal(await stores.readKey(tenant.number, "empty"), undefined);
    });

    test("refuses a time with a fraction, and stores nothing", async (t) => {
      const { stores, tenant } = await setUp(open, t);

      await assert.rejects(
        stores.append(0, [
          submission(tenant.number, [submitted()]),
          submission(tenant.number, [submitted({ occurredAt: START + 0.5 })]),
        ]),
        StoreRefusal,
      );

      assert.deepEqual(await stores.readHead(0), { head: 0, changes: 0 });
    });

    test("refuses a lease that there is not", async (t) => {
      const { stores, tenant } = await setUp(open, t);

      await assert.rejects(stores.append(1, [submission(tenant.number, [submitted()])]), /got 1$/);
      assert.deepEqual(storedIn(await stores.append(0, [])), []);
    });
  });
}
