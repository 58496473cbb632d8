/** Fault F23: the connection is cut between a COMMIT and its answer, so that nobody knows whether it came. */
import assert from "node:assert/strict";
import { after, describe, type TestContext, test } from "node:test";
import { systemClock } from "../../server/src/clock.ts";
import { systemRandom } from "../../server/src/random.ts";
import { StoreUnavailable } from "../../server/src/store-unavailable.ts";
import {
  factsOf,
  keyOf,
  offsetsIn,
  sampleAttempt,
  sampleRetry,
  storedIn,
  submission,
  submitted,
} from "../../server/src/stores/conformance/samples.ts";
import { createTenant } from "../../server/src/stores/conformance/setup.ts";
import { startCluster } from "../../server/src/stores/postgres/cluster-fixture.ts";
import { NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { openPostgresStore } from "../../server/src/stores/postgres/open.ts";
import { startDatabaseProxy } from "./database-proxy.ts";

const cluster = await startCluster();
after(() => cluster?.close());

async function setup(t: TestContext) {
  assert.ok(cluster);
  const proxy = await startDatabaseProxy(cluster.socketPath);
  t.after(() => proxy.close());
  const url = `postgres://posthorn@127.0.0.1:${proxy.port}/postgres`;
  const stores = await openPostgresStore({ url, clock: systemClock, random: systemRandom, holder: "tests" });
  t.after(() => stores.close());
  const tenant = await createTenant(stores, `acme-${proxy.port}`);
  const lease = await stores.takeLease(0);
  /** What is asked meanwhile reaches the database; an answer that has a word in it does not come back. */
  async function cutting(word: string, run: () => Promise<unknown>): Promise<void> {
    proxy.turn({ kind: "losing", isLost: (answer) => answer.includes(word) });
    await assert.rejects(run(), StoreUnavailable);
    proxy.turn({ kind: "open" });
  }
  return { stores, tenant, lease, cutting };
}

describe("an answer that is lost", { skip: cluster === undefined && NO_POSTGRES }, () => {
  test("append() again under the same key gives what was stored, once", async (t) => {
    const { stores, tenant, cutting } = await setup(t);
    const keyed = submission(tenant.number, [submitted({}, keyOf("a"))], { keysExpireAt: Date.now() + 1e9 });
    // What is known of tenants, and the statement, are there already.
    await stores.append(0, [submission(tenant.number, [submitted()])]);
    const before = await stores.readHead(0);

    await cutting("SELECT", () => stores.append(0, [keyed]));
    const again = await stores.append(0, [keyed]);

    assert.equal(storedIn(again).length, 0, "it had been committed");
    assert.notEqual(again.head, before.head);
    assert.deepEqual(offsetsIn(again), [[again.head]]);
    assert.equal((await stores.readEvents(0, [again.head])).length, 1);
  });

  test("flush() again is the same as once", async (t) => {
    const { stores, lease, cutting } = await setup(t);
    const facts = factsOf({
      checkpoint: 5,
      attempts: [sampleAttempt()],
      retries: [sampleRetry({ offset: 7 })],
    });

    await cutting("COMMIT", () => stores.flush(lease, facts));

    assert.equal(await stores.flush(lease, facts), "flushed");
    assert.deepEqual(await stores.readAttempts(0, sampleAttempt()), [sampleAttempt()]);
    assert.deepEqual(await stores.readRetries(0, undefined, 10), [sampleRetry({ offset: 7 })]);
  });
});
