import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Facts } from "../../facts.ts";
import { DAY_MS } from "../../model/duration.ts";
import { offsetAt } from "../../model/offset.ts";
import { AGED_KINDS, type AgedKind } from "../../model/retention.ts";
import { bytesOf, factsOf, sampleAttempt, sampleDeadLetter, sampleRetry, storeEvents } from "./samples.ts";
import { type Open, START, setUp } from "./setup.ts";

const LATER = offsetAt(START + DAY_MS);
const SAYS = { subject: "s", data: bytesOf('"secret"'), extensions: { passport: "7" } };
const TOLD = { answer: bytesOf("secret"), payloadHash: new Uint8Array(16).fill(9), startedAt: START };

/** What is kept for less time than its event. */
export function describeAgeing(open: Open): void {
  /** Two events of a tenant and one of another, each delivered but for the second, which was given up. */
  async function setUpLog(...[ports, t]: Parameters<typeof setUp>) {
    const setup = await setUp(ports, t);
    const { stores, tenant, other, lease } = setup;
    const [first = 0, second = 0] = (await storeEvents(stores, tenant.number, [SAYS, SAYS])).map(
      ({ offset }) => offset,
    );
    const [theirs = 0] = (await storeEvents(stores, other.number, [SAYS])).map(({ offset }) => offset);
    const flush = (facts: Partial<Facts>) => stores.flush(lease, factsOf({ checkpoint: LATER, ...facts }));
    const find = async (kind: AgedKind, finalBefore = START) => {
      const query = { lease: 0, kind, after: 0, to: LATER, finalBefore, limit: 100 };
      const { found } = await stores.findAged(query);
      return found.map(({ offset, isOver }) => [offset, isOver]);
    };
    const settleAll = () =>
      flush({
        attempts: [first, second, theirs].map((offset) => sampleAttempt({ ...TOLD, offset })),
        deadLetters: [sampleDeadLetter({ offset: second, at: START })],
      });
    return { ...setup, first, second, theirs, flush, find, settleAll };
  }

  describe("findAged()", () => {
    test("names what of each kind is there, and of whom", async (t) => {
      const { stores, tenant, other, first, second, theirs, settleAll } = await setUpLog(open, t);
      await settleAll();
      const query = { lease: 0, after: 0, to: LATER, finalBefore: START, limit: 100 };
      const all = [
        { offset: first, tenant: tenant.number, isOver: true },
        { offset: second, tenant: tenant.number, isOver: true },
        { offset: theirs, tenant: other.number, isOver: true },
      ];
      const expected = { payload: all, attempts: all, dead_letters: all.slice(1, 2) };
      for (const kind of AGED_KINDS) {
        assert.deepEqual((await stores.findAged({ ...query, kind })).found, expected[kind], kind);
      }
    });

    test("says of what was tried or given up later, or waits in retry, that it is not over", async (t) => {
      const { first, second, theirs, flush, find } = await setUpLog(open, t);
      await flush({
        attempts: [sampleAttempt({ ...TOLD, offset: first, startedAt: START + 1 })],
        deadLetters: [sampleDeadLetter({ offset: second, at: START + 1 })],
        retries: [sampleRetry({ offset: theirs, cursor: 3 })],
      });

      const none = [first, second, theirs].map((offset) => [offset, false]);
      assert.deepEqual(await find("payload"), none);
      assert.deepEqual(await find("payload", START + 1), [
        [first, true],
        [second, true],
        [theirs, false],
      ]);
    });

    test("goes no further than the checkpoint, than it is asked to, nor than a step", async (t) => {
      const { stores, first, second, theirs, flush, find } = await setUpLog(open, t);
      await flush({ checkpoint: second });
      assert.deepEqual(
        (await find("payload")).map(([offset]) => offset),
        [first, second],
      );
      await flush({});
      const query = { lease: 0, kind: "payload", finalBefore: START, limit: 1 } as const;
      const found: unknown[] = [];
      for (let after = 0; ; ) {
        const page = await stores.findAged({ ...query, after, to: second });
        found.push(...page.found.map(({ offset }) => offset));
        if (page.scannedTo === after) {
          break;
        }
        after = page.scannedTo;
      }
      assert.deepEqual(found, [first, second]);
      assert.deepEqual((await stores.findAged({ ...query, after: theirs, to: second })).scannedTo, theirs);
    });
  });

  describe("flush() of a step of ageing", () => {
    test("overwrites what events of a tenant say, and what was answered", async (t) => {
      const { stores, tenant, first, second, theirs, flush, find, settleAll, reopen } = await setUpLog(
        open,
        t,
      );
      await settleAll();
      const [event, , other] = await stores.readEvents(0, [first, second, theirs]);
      assert.ok(event && other);

      const step = { kind: "payload", tenant: tenant.number, offsets: [first], at: START } as const;
      await flush({ ageing: [step] });
      assert.deepEqual(await find("attempts"), [
        [second, true],
        [theirs, true],
      ]);

      const next = await reopen();
      const aged = { ...event, subject: undefined, data: new Uint8Array(0), extensions: undefined };
      assert.deepEqual(await next.readEvents(0, [first, theirs]), [aged, other]);
      const [attempt] = await next.readAttempts(0, { offset: first, endpoint: 1 });
      assert.deepEqual([attempt?.answer, attempt?.payloadHash, attempt?.status], [undefined, undefined, 204]);
      const listed = await next.listEvents({ tenant: tenant.number, subject: "s", limit: 9, scanMax: 9 });
      assert.deepEqual(
        listed.events.map(({ offset }) => offset),
        [second],
      );
    });

    test("forgets answers, and leaves what events say", async (t) => {
      const { stores, tenant, first, second, theirs, flush, find, settleAll } = await setUpLog(open, t);
      await settleAll();
      const before = await stores.readEvents(0, [first]);

      await flush({ ageing: [{ kind: "attempts", tenant: tenant.number, offsets: [first, second], at: 1 }] });

      assert.deepEqual(await find("attempts"), [[theirs, true]]);
      assert.deepEqual(await stores.readEvents(0, [first]), before);
      assert.equal((await stores.readAttempts(0, { offset: first, endpoint: 1 })).length, 1);
    });

    test("makes a gap of what was given up, however often it is written", async (t) => {
      const { stores, tenant, second, flush, find, settleAll } = await setUpLog(open, t);
      await settleAll();
      const replayed = sampleDeadLetter({ offset: second, cursor: 3, at: START });
      await flush({ deadLetters: [replayed] });

      const step = { kind: "dead_letters", tenant: tenant.number, offsets: [second], at: START + 7 } as const;
      await flush({ ageing: [step] });
      await flush({ ageing: [step] });

      assert.deepEqual(await find("dead_letters"), []);
      const { deadLetters, gaps } = await stores.readFacts({ tenant: tenant.number, offsets: [second] });
      assert.deepEqual(deadLetters, [replayed]);
      assert.deepEqual(gaps, [{ endpoint: 1, from: second, to: second, reason: "expired", at: START + 7 }]);
      const { deliveries } = await stores.readSettled({ lease: 0, after: second - 1, to: second });
      assert.ok(deliveries.every(({ offset }) => offset === second));
    });
  });

  test("readRetentions() names tenants that have times of their own, and are not deleted", async (t) => {
    const { stores, tenant, other } = await setUp(open, t);
    assert.deepEqual(await stores.readRetentions(), []);
    const retention = { payload: 7, dead_letters: 1 };
    await stores.updateTenant(other.number, { retention });
    await stores.updateTenant(tenant.number, { retention });
    await stores.updateTenant(tenant.number, { retention: { payload: null, dead_letters: null } });
    assert.deepEqual(await stores.readRetentions(), [{ tenant: other.number, retention }]);

    await stores.deleteTenant(other.number, START);

    assert.deepEqual(await stores.readRetentions(), []);
  });
}
