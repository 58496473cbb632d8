import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LIVE } from "../model/delivery.ts";
import type { Store } from "../store.ts";
import { startEngine } from "./running-engine.test.ts";

const EVERYWHERE = { lease: 0, after: 0, to: Number.MAX_SAFE_INTEGER };

/** A store whose flushes of what is skipped wait until they are let go. */
function withGate() {
  const gate = Promise.withResolvers<void>();
  const wrap = (store: Store): Store => ({
    ...store,
    async flush(lease, facts) {
      await (facts.abandoned.length > 0 ? gate.promise : undefined);
      return await store.flush(lease, facts);
    },
  });
  return { wrap, open: gate.resolve };
}

describe("skip()", () => {
  test("lets a held ordered lane go on behind its head, once that is durable", async () => {
    const { wrap, open } = withGate();
    const all = await startEngine({ wrap });
    const endpoint = await all.addEndpoint("ordered");
    all.answer(endpoint, 503);
    const [first = 0, second = 0] = await all.accept(2);
    all.answer(endpoint, 200);
    const skipped = all.engine.skip(0, { endpoint, to: undefined });
    await all.settle();
    const [third = 0] = await all.accept(1);
    assert.equal(all.sentTo(endpoint).length, 1);
    open();
    await all.settle();

    assert.deepEqual(await skipped, { kind: "skipped", from: first, to: first });
    assert.equal(all.sentTo(endpoint).length, 3);
    const { deliveries, gaps } = await all.store.readSettled(EVERYWHERE);
    assert.deepEqual(
      deliveries.map(({ offset }) => offset),
      [second, third],
    );
    assert.deepEqual(
      gaps.map(({ from, to, reason }) => [from, to, reason]),
      [[first, first, "skipped"]],
    );
  });

  test("skips a frozen batch whole, although the place lies in it", async () => {
    const all = await startEngine();
    const endpoint = await all.addEndpoint("batched");
    all.answer(endpoint, 503);
    const offsets = await all.accept(3);
    await all.settle();

    const result = all.engine.skip(0, { endpoint, to: offsets[1] });
    await all.settle();

    assert.deepEqual(await result, { kind: "skipped", from: offsets[0], to: offsets[2] });
    assert.equal(all.lane(endpoint)?.waiting ?? 0, 0);
  });

  test("ends what waits to be retried up to a place, and nothing behind it", async () => {
    const all = await startEngine();
    const endpoint = await all.addEndpoint("each");
    all.answer(endpoint, 500);
    const [first = 0] = await all.accept(1);
    const [second = 0] = await all.accept(1);
    assert.equal((await all.store.readRetries(0, undefined, 10)).length, 2);

    const result = all.engine.skip(0, { endpoint, to: first });
    await all.settle();

    assert.deepEqual(await result, { kind: "skipped", from: first, to: first });
    assert.deepEqual(
      (await all.store.readRetries(0, undefined, 10)).map(({ cursor, offset }) => [cursor, offset]),
      [[LIVE, second]],
    );
    all.answer(endpoint, 200);
    all.clock.pass(60_000);
    await all.settle();
    assert.equal(all.sentTo(endpoint).length, 3);
  });

  test("leaves nothing in memory of what was delivered while that was being stored", async () => {
    const gate = Promise.withResolvers<void>();
    const all = await startEngine({
      wrap: (store) => ({
        ...store,
        async flush(lease, facts) {
          await (facts.attempts.length > 0 ? gate.promise : undefined);
          return await store.flush(lease, facts);
        },
      }),
    });
    const endpoint = await all.addEndpoint("each");
    const [offset = 0] = await all.accept(1);
    const result = all.engine.skip(0, { endpoint, to: offset });
    await all.settle();
    gate.resolve();
    await all.settle();
    assert.deepEqual(await result, { kind: "skipped", from: offset, to: offset });

    // An idle lane leaves memory with a checkpoint.
    all.clock.pass(1000);
    await all.accept(1, endpoint + 1);
    all.clock.pass(1000);
    await all.settle();
    assert.equal(all.lane(endpoint), undefined);
  });

  for (const verb of ["cancel", "skip"] as const) {
    test(`counts nothing that a ${verb} ends which is not durable yet`, async () => {
      const gate = Promise.withResolvers<void>();
      const wrap = (store: Store): Store => ({
        ...store,
        async flush(lease, facts) {
          await (facts.abandoned.length + facts.gaps.length > 0 ? gate.promise : undefined);
          return await store.flush(lease, facts);
        },
      });
      const all = await startEngine({ wrap, limits: { retriesPerLaneMax: 2 } });
      const endpoint = await all.addEndpoint("each");
      all.answer(endpoint, 500);
      const [first = 0] = await all.accept(4);
      const ended =
        verb === "cancel"
          ? all.engine.cancel(0, { tenant: 1, endpoint, offset: first })
          : all.engine.skip(0, { endpoint, to: first });
      await all.settle();
      const asked = all.engine.skip(0, { endpoint, to: first });
      await all.settle();
      gate.resolve();
      await all.settle();

      await ended;
      assert.deepEqual(await asked, { kind: "nothing" });
      assert.equal(all.sentTo(endpoint).length, 3, "one more may wait to be retried");
    });
  }

  test("finds nothing in a lane that owes nothing, and no head where none waits for another", async () => {
    const all = await startEngine();
    const each = await all.addEndpoint("each");
    const ordered = await all.addEndpoint("ordered");
    const asked = [
      all.engine.skip(0, { endpoint: ordered, to: undefined }),
      all.engine.skip(0, { endpoint: each, to: Number.MAX_SAFE_INTEGER }),
      all.engine.skip(0, { endpoint: each, to: undefined }),
    ];
    await all.settle();

    assert.deepEqual(await Promise.all(asked), [
      { kind: "nothing" },
      { kind: "nothing" },
      { kind: "no_head" },
    ]);
  });

  test("is not brought back by a crash", async () => {
    const all = await startEngine();
    const endpoint = await all.addEndpoint("ordered");
    all.answer(endpoint, 503);
    const [first = 0] = await all.accept(3);
    const result = all.engine.skip(0, { endpoint, to: first });
    await all.settle();
    await result;
    all.answer(endpoint, 200);
    await all.restart();
    all.clock.pass(60_000);
    await all.settle();

    const sent = all.sentTo(endpoint);
    assert.equal(new Set(sent).size, 3);
    assert.equal(sent.filter((id) => id === sent[0]).length, 1);
  });
});
