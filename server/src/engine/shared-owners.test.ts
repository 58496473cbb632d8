import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Sharing } from "../sharing.ts";
import type { Store, TakenLease } from "../store.ts";
import { StoreUnavailable } from "../store-unavailable.ts";
import { createManualClock } from "./engine-fixture.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import type { OwnerPorts } from "./owner-ports.ts";
import { startEngine } from "./running-engine.test.ts";
import { createSharedOwners } from "./shared-owners.ts";

const LEASE_MS = 15_000;
const LOOK_MS = 1000;
// One after another, each of which looks: more than outcomes are given that cannot be stored.
const WAITS_MAX = 2000;

/** The only node of a log; what it takes it takes when it is told to, and recovers nothing of it. */
function setup(leases: number) {
  const clock = createManualClock();
  const free = new Set(Array.from({ length: leases }, (_, lease) => lease));
  const claimed: number[] = [];
  const faults: string[] = [];
  const taking = new Map<number, PromiseWithResolvers<TakenLease>>();
  let isThere = true;
  let claiming: PromiseWithResolvers<void> | undefined;
  const store = {
    leases: () => [...Array(leases).keys()],
    takeLease(lease: number) {
      const taken = Promise.withResolvers<TakenLease>();
      taking.set(lease, taken);
      return taken.promise;
    },
  } as unknown as Store;
  const sharing = {
    leaseMs: LEASE_MS,
    meet: async () => {
      if (!isThere) {
        throw new Error("the store is not available");
      }
      return { nodes: 1, free: [...free] };
    },
    claim: async (wanted: readonly number[]) => {
      await claiming?.promise;
      wanted.forEach((lease) => free.delete(lease));
      claimed.push(...wanted);
      return wanted;
    },
    leave: async () => undefined,
    readNews: async () => [],
    onHint: () => undefined,
  } as unknown as Sharing;
  const ports = { store, clock, fraction: () => 0, limits: DEFAULT_LIMITS } as unknown as OwnerPorts;
  const owners = createSharedOwners({ ...ports, onFault: ({ what }) => faults.push(what) }, sharing);
  const settled = () => new Promise(setImmediate);
  return {
    owners,
    clock,
    claimed,
    faults,
    settled,
    leave: () => {
      isThere = false;
    },
    /** Keeps the answers to claims back until it is called. */
    keepClaims() {
      claiming = Promise.withResolvers<void>();
      return claiming.resolve;
    },
    /** Leases that are being taken. */
    taken: () => [...taking.keys()],
    /** Ends one recovery, by its failure; it is not taken again at once. */
    async endOne() {
      const [lease, taken] = [...taking].at(0) ?? [];
      assert.ok(lease !== undefined && taken !== undefined, "one recovers");
      taking.delete(lease);
      taken.reject(new Error("another node has the lease"));
      await settled();
      clock.pass(0);
      await settled();
    },
  };
}

describe("createSharedOwners()", () => {
  test("start() claims and recovers a few leases at a time, the next as soon as one has ended", async () => {
    const { owners, claimed, settled, endOne } = setup(6);
    const started = owners.start("sending");
    await settled();
    assert.deepEqual(claimed, [0, 1, 2, 3]);

    await endOne();
    assert.deepEqual(claimed, [0, 1, 2, 3, 4]);
    await endOne();
    assert.deepEqual(claimed, [0, 1, 2, 3, 4, 5]);

    for (let left = 4; left > 0; left -= 1) {
      await endOne();
    }
    await started;
  });

  test("start() resolves when all of its share has recovered, and not before", async () => {
    const { owners, settled, endOne } = setup(5);
    let hasStarted = false;
    const started = owners.start("sending").then(() => {
      hasStarted = true;
    });
    await settled();
    for (let left = 5; left > 0; left -= 1) {
      assert.equal(hasStarted, false);
      await endOne();
    }
    await started;
  });

  test("a store that fails is not asked for the rest of a share again at once", async () => {
    const { owners, clock, claimed, faults, settled, leave, endOne } = setup(5);
    void owners.start("sending");
    await settled();
    leave();
    await endOne();
    assert.deepEqual(faults, ["take_failed", "take_failed"]);

    clock.pass(1);
    await settled();
    assert.equal(faults.length, 2);
    assert.equal(claimed.length, 4);
  });

  test("takes again what it claimed and could not take, for as long as nobody else can have it", async () => {
    const { owners, clock, claimed, settled, taken, endOne } = setup(1);
    void owners.start("sending");
    await settled();
    await endOne();
    assert.deepEqual(taken(), []);

    for (let ms = 0; ms < LEASE_MS && taken().length === 0; ms += LOOK_MS) {
      clock.pass(LOOK_MS);
      await settled();
    }
    assert.deepEqual([taken(), claimed], [[0], [0]]);
    await endOne();
    clock.pass(LEASE_MS);
    await settled();
    await settled();

    assert.deepEqual([taken(), claimed], [[], [0]]);
  });

  test("stop() waits for what was being claimed, so that it is given up like everything else", async () => {
    const { owners, settled, keepClaims, endOne } = setup(1);
    const answerClaims = keepClaims();
    void owners.start("sending");
    await settled();
    let hasStopped = false;
    const stopped = owners.stop(0).then(() => {
      hasStopped = true;
    });
    await settled();
    assert.equal(hasStopped, false);

    answerClaims();
    await settled();
    assert.equal(hasStopped, false);
    await endOne();
    await stopped;
  });

  test("stop() ends a recovery whose store is gone, and does not wait for its return", async () => {
    let isRecoveryTheLast = false;
    let isGone = false;
    const answered = <Answer>(answer: () => Promise<Answer>): Promise<Answer> =>
      isGone ? Promise.reject(new StoreUnavailable(new Error("the store is gone"))) : answer();
    const all = await startEngine({
      isNode: true,
      wrap: (store) => ({
        ...store,
        readLanes(lease) {
          isGone = isRecoveryTheLast;
          return store.readLanes(lease);
        },
        readHead: (lease) => answered(() => store.readHead(lease)),
        flush: (lease, facts) => answered(() => store.flush(lease, facts)),
        releaseLease: (lease) => answered(() => store.releaseLease(lease)),
      }),
    });
    const passUntil = async (ended: Promise<void>) => {
      let hasEnded = false;
      void ended.then(() => {
        hasEnded = true;
      });
      for (let waits = 0; waits < WAITS_MAX && !hasEnded; waits += 1) {
        all.clock.pass(LOOK_MS);
        await new Promise(setImmediate);
      }
      assert.ok(hasEnded);
    };
    await passUntil(all.engine.stop(0));
    isRecoveryTheLast = true;
    const started = all.restart();
    await all.settle();
    assert.equal(isGone, true, "it has begun to recover");

    await passUntil(all.engine.stop(0));
    await passUntil(started);
  });

  test("resume() lets a lease be sent from that recovers meanwhile", async () => {
    let onRecovering = (): void => undefined;
    const all = await startEngine({
      isNode: true,
      wrap: (store) => ({
        ...store,
        async readLanes(lease) {
          onRecovering();
          return await store.readLanes(lease);
        },
      }),
    });
    const endpoint = await all.addEndpoint("each");
    const stopped = all.engine.stop(0);
    await all.settle();
    all.clock.pass(LOOK_MS);
    await Promise.all([stopped, all.settle()]);
    all.store.pauseNodes(true);
    onRecovering = () => {
      all.store.pauseNodes(false);
      all.engine.resume();
    };
    await all.restart("paused");
    await all.accept(1);

    assert.equal(all.sentTo(endpoint).length, 1);
  });
});
