import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Store } from "../store.ts";
import { endpointOf } from "./engine-fixture.ts";
import { startEngine } from "./running-engine.test.ts";

/** A store whose flushes of gaps wait until they are let go. */
function withGate() {
  const gate = Promise.withResolvers<void>();
  const wrap = (store: Store): Store => ({
    ...store,
    async flush(lease, facts) {
      await (facts.gaps.length > 0 ? gate.promise : undefined);
      return await store.flush(lease, facts);
    },
  });
  return { wrap, open: gate.resolve };
}

/** A store whose reads of one retry, and whose flushes, wait while they are to. */
function withPauses() {
  const open = Promise.resolve();
  const pauses = { reads: open, flushes: open };
  const wrap = (store: Store): Store => ({
    ...store,
    async readRetry(lease, key) {
      const found = await store.readRetry(lease, key);
      await pauses.reads;
      return found;
    },
    async flush(lease, facts) {
      await pauses.flushes;
      return await store.flush(lease, facts);
    },
  });
  function pause(what: keyof typeof pauses): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    pauses[what] = promise;
    return resolve;
  }
  return { wrap, pause };
}

const EVERYWHERE = { lease: 0, after: 0, to: Number.MAX_SAFE_INTEGER };

for (const verb of ["cancel", "retry"] as const) {
  test(`${verb}() of what is delivered while it reads writes nothing, and says so`, async () => {
    const { wrap, pause } = withPauses();
    const all = await startEngine({ wrap });
    const endpoint = await all.addEndpoint("each");
    all.answer(endpoint, 503);
    const [offset = 0] = await all.accept(1);
    all.answer(endpoint, 200);
    const goOn = pause("reads");
    const asked = all.engine[verb](0, { tenant: 1, endpoint, offset });
    await all.settle();
    all.clock.pass(1000);
    await all.settle();
    assert.equal(all.sentTo(endpoint).length, 2, "it was retried meanwhile");
    goOn();
    await all.settle();
    all.clock.pass(10_000);
    await all.settle();

    assert.equal(await asked, "settled");
    assert.deepEqual((await all.store.readSettled(EVERYWHERE)).gaps, []);
    assert.equal(all.sentTo(endpoint).length, 2);
  });
}

for (const verb of ["cancel", "retry"] as const) {
  test(`${verb}() of what is sent while it reads leaves that as it is`, async () => {
    const { wrap, pause } = withPauses();
    const all = await startEngine({ wrap });
    const endpoint = await all.addEndpoint("each");
    all.answer(endpoint, 503);
    const [offset = 0] = await all.accept(1);
    const read = pause("reads");
    const asked = all.engine[verb](0, { tenant: 1, endpoint, offset });
    await all.settle();
    const write = pause("flushes");
    all.clock.pass(1000);
    await all.settle();
    read();
    await all.settle();
    write();
    await all.settle();

    assert.equal(await asked, "in_flight");
    assert.deepEqual((await all.store.readSettled(EVERYWHERE)).gaps, []);
  });
}

