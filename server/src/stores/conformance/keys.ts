import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { keyOf, offsetsIn, storedIn, submission, submitted } from "./samples.ts";
import { type Open, START, setUp } from "./setup.ts";

/** Idempotency: a key seen before gives the same offsets, or refuses. */
export function describeKeys(open: Open): void {
  describe("idempotency keys", () => {
    describeEventKeys(open);
    describeSubmissionKeys(open);
    describeExpiry(open);
  });
}

function describeEventKeys(open: Open): void {
  test("append() gives a repeated key its offset again, and takes no new one", async (t) => {
    const { stores, tenant, clock } = await setUp(open, t);
    const repeated = submission(tenant.number, [submitted({}, keyOf("a"))]);

    const first = await stores.append(0, [repeated]);
    clock.at += 1000;
    const again = await stores.append(0, [repeated]);

    assert.deepEqual(offsetsIn(again), offsetsIn(first));
    assert.deepEqual(storedIn(again), []);
    assert.deepEqual([again.previousHead, again.head], [first.head, first.head]);
  });

  test("append() stores what is new of a submission in a row, and only that", async (t) => {
    const { stores, tenant } = await setUp(open, t);
    const first = await stores.append(0, [submission(tenant.number, [submitted({}, keyOf("b"))])]);

    const mixed = await stores.append(0, [
      submission(tenant.number, [
        submitted({ type: "new.1" }, keyOf("a")),
        submitted({}, keyOf("b")),
        submitted({ type: "new.2" }),
      ]),
    ]);

    const [known = 0] = offsetsIn(first).flat();
    assert.deepEqual(offsetsIn(mixed), [[first.head + 1, known, first.head + 2]]);
    assert.deepEqual(
      storedIn(mixed).map(({ type }) => type),
      ["new.1", "new.2"],
    );
  });

  test("append() refuses a submission with a reused key alone, and stores nothing of it", async (t) => {
    const { stores, tenant } = await setUp(open, t);
    await stores.append(0, [submission(tenant.number, [submitted({}, keyOf("a", 1))])]);

    const appended = await stores.append(0, [
      submission(tenant.number, [submitted({ type: "before" })]),
      submission(tenant.number, [submitted({ type: "no" }, keyOf("no")), submitted({}, keyOf("a", 2))]),
      submission(tenant.number, [submitted({ type: "after" })]),
    ]);

    assert.deepEqual(appended.results[1], { kind: "key_reused", index: 1 });
    assert.deepEqual(
      storedIn(appended).map(({ type }) => type),
      ["before", "after"],
    );
    assert.equal(await stores.readKey(tenant.number, "no"), undefined);
    assert.equal(appended.head, appended.previousHead + 2);
  });

  test("append() takes a key twice in one submission as if the second came later", async (t) => {
    const { stores, tenant } = await setUp(open, t);

    const same = await stores.append(0, [
      submission(tenant.number, [submitted({}, keyOf("a")), submitted({}, keyOf("a")), submitted()]),
    ]);
    const differing = await stores.append(0, [
      submission(tenant.number, [submitted({}, keyOf("b", 1)), submitted({}, keyOf("b", 2))]),
    ]);

    assert.deepEqual(offsetsIn(same), [[same.head - 1, same.head - 1, same.head]]);
    assert.deepEqual(differing.results, [{ kind: "key_reused", index: 1 }]);
    assert.equal(differing.head, same.head);
  });

  test("append() takes a key twice in one group as if the second came later", async (t) => {
    const { stores, tenant } = await setUp(open, t);
    const [once, reused] = [1, 2].map((seed) => submission(tenant.number, [submitted({}, keyOf("a", seed))]));
    assert.ok(once !== undefined && reused !== undefined);

    const [both, third] = await Promise.all([stores.append(0, [once, once]), stores.append(0, [once])]);
    const fourth = await stores.append(0, [reused]);

    const offset = both.head;
    assert.deepEqual([...offsetsIn(both), ...offsetsIn(third)], [[offset], [offset], [offset]]);
    assert.equal(storedIn(both).length + storedIn(third).length, 1);
    assert.deepEqual(fourth.results, [{ kind: "key_reused", index: 0 }]);
  });

  test("append() keeps the keys of tenants apart", async (t) => {
    const { stores, tenant, other } = await setUp(open, t);

    const mine = await stores.append(0, [submission(tenant.number, [submitted({}, keyOf("a", 1))])]);
    const theirs = await stores.append(0, [submission(other.number, [submitted({}, keyOf("a", 2))])]);

    assert.deepEqual(await stores.readKey(tenant.number, "a"), { first: mine.head, count: 1 });
    assert.deepEqual(await stores.readKey(other.number, "a"), { first: theirs.head, count: 1 });
    assert.notEqual(mine.head, theirs.head);
  });
}

