import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ErasureStep } from "../../facts.ts";
import type { Store } from "../../store.ts";
import {
  bytesOf,
  factsOf,
  keyOf,
  sampleAttempt,
  sampleRetry,
  storedIn,
  storeEvents,
  submission,
  submitted,
} from "./samples.ts";
import { type Open, type Setup, setUp } from "./setup.ts";

const SECRET = { name: "secret" };

const ALL = { lease: 0, limit: 1000, bytesMax: 1_000_000 };

/** What is asked to be erased, found, and overwritten. */
export function describeErasure(open: Open): void {
  describe("requestErasure()", () => describeRequests(open));
  describe("findErasable()", () => describeFinding(open));
  describe("an erasure", () => describeSteps(open));
}

/** Writes a step that ends the only erasure there is. */
async function eraseAll({ stores, lease }: Setup, tenant: number, offsets: readonly number[]): Promise<void> {
  const [asked] = await stores.readErasures(0);
  const erasing = [{ erasure: asked?.number ?? 0, tenant, offsets, next: undefined }];
  assert.equal(await stores.flush(lease, factsOf({ erasing })), "flushed");
  await stores.scrub();
}

function describeRequests(open: Open): void {
  test("requestErasure() covers what is stored by then, in the order asked", async (t) => {
    const { stores, tenant, other, reopen } = await setUp(open, t);
    const [first] = await storeEvents(stores, tenant.number, [{}, {}]);
    const { head } = await stores.readHead(0);
    await stores.requestErasure({ tenant: tenant.number, what: { offset: first?.offset ?? 0 } });
    await stores.requestErasure({ tenant: other.number, what: { subject: "s" } });
    await storeEvents(stores, tenant.number, [{}]);

    const asked = await (await reopen()).readErasures(0);

    const [one, two] = asked;
    assert.ok(one !== undefined && two !== undefined && one.number < two.number);
    assert.deepEqual(
      asked.map(({ number: _, ...rest }) => rest),
      [
        { tenant: tenant.number, subject: undefined, from: first?.offset, to: first?.offset },
        { tenant: other.number, subject: "s", from: 0, to: head },
      ],
    );
  });

  test("deleteTenant() asks for all of the tenant to be erased, once", async (t) => {
    const { stores, tenant } = await setUp(open, t);
    await storeEvents(stores, tenant.number, [{}]);

    await stores.deleteTenant(tenant.number, 5);
    await stores.deleteTenant(tenant.number, 6);

    const asked = await stores.readErasures(0);
    assert.equal(asked.length, 1);
    assert.deepEqual([asked[0]?.tenant, asked[0]?.subject, asked[0]?.from], [tenant.number, undefined, 0]);
  });

  test("a number is never given twice, so that a step written again ends no other erasure", async (t) => {
    const all = await setUp(open, t);
    const { stores, tenant } = all;
    const ask = () => stores.requestErasure({ tenant: tenant.number, what: { subject: "s" } });
    await ask();
    const [first] = await stores.readErasures(0);
    await eraseAll(all, tenant.number, []);

    await ask();
    const erasing = [{ erasure: first?.number ?? 0, tenant: tenant.number, offsets: [], next: undefined }];
    await stores.flush(all.lease, factsOf({ erasing }));

    assert.equal((await stores.readErasures(0)).length, 1);
  });
}

