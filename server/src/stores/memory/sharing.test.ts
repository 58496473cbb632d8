import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createManualClock } from "../../engine/engine-fixture.ts";
import { emptyFacts } from "../../facts.ts";
import { systemRandom } from "../../random.ts";
import { StoreUnavailable } from "../../store-unavailable.ts";
import { describeStores } from "../conformance.ts";
import { createMemoryStore } from "../memory.ts";

const LEASE_MS = 15_000;

describeStores("memory, as one of several nodes has it", async (ports) => {
  const memory = createMemoryStore({ ...ports, leaseMs: LEASE_MS });
  const stores = { ...memory, ...memory.openNode("node").store };
  return { stores, reopen: async () => stores };
});

/** Two nodes of one store. */
function setup() {
  const clock = createManualClock();
  const memory = createMemoryStore({ clock, random: systemRandom, leaseMs: LEASE_MS });
  return { clock, first: memory.openNode("first"), second: memory.openNode("second") };
}

describe("createNodes()", () => {
  test("a node has the lease of another when that one gives it up, and not before", async () => {
    const { first, second } = setup();
    const lease = await first.store.takeLease(0);

    await assert.rejects(second.store.takeLease(0), StoreUnavailable);
    assert.deepEqual(await second.sharing.claim([0]), []);
    assert.equal(await first.store.renewLease(lease), "renewed");
    await first.store.releaseLease(lease);
    const taken = await second.store.takeLease(0);

    assert.equal(taken.epoch, lease.epoch + 1);
    assert.equal(await first.store.renewLease(lease), "fenced");
    assert.equal(await first.store.flush(lease, emptyFacts(1, 0)), "fenced");
    assert.equal(await second.store.flush(taken, emptyFacts(1, 0)), "flushed");
  });

  test("a lease that is renewed no more is free, and once it is claimed it is renewed no more", async () => {
    const { clock, first, second } = setup();
    const lease = await first.store.takeLease(0);
    clock.pass(LEASE_MS - 1);
    assert.deepEqual(await second.sharing.claim([0]), []);
    clock.pass(1);

    assert.deepEqual(await second.sharing.meet(), { nodes: 1, free: [0], watched: [], isPaused: false });
    assert.deepEqual(await second.sharing.claim([0]), [0]);

    assert.equal(await first.store.renewLease(lease), "fenced");
    // Whoever gives up what it has lost takes it from nobody.
    await first.store.releaseLease(lease);
    assert.deepEqual((await first.sharing.meet()).free, []);
  });

  test("meet() counts who is there, until it leaves or is not heard of", async () => {
    const { clock, first, second } = setup();
    await first.sharing.meet();
    assert.equal((await second.sharing.meet()).nodes, 2);
    await first.sharing.leave();
    assert.equal((await second.sharing.meet()).nodes, 1);
    await first.sharing.meet();
    clock.pass(LEASE_MS);
    assert.equal((await second.sharing.meet()).nodes, 1);
  });

  test("what is asked is news until it is done, and is answered once", async () => {
    const { first: owner, second: asking } = setup();
    const lease = await owner.store.takeLease(0);
    const isAsked = async () => (await owner.sharing.readNews([0])).map((news) => news.isAsked);
    const number = await asking.sharing.ask(0, "this");
    assert.deepEqual(await isAsked(), [true]);
    assert.deepEqual(await owner.sharing.readAsked(0, 10), [{ number, what: "this" }]);
    const answered = (answer?: string) =>
      owner.store.flush(lease, { ...emptyFacts(0, 0), answered: [{ asked: number, answer }] });

    await answered();
    assert.deepEqual(await isAsked(), [false]);
    assert.equal(await asking.sharing.takeAnswer(0, number), undefined);
    await answered("that");
    await answered();

    assert.equal(await asking.sharing.takeAnswer(0, number), "that");
    assert.equal(await asking.sharing.takeAnswer(0, number), undefined);
  });
});