function describeSubmissionKeys(open: Open): void {
  test("append() stores a submission with a key of its own once, as a whole", async (t) => {
    const { stores, tenant } = await setUp(open, t);
    const whole = submission(tenant.number, [submitted(), submitted(), submitted()], { key: keyOf("req") });

    const first = await stores.append(0, [whole]);
    const again = await stores.append(0, [whole]);

    assert.deepEqual(offsetsIn(again), offsetsIn(first));
    assert.deepEqual(storedIn(again), []);
    assert.deepEqual(await stores.readKey(tenant.number, "req"), { first: first.head - 2, count: 3 });
  });

  test("append() refuses a submission whose own key came with other bytes, or with more", async (t) => {
    const { stores, tenant } = await setUp(open, t);
    await stores.append(0, [submission(tenant.number, [submitted()], { key: keyOf("req", 1) })]);

    const appended = await stores.append(0, [
      submission(tenant.number, [submitted()], { key: keyOf("req", 2) }),
      submission(tenant.number, [submitted(), submitted()], { key: keyOf("req", 1) }),
    ]);

    assert.deepEqual(appended.results, [
      { kind: "key_reused", index: -1 },
      { kind: "key_reused", index: -1 },
    ]);
    assert.equal(appended.head, appended.previousHead);
  });

  test("append() does not look at the keys of events in a submission with its own", async (t) => {
    const { stores, tenant } = await setUp(open, t);

    await stores.append(0, [
      submission(tenant.number, [submitted({}, keyOf("inner"))], { key: keyOf("outer") }),
    ]);

    assert.equal(await stores.readKey(tenant.number, "inner"), undefined);
    assert.equal((await stores.readKey(tenant.number, "outer"))?.count, 1);
  });

  test("append() refuses an event with the key of a whole submission of several", async (t) => {
    const { stores, tenant } = await setUp(open, t);
    const events = [submitted(), submitted()];
    await stores.append(0, [submission(tenant.number, events, { key: keyOf("a") })]);

    const appended = await stores.append(0, [submission(tenant.number, [submitted({}, keyOf("a"))])]);

    assert.deepEqual(appended.results, [{ kind: "key_reused", index: 0 }]);
  });
}

function describeExpiry(open: Open): void {
  const expiry = { keysExpireAt: START + 100 };

  test("append() takes an expired key as absent, also with other bytes", async (t) => {
    const { stores, tenant, clock } = await setUp(open, t);
    const first = await stores.append(0, [
      submission(tenant.number, [submitted({}, keyOf("a", 1))], expiry),
      submission(tenant.number, [submitted(), submitted()], { key: keyOf("req", 1), ...expiry }),
    ]);

    clock.at = START + 100;
    const before = await stores.append(0, [submission(tenant.number, [submitted({}, keyOf("a", 1))])]);
    clock.at = START + 101;
    const after = await stores.append(0, [
      submission(tenant.number, [submitted({}, keyOf("a", 2))]),
      submission(tenant.number, [submitted()], { key: keyOf("req", 2) }),
    ]);

    assert.deepEqual(storedIn(before), []);
    assert.equal(storedIn(after).length, 2);
    assert.ok(after.previousHead >= first.head);
    assert.deepEqual(await stores.readKey(tenant.number, "a"), { first: after.head - 1, count: 1 });
    assert.deepEqual(await stores.readKey(tenant.number, "req"), { first: after.head, count: 1 });
  });

  test("readKey() takes an expired key as absent, and finds none of another tenant", async (t) => {
    const { stores, tenant, other, clock } = await setUp(open, t);
    await stores.append(0, [submission(tenant.number, [submitted({}, keyOf("a"))], expiry)]);

    const found = await stores.readKey(tenant.number, "a");
    const foreign = await stores.readKey(other.number, "a");
    clock.at = START + 101;

    assert.equal(found?.count, 1);
    assert.equal(foreign, undefined);
    assert.equal(await stores.readKey(tenant.number, "a"), undefined);
  });

  test("reapKeys() forgets keys that expired before now, at most so many", async (t) => {
    const { stores, tenant } = await setUp(open, t);
    const keyed = (text: string, keysExpireAt: number) =>
      submission(tenant.number, [submitted({}, keyOf(text))], { keysExpireAt });
    await stores.append(0, [
      keyed("a", START + 100),
      keyed("b", START + 100),
      keyed("c", START + 100),
      keyed("d", START + 101),
    ]);

    const early = await stores.reapKeys(START + 100, 10);
    const some = await stores.reapKeys(START + 101, 2);
    const rest = await stores.reapKeys(START + 101, 10);

    assert.deepEqual([early, some, rest], [0, 2, 1]);
    assert.equal(await stores.readKey(tenant.number, "c"), undefined);
    assert.equal((await stores.readKey(tenant.number, "d"))?.count, 1);
  });
}