function describeFinding(open: Open): void {
  test("findErasable() finds the events of a tenant, or of a subject, and no others", async (t) => {
    const { stores, tenant, other } = await setUp(open, t);
    const mine = await storeEvents(stores, tenant.number, [{ subject: "a" }, { subject: "b" }, {}]);
    await storeEvents(stores, other.number, [{ subject: "a" }]);
    const { head } = await stores.readHead(0);
    const query = { ...ALL, tenant: tenant.number, from: 0, to: head };

    const all = await stores.findErasable({ ...query, subject: undefined });
    const some = await stores.findErasable({ ...query, subject: "a" });
    const none = await stores.findErasable({ ...query, subject: "A" });

    const offsets = mine.map(({ offset }) => offset);
    assert.deepEqual(all, { offsets, scannedTo: head });
    assert.deepEqual(some, { offsets: offsets.slice(0, 1), scannedTo: head });
    assert.deepEqual(none, { offsets: [], scannedTo: head });
  });

  test("findErasable() looks at so many events and bytes, and misses nothing in pages", async (t) => {
    const { stores, tenant, other } = await setUp(open, t);
    const wanted: number[] = [];
    for (let count = 0; count < 12; count += 1) {
      const owner = count % 3 === 0 ? other : tenant;
      const [event] = await storeEvents(stores, owner.number, [{ data: bytesOf(`"${"x".repeat(8)}"`) }]);
      wanted.push(...(owner === tenant ? [event?.offset ?? 0] : []));
    }
    const { head } = await stores.readHead(0);
    for (const [limit, bytesMax] of [
      [1, 1000],
      [5, 1000],
      [100, 1],
      [100, 25],
    ] as const) {
      const found: number[] = [];
      for (let from = 0; from <= head; ) {
        const query = {
          lease: 0,
          tenant: tenant.number,
          subject: undefined,
          from,
          to: head,
          limit,
          bytesMax,
        };
        const page = await stores.findErasable(query);
        assert.ok(page.offsets.length <= Math.max(1, Math.min(limit, Math.floor(bytesMax / 10))));
        found.push(...page.offsets);
        from = page.scannedTo + 1;
      }
      assert.deepEqual(found, wanted, `pages of ${limit} events and ${bytesMax} bytes`);
    }
  });
}