describe("cancel()", () => {
  test("that comes late leaves the hold of another delivery as it is", async () => {
    const { wrap, pause } = withPauses();
    const all = await startEngine({ wrap });
    const endpoint = await all.addEndpoint("ordered");
    all.answer(endpoint, 503);
    const [first = 0, second = 0] = await all.accept(2);
    all.answer(endpoint, 200);
    const read = pause("reads");
    const cancelled = all.engine.cancel(0, { tenant: 1, endpoint, offset: first });
    await all.settle();
    const write = pause("flushes");
    all.clock.pass(1000);
    await all.settle();
    all.answer(endpoint, 503);
    write();
    await all.settle();
    assert.equal(all.sentTo(endpoint).length, 3, "the first is delivered, and the second tried");
    read();
    await all.settle();
    all.clock.pass(60_000);
    await all.settle();

    const attempts = await all.store.readAttempts(0, { endpoint, offset: second });
    assert.equal(attempts.length, all.sentTo(endpoint).length - 2, "each request has a number of its own");
    assert.equal(await cancelled, "settled");
  });

  for (const discipline of ["ordered", "batched"] as const) {
    test(`lets nothing of a lane that is ${discipline} go on before it is durable`, async () => {
      const { wrap, open } = withGate();
      const all = await startEngine({ wrap });
      const endpoint = await all.addEndpoint(discipline);
      await all.change(endpoint, "paused");
      const [first = 0] = await all.accept(1);
      await all.accept(1);
      const cancelled = all.engine.cancel(0, { tenant: 1, endpoint, offset: first });
      await all.settle();
      await all.change(endpoint, "enabled");
      all.clock.pass(1000);
      await all.settle();
      assert.equal(all.sentTo(endpoint).length, 0);
      open();
      await all.settle();
      all.clock.pass(1000);
      await all.settle();

      assert.equal(await cancelled, "done");
      assert.equal(all.sentTo(endpoint).length, 1);
    });
  }

  test("twice at once ends one delivery, and makes room for no more than one", async () => {
    const { wrap, open } = withGate();
    const all = await startEngine({ wrap, limits: { retriesPerLaneMax: 2 } });
    const endpoint = await all.addEndpoint("each");
    all.answer(endpoint, 500);
    const [first = 0] = await all.accept(4);
    assert.equal(all.sentTo(endpoint).length, 2, "no more may wait to be retried");
    const delivery = { tenant: 1, endpoint, offset: first };
    const asked = [all.engine.cancel(0, delivery), all.engine.cancel(0, delivery)];
    await all.settle();
    open();
    await all.settle();

    assert.deepEqual(await Promise.all(asked), ["done", "settled"]);
    assert.equal(all.sentTo(endpoint).length, 3);
    assert.equal((await all.store.readRetries(0, undefined, 10)).length, 2);
  });

  test("of another delivery is answered meanwhile", async () => {
    const { wrap, open } = withGate();
    const all = await startEngine({ wrap });
    const endpoint = await all.addEndpoint("each");
    const other = await all.addEndpoint("each");
    all.answer(endpoint, 500);
    const [first = 0] = await all.accept(1);
    all.answer(endpoint, 200);
    const [second = 0] = await all.accept(1);
    const cancelled = all.engine.cancel(0, { tenant: 1, endpoint, offset: first });
    await all.settle();
    const asked = [
      all.engine.cancel(0, { tenant: 1, endpoint, offset: second }),
      all.engine.cancel(0, { tenant: 1, endpoint: other, offset: first }),
    ];
    const answered = await Promise.race([Promise.all(asked), all.settle()]);
    open();
    await all.settle();

    assert.deepEqual(answered, ["settled", "settled"]);
    assert.equal(await cancelled, "done");
  });

  for (const verb of ["cancel", "skip"] as const) {
    test(`of what a ${verb} ends that is not durable yet finds it settled`, async () => {
      const { wrap, pause } = withPauses();
      const all = await startEngine({ wrap, limits: { retriesPerLaneMax: 2 } });
      const endpoint = await all.addEndpoint("each");
      all.answer(endpoint, 500);
      const [first = 0] = await all.accept(4);
      const goOn = pause("flushes");
      const delivery = { tenant: 1, endpoint, offset: first };
      const ended =
        verb === "cancel" ? all.engine.cancel(0, delivery) : all.engine.skip(0, { endpoint, to: first });
      await all.settle();
      const asked = all.engine.cancel(0, delivery);
      await all.settle();
      goOn();
      await all.settle();

      await ended;
      assert.equal(await asked, "settled");
      assert.equal(all.sentTo(endpoint).length, 3);
    });
  }

  test("lets a held ordered lane go on behind its head, once that is durable", async () => {
    const { wrap, open } = withGate();
    const all = await startEngine({ wrap });
    const endpoint = await all.addEndpoint("ordered");
    all.answer(endpoint, 503);
    const [first = 0] = await all.accept(2);
    all.answer(endpoint, 200);
    const cancelled = all.engine.cancel(0, { tenant: 1, endpoint, offset: first });
    await all.settle();
    await all.accept(1);
    assert.equal(all.sentTo(endpoint).length, 1);
    open();
    await all.settle();

    assert.equal(await cancelled, "done");
    assert.equal(all.sentTo(endpoint).length, 3);
  });
});

