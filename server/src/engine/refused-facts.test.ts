import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Facts } from "../facts.ts";
import { type Store, StoreRefusal } from "../store.ts";
import { startEngine } from "./running-engine.test.ts";

/** An engine whose store refuses what `isRefused` says of facts, while it is told to. */
async function setup(isRefused: (facts: Facts) => boolean) {
  let isBroken = true;
  let refused = 0;
  const wrap = (store: Store): Store => ({
    ...store,
    async flush(lease, facts) {
      if (isBroken && isRefused(facts)) {
        refused += 1;
        throw new StoreRefusal(new Error("a constraint says no"));
      }
      return await store.flush(lease, facts);
    },
  });
  const running = await startEngine({ wrap });
  return {
    ...running,
    mend() {
      isBroken = false;
    },
    refusedCount: () => refused,
  };
}

const attemptsOf = (endpoint: number) => (facts: Facts) =>
  facts.attempts.some((attempt) => attempt.endpoint === endpoint);

describe("an engine whose store refuses what it is told of one lane", () => {
  test("delivers to every other endpoint, and stores that", async () => {
    const { accept, addEndpoint, refusedCount, settle, clock, store } = await setup(attemptsOf(1));
    const [broken, fine] = [await addEndpoint("each"), await addEndpoint("ordered")];
    const offsets = [...(await accept(3)), ...(await accept(2))];
    const before = refusedCount();
    clock.pass(60_000);
    await settle();

    assert.equal(refusedCount(), before, "nothing is tried again");
    const delivered = await store.readFacts({ tenant: 1, offsets, endpoint: fine });
    assert.deepEqual(
      delivered.attempts.map(({ offset }) => offset),
      offsets,
    );
    assert.deepEqual((await store.readFacts({ tenant: 1, offsets, endpoint: broken })).attempts, []);
  });

  test("stops the lane, says so, and sends nothing more of it", async () => {
    const { accept, addEndpoint, command, faults, lane, sentTo } = await setup(attemptsOf(1));
    const broken = await addEndpoint("ordered");
    const [first = 0] = await accept(1);
    await accept(3);

    assert.equal(sentTo(broken).length, 1);
    assert.deepEqual(
      faults.map(({ what, endpoint }) => [what, endpoint]),
      [["lane_stopped", broken]],
    );
    const { needsAttention, reason, waiting } = lane(broken) ?? assert.fail();
    assert.deepEqual([needsAttention, reason, waiting], [true, "facts_refused", 4]);
    assert.equal(await command("retry", broken, first), "stopped");
    assert.equal(await command("replay", broken, first), "stopped");
  });

  test("lets the checkpoint pass the lane, which keeps its place by a row", async () => {
    const { accept, addEndpoint, clock, settle, store } = await setup(attemptsOf(1));
    const broken = await addEndpoint("each");
    await addEndpoint("each");
    const [first = 0] = await accept(1);
    for (let round = 0; round < 3; round += 1) {
      clock.pass(1000);
      await accept(1);
    }
    clock.pass(1000);
    await settle();

    const rows = await store.readLanes(0);
    assert.deepEqual(
      rows.map(({ endpoint, position }) => [endpoint, position < first]),
      [[broken, true]],
    );
    const { checkpoint } = await store.takeLease(0);
    assert.ok(checkpoint > first, "the other lane is not waited for");
  });

  test("loses nothing of the lane: the next process, without the bug, sends it all in order", async () => {
    const running = await setup(attemptsOf(1));
    const broken = await running.addEndpoint("ordered");
    const offsets = [...(await running.accept(1)), ...(await running.accept(2))];
    running.mend();
    await running.restart();
    await running.settle();

    const sent = running.sentTo(broken);
    assert.equal(sent.length, 4);
    assert.equal(sent[0], sent[1], "the first was sent before, and its outcome was not stored");
    const { attempts } = await running.store.readFacts({ tenant: 1, offsets, endpoint: broken });
    assert.deepEqual(
      attempts.map(({ offset }) => offset),
      offsets,
    );
  });

  test("starts the lane anew when its endpoint is disabled and enabled", async () => {
    const { accept, addEndpoint, change, lane, mend, sentTo, store } = await setup(attemptsOf(1));
    for (const discipline of ["each", "batched", "ordered"] as const) {
      await addEndpoint(discipline, { eventTypes: [] });
    }
    const [lost = 0] = await accept(1, 1);
    mend();
    await change(1, "disabled");
    await change(1, "enabled");
    const [next = 0] = await accept(1, 1);

    assert.notEqual(lane(1)?.needsAttention, true);
    assert.equal(sentTo(1).length, 2);
    const { attempts, gaps } = await store.readFacts({ tenant: 1, offsets: [lost, next], endpoint: 1 });
    assert.deepEqual(
      attempts.map(({ offset, verdict }) => [offset, verdict]),
      [[next, "delivered"]],
    );
    assert.deepEqual(
      gaps.map(({ from, to, reason }) => [from <= lost && lost <= to, reason]),
      [[true, "disabled"]],
    );
  });

  test("ends no replay by a disabling before it that the next process applies again", async () => {
    const running = await setup(({ abandoned }) => abandoned.some(({ endpoint }) => endpoint === 1));
    const { accept, addEndpoint, answer, change, command, restart, settle, store } = running;
    const [broken, fine] = [await addEndpoint("each"), await addEndpoint("each")];
    const [offset = 0] = await accept(1);
    await change(broken, "disabled");
    await change(fine, "disabled");
    await change(fine, "enabled");
    answer(fine, 500);
    assert.equal(await command("replay", fine, offset), "done");
    await settle();
    await restart();

    const waiting = await store.readRetries(0, undefined, 10);
    assert.deepEqual(
      waiting.map((retry) => [retry.endpoint, retry.offset, retry.requests]),
      [[fine, offset, 1]],
    );
  });

  test("fails a command whose facts are refused, and no other", async () => {
    const cancelled = (facts: Facts) => facts.gaps.some(({ endpoint }) => endpoint === 1);
    const { accept, addEndpoint, answer, command } = await setup(cancelled);
    const [broken, fine] = [await addEndpoint("each"), await addEndpoint("each")];
    answer(broken, 500);
    answer(fine, 500);
    const [offset = 0] = await accept(1);

    await assert.rejects(command("cancel", broken, offset), StoreRefusal);
    assert.equal(await command("cancel", fine, offset), "done");
  });
});

describe("an engine whose store refuses what no lane is to blame for", () => {
  test("sends nothing more, and every endpoint shows it", async () => {
    let from = Infinity;
    const running = await setup(({ checkpoint }) => checkpoint >= from);
    const { accept, addEndpoint, clock, command, faults, lane, refusedCount, sentTo, settle } = running;
    const endpoint = await addEndpoint("each");
    await accept(1);
    from = 0;
    clock.pass(1000);
    const [next = 0] = await accept(1);
    const before = refusedCount();
    await accept(1);
    clock.pass(60_000);
    await settle();

    assert.equal(sentTo(endpoint).length, 2);
    assert.equal(refusedCount(), before);
    assert.deepEqual(
      faults.map(({ what }) => what),
      ["lease_stopped"],
    );
    assert.deepEqual([lane(endpoint)?.needsAttention, lane(endpoint)?.reason], [true, "lease_stopped"]);
    assert.equal(await command("retry", endpoint, next), "stopped");
  });
});