function describeSteps(open: Open): void {
  test("flush() overwrites what an event says, and nothing that routing goes by", async (t) => {
    const all = await setUp(open, t);
    const { stores, tenant, reopen } = all;
    const [event, kept] = await storeEvents(stores, tenant.number, [
      { subject: "s", data: bytesOf('"secret"'), extensions: SECRET, occurredAt: 7, expiresAt: 8, to: 3 },
      { subject: "s" },
    ]);
    assert.ok(event !== undefined && kept !== undefined);
    await stores.requestErasure({ tenant: tenant.number, what: { offset: event.offset } });
    await eraseAll(all, tenant.number, [event.offset]);

    const next = await reopen();

    const erased = { ...event, subject: undefined, data: new Uint8Array(0), extensions: undefined };
    assert.deepEqual(await next.readEvents(0, [event.offset, kept.offset]), [erased, kept]);
    assert.deepEqual(await next.readErasures(0), []);
    const query = { ...ALL, tenant: tenant.number, subject: undefined, from: 0, to: kept.offset };
    assert.deepEqual((await next.findErasable(query)).offsets, [kept.offset]);
    const listed = await next.listEvents({ tenant: tenant.number, subject: "s", limit: 9, scanMax: 9 });
    assert.deepEqual(
      listed.events.map(({ offset }) => offset),
      [kept.offset],
    );
  });

  test("flush() erases answers and hashes of attempts, a batch's too, and keeps the rest", async (t) => {
    const all = await setUp(open, t);
    const { stores, tenant, lease } = all;
    const [one, two, three] = (await storeEvents(stores, tenant.number, [{}, {}, {}])).map(
      ({ offset }) => offset,
    );
    assert.ok(one !== undefined && two !== undefined && three !== undefined);
    const told = { answer: bytesOf("secret"), payloadHash: new Uint8Array(16).fill(9) };
    const attempts = [
      sampleAttempt({ offset: one, endpoint: 1, ...told }),
      sampleAttempt({ offset: one, endpoint: 2, batch: two }),
      sampleAttempt({ offset: two, endpoint: 2, ...told }),
      sampleAttempt({ offset: three, endpoint: 1, ...told }),
    ];
    await stores.flush(lease, factsOf({ attempts }));
    await stores.requestErasure({ tenant: tenant.number, what: { offset: one } });
    await eraseAll(all, tenant.number, [one]);

    const { attempts: left } = await stores.readFacts({ tenant: 1, offsets: [one, two, three] });
    const none = { answer: undefined, payloadHash: undefined };
    assert.deepEqual(left, [
      { ...attempts[0], ...none },
      { ...attempts[1], ...none },
      { ...attempts[2], ...none },
      attempts[3],
    ]);
  });

  test("flush() erases what the same flush writes, and nothing of another tenant", async (t) => {
    const all = await setUp(open, t);
    const { stores, tenant, other, lease } = all;
    const [mine] = await storeEvents(stores, tenant.number, [{}]);
    const [theirs] = await storeEvents(stores, other.number, [{}]);
    assert.ok(mine !== undefined && theirs !== undefined);
    const answer = bytesOf("secret");
    const attempts = [mine, theirs].map(({ offset }) => sampleAttempt({ offset, answer }));
    const erasing = [
      { erasure: 99, tenant: tenant.number, offsets: [mine.offset, theirs.offset], next: undefined },
    ];
    await stores.flush(
      lease,
      factsOf({ attempts, retries: [sampleRetry({ offset: mine.offset })], erasing }),
    );

    const { attempts: left } = await stores.readFacts({ tenant: 1, offsets: [mine.offset, theirs.offset] });
    assert.deepEqual(
      left.map((attempt) => attempt.answer),
      [undefined, answer],
    );
    assert.deepEqual(await stores.readEvents(0, [theirs.offset]), [theirs]);
  });

  test("append() refuses the key of what was erased until it expires, and stores nothing", async (t) => {
    const all = await setUp(open, t);
    const { stores, tenant } = all;
    const single = submission(tenant.number, [submitted({}, keyOf("one"))]);
    const several = submission(tenant.number, [submitted(), submitted()], { key: keyOf("both") });
    const kept = submission(tenant.number, [submitted({}, keyOf("kept"))]);
    const stored = storedIn(await stores.append(0, [single, several, kept])).map(({ offset }) => offset);
    await stores.requestErasure({ tenant: tenant.number, what: { offset: stored[0] ?? 0 } });
    await eraseAll(all, tenant.number, [stored[0] ?? 0, stored[2] ?? 0]);

    const { results } = await stores.append(0, [single, several, kept]);

    assert.deepEqual(results, [
      { kind: "key_reused", index: 0 },
      { kind: "key_reused", index: -1 },
      { kind: "accepted", offsets: [stored[3]], stored: [] },
    ]);
  });

  test("an erasure goes on where its last step ended, and a fenced step changes nothing", async (t) => {
    const { stores, tenant, lease, reopen } = await setUp(open, t);
    const [first, second] = await storeEvents(stores, tenant.number, [{}, {}]);
    assert.ok(first !== undefined && second !== undefined);
    await stores.requestErasure({ tenant: tenant.number, what: { subject: "s" } });
    const step = await stepOf(stores, {
      tenant: tenant.number,
      offsets: [first.offset],
      next: second.offset,
    });
    await stores.flush(lease, factsOf({ erasing: [step] }));
    await stores.flush(lease, factsOf({ erasing: [{ ...step, next: first.offset }] }));
    assert.equal((await stores.readErasures(0))[0]?.from, second.offset, "it never goes back");

    const next = await reopen();
    await next.takeLease(0);
    const late = { ...step, offsets: [second.offset], next: undefined };
    assert.equal(await next.flush(lease, factsOf({ erasing: [late] })), "fenced");

    assert.deepEqual(await next.readEvents(0, [second.offset]), [second]);
    assert.equal((await next.readErasures(0)).length, 1);
  });
}

/** A step of the only erasure there is. */
async function stepOf(stores: Store, step: Omit<ErasureStep, "erasure">): Promise<ErasureStep> {
  const [asked] = await stores.readErasures(0);
  return { erasure: asked?.number ?? 0, ...step };
}