describe("retry()", () => {
  for (const verb of ["cancel", "skip"] as const) {
    test(`sends nothing that a ${verb} ends which is not durable yet`, async () => {
      const { wrap, pause } = withPauses();
      const all = await startEngine({ wrap });
      const endpoint = await all.addEndpoint("each");
      all.answer(endpoint, 500);
      const [offset = 0] = await all.accept(1);
      const goOn = pause("flushes");
      const ended =
        verb === "cancel"
          ? all.engine.cancel(0, { tenant: 1, endpoint, offset })
          : all.engine.skip(0, { endpoint, to: offset });
      await all.settle();
      const asked = all.engine.retry(0, { tenant: 1, endpoint, offset });
      await all.settle();
      goOn();
      await all.settle();
      all.clock.pass(10_000);
      await all.settle();

      await ended;
      assert.equal(await asked, "settled");
      assert.equal(all.sentTo(endpoint).length, 1);
      assert.deepEqual(await all.store.readRetries(0, undefined, 10), []);
    });
  }

  test("of what a replay has delivered finds it settled, although that is not durable yet", async () => {
    const { wrap, open } = withGate();
    const all = await startEngine({ wrap });
    const endpoint = await all.addEndpoint("each");
    all.answer(endpoint, 500);
    const [offset = 0] = await all.accept(1);
    all.answer(endpoint, 200);
    const delivery = { tenant: 1, endpoint, offset };
    const replayed = all.engine.replay(0, delivery);
    await all.settle();
    const asked = all.engine.retry(0, delivery);
    await all.settle();
    open();
    await all.settle();
    all.clock.pass(10_000);
    await all.settle();

    assert.deepEqual([await replayed, await asked], ["done", "settled"]);
    assert.equal(all.sentTo(endpoint).length, 2);
    assert.deepEqual(await all.store.readRetries(0, undefined, 10), []);
  });

  for (const order of ["before", "after"] as const) {
    test(`${order} a replay delivers it, and written by one flush with that, sends no more`, async () => {
      const { wrap, open } = withGate();
      const all = await startEngine({ wrap });
      const endpoint = await all.addEndpoint("each");
      const other = await all.addEndpoint("each");
      all.answer(endpoint, 500);
      all.answer(other, 500);
      const [offset = 0] = await all.accept(1);
      all.answer(endpoint, 200);
      const delivery = { tenant: 1, endpoint, offset };
      await all.change(endpoint, "paused");
      await all.command("replay", endpoint, offset);
      const cancelled = all.engine.cancel(0, { ...delivery, endpoint: other });
      await all.settle();
      const retry = async () => {
        const asked = all.engine.retry(0, delivery);
        await all.settle();
        return asked;
      };
      const early = order === "before" ? retry() : undefined;
      await all.settle();
      await all.change(endpoint, "enabled");
      assert.equal(all.sentTo(endpoint).length, 2, "the replay was sent");
      const late = order === "after" ? retry() : undefined;
      await all.settle();
      open();
      await all.settle();
      all.clock.pass(10_000);
      await all.settle();

      assert.deepEqual([await cancelled, await (early ?? late)], ["done", early ? "done" : "settled"]);
      assert.equal(all.sentTo(endpoint).length, 2);
      assert.deepEqual(await all.store.readRetries(0, undefined, 10), []);
      assert.equal(all.engine.stats().deliveriesWaiting, 0);
    });
  }
});

describe("replay()", () => {
  for (const [what, isTried] of [
    ["a retry that is due", true],
    ["a first request that waits for its turn", false],
  ] as const) {
    test(`delivers what ${what} is for, which is not sent before that is durable`, async () => {
      const { wrap, open } = withGate();
      const all = await startEngine({ wrap });
      const config = { ...endpointOf().config, maxInFlight: 1, url: "https://receiver.test/1" };
      const endpoint = await all.addEndpoint("each", { config });
      const other = await all.addEndpoint("each");
      all.answer(endpoint, 500);
      all.answer(other, 500);
      if (!isTried) {
        await all.change(endpoint, "paused");
      }
      const [offset = 0] = await all.accept(1);
      all.answer(endpoint, 200);
      await all.change(endpoint, "paused");
      await all.command("replay", endpoint, offset);
      all.clock.pass(1000);
      await all.settle();
      const cancelled = all.engine.cancel(0, { tenant: 1, endpoint: other, offset });
      await all.settle();
      await all.change(endpoint, "enabled");
      const sent = all.sentTo(endpoint).length;
      open();
      await all.settle();
      all.clock.pass(10_000);
      await all.settle();

      await cancelled;
      assert.deepEqual([sent, all.sentTo(endpoint).length], isTried ? [2, 2] : [1, 1]);
      assert.deepEqual(await all.store.readRetries(0, undefined, 10), []);
      assert.equal(all.engine.stats().deliveriesWaiting, 0);
    });
  }
});
