import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LIVE } from "../model/delivery.ts";
import type { ReplayRequest, ReplayWish } from "../model/range-replay.ts";
import { type Store, StoreRefusal } from "../store.ts";
import { type RunningEngine, startEngine } from "./running-engine.test.ts";

const TENANT = 1;

type Asked = Partial<ReplayRequest> & Pick<ReplayRequest, "endpoint">;

async function ask(all: RunningEngine, asked: Asked): Promise<number> {
  const replay = await all.store.requestReplay({
    tenant: TENANT,
    source: asked.endpoint,
    from: 1,
    to: Number.MAX_SAFE_INTEGER,
    only: "all",
    types: undefined,
    ratePerSecond: undefined,
    createdAt: all.clock.now(),
    ...asked,
  });
  assert.ok(replay);
  await look(all);
  return replay.number;
}

async function steer(all: RunningEngine, replay: number, wish: ReplayWish): Promise<void> {
  assert.ok(await all.store.steerReplay({ tenant: TENANT, replay, wish }));
  await look(all);
}

async function look(all: RunningEngine): Promise<void> {
  const looked = all.engine.replayRanges(0);
  await all.settle();
  await looked;
}

async function find(all: RunningEngine, number: number) {
  const replay = await all.store.findReplay(TENANT, number);
  assert.ok(replay);
  const { lookedAt, chosen, passedOver, delivered, failed } = replay.progress;
  return { ...replay, counts: [lookedAt, chosen, passedOver, delivered, failed] };
}

