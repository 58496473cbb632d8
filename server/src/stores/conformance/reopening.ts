import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  endpointDraft,
  factsOf,
  keyOf,
  rotationOf,
  sampleAttempt,
  sampleDeadLetter,
  sampleGap,
  sampleLane,
  sampleRetry,
  submission,
  submitted,
} from "./samples.ts";
import { createEndpoint, type Open, START, setUp } from "./setup.ts";
import { snapshotOf } from "./snapshot.ts";

/** What the next process finds. */
export function describeReopening(open: Open): void {
  describe("the next process", () => {
    test("finds everything that was answered", async (t) => {
      const { stores, tenant, lease, reopen } = await setUp(open, t);
      const key = {
        id: "key_1",
        tenant: tenant.number,
        name: "a key",
        hash: new Uint8Array(32).fill(1),
        scopes: undefined,
        ratePerSecond: 5,
        createdAt: START,
        expiresAt: undefined,
        lastUsedAt: undefined,
      };
      await stores.createKey(key);
      const secret = { seal: () => Uint8Array.of(1, 2, 3), publicKey: "whpk_1" };
      const { number } = await createEndpoint(stores, endpointDraft(tenant.number, { secret }));
      const rotation = rotationOf(tenant.number, number, { publicKey: undefined });
      const endpoint = await stores.rotateSecret(rotation);
      const keyed = submission(tenant.number, [submitted({ subject: "s" }, keyOf("a"))]);
      const { head: offset } = await stores.append(0, [keyed]);
      await stores.flush(
        lease,
        factsOf({
          attempts: [sampleAttempt({ offset })],
          retries: [sampleRetry({ offset })],
          deadLetters: [sampleDeadLetter({ offset })],
          gaps: [sampleGap({ from: offset, to: offset })],
          lanes: [sampleLane()],
          failing: [{ endpoint: number, since: START }],
          toldHolds: [{ endpoint: number, since: START }],
        }),
      );
      const before = await snapshotOf(stores, [offset]);
      const { idKey } = stores;

      const next = await reopen();

      assert.deepEqual(next.idKey, idKey);
      assert.equal(idKey.length, 16);
      assert.deepEqual(await snapshotOf(next, [offset]), before);
      assert.deepEqual(await next.findTenant("acme"), tenant);
      assert.deepEqual(await next.findKey(key.hash), key);
      assert.deepEqual(await next.findEndpoint(tenant.number, number), endpoint);
      assert.deepEqual((await next.append(0, [keyed])).results, [
        { kind: "accepted", offsets: [offset], stored: [] },
      ]);
    });

    test("takes the lease under a greater epoch, and goes on from the checkpoint", async (t) => {
      const { stores, lease, reopen } = await setUp(open, t);
      const replays = [{ number: 6, endpoint: 1, from: 1, to: 2, changes: 0, createdAt: START }];
      await stores.flush(lease, factsOf({ checkpoint: 70, changesApplied: 2, replays }));

      const next = await reopen();
      const taken = await next.takeLease(0);

      assert.deepEqual(taken, {
        id: 0,
        epoch: lease.epoch + 1,
        checkpoint: 70,
        changesApplied: 2,
        replays: 6,
        directoryTo: 0,
        countedTo: 0,
        leaseMs: lease.leaseMs,
      });
      assert.equal(await next.flush(lease, factsOf({ checkpoint: 90 })), "fenced");
    });

    test("numbers tenants and endpoints on from where they were", async (t) => {
      const { stores, tenant, reopen } = await setUp(open, t);
      const { number } = await createEndpoint(stores, endpointDraft(tenant.number));

      const next = await reopen();
      const created = await next.createTenant({ ...tenant, id: "initech" });

      assert.equal(created?.number, 3);
      assert.equal((await createEndpoint(next, endpointDraft(3))).number, number + 1);
    });
  });
}