describe("a replay of a range", () => {
  for (const discipline of ["each", "ordered", "batched"] as const) {
    test(`delivers again what an ${discipline} endpoint was sent, in order, as one row`, async () => {
      const all = await startEngine();
      const endpoint = await all.addEndpoint(discipline);
      await all.accept(300);
      all.clock.pass(1000);
      await all.settle();
      const before = all.sentTo(endpoint).length;

      const number = await ask(all, { endpoint });
      for (let round = 0; round < 100 && (await find(all, number)).ended === undefined; round += 1) {
        await all.settle();
      }

      const replay = await find(all, number);
      assert.deepEqual(replay.counts, [300, 300, 0, 300, 0]);
      assert.equal(replay.ended?.how, "finished");
      assert.equal(replay.progress.position, replay.to);
      assert.equal(new Set(all.sentTo(endpoint).slice(before)).size, 300);
      assert.equal(
        (await all.store.listReplays({ tenant: 1, endpoint, isOpen: false, before: undefined, limit: 9 }))
          .length,
        1,
      );
      assert.deepEqual(await all.store.readRetries(0, undefined, 10), []);
    });
  }

  test("goes on after a crash where it was, and sends nothing of it twice", async () => {
    const all = await startEngine();
    const endpoint = await all.addEndpoint("ordered");
    const offsets = await all.accept(8);
    await all.settle();
    const number = await ask(all, { endpoint, ratePerSecond: 1 });
    all.clock.pass(2000);
    await all.settle();
    const sent = all.sentTo(endpoint).length;
    assert.ok(sent > offsets.length && sent < 2 * offsets.length);

    await all.restart();
    for (let round = 0; round < 20; round += 1) {
      all.clock.pass(1000);
      await all.settle();
    }

    assert.deepEqual((await find(all, number)).counts, [8, 8, 0, 8, 0]);
    const { attempts } = await all.store.readFacts({ tenant: TENANT, offsets, endpoint });
    const replayed = attempts.filter(({ cursor }) => cursor === number);
    assert.deepEqual(
      replayed.map(({ offset, number: request }) => [offset, request]),
      offsets.map((offset) => [offset, 1]),
    );
    // The engine that was left had a timer that still rang.
    assert.ok(all.sentTo(endpoint).length <= 2 * offsets.length + 1);
  });

  test("counts what the store refused of it once that is stored, and once", async () => {
    let isBroken = true;
    const wrap = (store: Store): Store => ({
      ...store,
      async flush(lease, facts) {
        if (isBroken && facts.attempts.some(({ cursor }) => cursor !== LIVE)) {
          throw new StoreRefusal(new Error("a constraint says no"));
        }
        return await store.flush(lease, facts);
      },
    });
    const all = await startEngine({ wrap, limits: { pageEventsMax: 1 } });
    const endpoint = await all.addEndpoint("each");
    await all.accept(5);
    const number = await ask(all, { endpoint });
    assert.equal((await find(all, number)).progress.delivered, 0);

    isBroken = false;
    await all.restart();
    await all.settle();
    assert.deepEqual((await find(all, number)).counts, [5, 5, 0, 5, 0]);
  });

  test("reads on when what took long is settled, however little it may run ahead", async () => {
    const all = await startEngine({ limits: { replayWindowMax: 1, replaySeenMax: 1 } });
    const endpoint = await all.addEndpoint("each");
    await all.accept(5);
    const number = await ask(all, { endpoint });
    await all.settle();
    assert.deepEqual((await find(all, number)).counts, [5, 5, 0, 5, 0]);
  });

  test("of which nothing is chosen writes how far it is seldom, and all of it in the end", async () => {
    let steps = 0;
    const wrap = (store: Store): Store => ({
      ...store,
      async flush(lease, facts) {
        steps += facts.replaying.length;
        return await store.flush(lease, facts);
      },
    });
    const all = await startEngine({ wrap, limits: { pageEventsMax: 5 } });
    const endpoint = await all.addEndpoint("each");
    await all.accept(200);

    const number = await ask(all, { endpoint, only: "dead" });
    await all.settle();

    const { ended, counts } = await find(all, number);
    assert.deepEqual([ended?.how, counts], ["finished", [200, 0, 0, 0, 0]]);
    assert.equal(steps, 2);
  });

  test("delivers what is dead alone, and a delivery then is no more", async () => {
    const all = await startEngine();
    const endpoint = await all.addEndpoint("each");
    all.answer(endpoint, 500);
    await all.accept(2);
    all.clock.pass(60_000);
    await all.settle();
    all.answer(endpoint, 200);
    await all.accept(3);
    assert.equal(all.sentTo(endpoint).length, 7);

    const number = await ask(all, { endpoint, only: "dead" });
    assert.deepEqual((await find(all, number)).counts, [5, 2, 0, 2, 0]);
    assert.equal(all.sentTo(endpoint).length, 9);
    const again = await ask(all, { endpoint, only: "dead" });
    assert.deepEqual((await find(all, again)).counts, [5, 0, 0, 0, 0]);
  });

  test("holds the live cursor where order matters, and lets it go while it is paused", async () => {
    const all = await startEngine();
    const endpoint = await all.addEndpoint("ordered");
    await all.accept(3);
    const number = await ask(all, { endpoint, ratePerSecond: 1 });
    assert.equal(all.sentTo(endpoint).length, 4);
    await all.accept(1);
    assert.equal(all.sentTo(endpoint).length, 4);

    await steer(all, number, "pause");
    assert.equal(all.sentTo(endpoint).length, 5);
    all.clock.pass(60_000);
    await all.settle();
    assert.equal(all.sentTo(endpoint).length, 5);
    assert.equal((await find(all, number)).ended, undefined);

    await steer(all, number, "run");
    for (let round = 0; round < 5; round += 1) {
      all.clock.pass(1000);
      await all.settle();
    }
    assert.deepEqual((await find(all, number)).counts, [3, 3, 0, 3, 0]);
  });

  test("sends nothing that follows before what failed is settled, where order matters", async () => {
    const all = await startEngine();
    const endpoint = await all.addEndpoint("batched");
    await all.accept(3);
    all.answer(endpoint, 500);
    const number = await ask(all, { endpoint });
    const sent = all.sentTo(endpoint).length;
    all.answer(endpoint, 200);
    await all.accept(1);
    all.clock.pass(300);
    await all.settle();
    assert.equal(all.sentTo(endpoint).length, sent);

    all.clock.pass(60_000);
    await all.settle();
    assert.deepEqual((await find(all, number)).counts, [3, 3, 0, 3, 0]);
    assert.equal(all.sentTo(endpoint)[sent], all.sentTo(endpoint)[sent - 1]);
  });

  test("of an endpoint that is disabled ends at once", async () => {
    const all = await startEngine();
    const endpoint = await all.addEndpoint("each");
    await all.accept(1);
    await all.change(endpoint, "disabled");
    const number = await ask(all, { endpoint });
    assert.equal((await find(all, number)).ended?.reason, "endpoint_disabled");
  });

  test("is over once it is cancelled, with what waits of it", async () => {
    const all = await startEngine();
    const endpoint = await all.addEndpoint("each");
    await all.accept(3);
    all.answer(endpoint, 500);
    const number = await ask(all, { endpoint });
    assert.equal((await all.store.readRetries(0, undefined, 10)).length, 3);

    await steer(all, number, "cancel");

    const { ended } = await find(all, number);
    assert.deepEqual([ended?.how, ended?.reason], ["cancelled", "by_request"]);
    assert.deepEqual(await all.store.readRetries(0, undefined, 10), []);
    all.answer(endpoint, 200);
    all.clock.pass(60_000);
    await all.settle();
    assert.equal(all.sentTo(endpoint).length, 6);
  });

  test("ends with its endpoint, and one asked for after goes on", async () => {
    const all = await startEngine();
    const endpoint = await all.addEndpoint("each");
    await all.accept(3);
    const before = await ask(all, { endpoint, ratePerSecond: 1 });
    await all.change(endpoint, "disabled");
    await all.change(endpoint, "enabled");
    const after = await ask(all, { endpoint });

    const sent = all.sentTo(endpoint).length;
    for (let round = 0; round < 5; round += 1) {
      all.clock.pass(1000);
      await all.settle();
    }
    assert.equal(all.sentTo(endpoint).length, sent);
    assert.deepEqual((await find(all, before)).ended?.reason, "endpoint_disabled");
    assert.deepEqual((await find(all, after)).counts, [3, 3, 0, 3, 0]);
  });

  test("delivers what was missed while its endpoint was disabled, and what that ended", async () => {
    const all = await startEngine();
    const endpoint = await all.addEndpoint("ordered");
    all.answer(endpoint, 503);
    await all.accept(2);
    await all.change(endpoint, "disabled");
    await all.accept(2);
    all.answer(endpoint, 200);
    await all.change(endpoint, "enabled");
    await all.accept(1);
    const number = await ask(all, { endpoint, only: "missed" });

    assert.deepEqual((await find(all, number)).counts, [5, 4, 0, 4, 0]);
    assert.equal(new Set(all.sentTo(endpoint)).size, 5);
  });

  test("sends to another endpoint what that was never owed, and writes no gap for it", async () => {
    const all = await startEngine();
    const source = await all.addEndpoint("each");
    await all.accept(3);
    const endpoint = await all.addEndpoint("each");
    const number = await ask(all, { endpoint, source });

    assert.deepEqual((await find(all, number)).counts, [3, 3, 0, 3, 0]);
    assert.equal(all.sentTo(endpoint).length, 3);
    const { gaps } = await all.store.readSettled({ lease: 0, after: 0, to: Number.MAX_SAFE_INTEGER });
    assert.deepEqual(gaps, []);
  });

  test("takes the retry that waits with it once it delivers", async () => {
    const all = await startEngine();
    const endpoint = await all.addEndpoint("each");
    all.answer(endpoint, 500);
    await all.accept(1);
    all.answer(endpoint, 200);
    const number = await ask(all, { endpoint, only: "undelivered" });

    assert.deepEqual((await find(all, number)).counts, [1, 1, 0, 1, 0]);
    assert.deepEqual(await all.store.readRetries(0, undefined, 10), []);
    all.clock.pass(60_000);
    await all.settle();
    assert.equal(all.sentTo(endpoint).length, 2);
  });

  test("leaves live deliveries the most of an endpoint's turns and slots", async () => {
    const all = await startEngine();
    const endpoint = await all.addEndpoint("each");
    const old = await all.accept(300);
    await all.settle();
    await all.change(endpoint, "paused");
    await all.accept(300);
    const number = await ask(all, { endpoint, to: old.at(-1) ?? 0 });
    const sent = all.sentTo(endpoint).length;
    await all.change(endpoint, "enabled");
    for (let round = 0; round < 60; round += 1) {
      await all.settle();
    }

    const ids = new Set(all.sentTo(endpoint).slice(0, sent));
    const first = all.sentTo(endpoint).slice(sent, sent + 300);
    assert.ok(first.filter((id) => ids.has(id)).length <= 75);
    assert.deepEqual((await find(all, number)).counts, [300, 300, 0, 300, 0]);
  });
});
