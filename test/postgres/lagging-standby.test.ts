/** Fault F21: a standby that lags has lost events when it is promoted, and gives none of their ids again. */
import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { systemClock } from "../../server/src/clock.ts";
import { systemRandom } from "../../server/src/random.ts";
import { offsetsIn, submission, submitted } from "../../server/src/stores/conformance/samples.ts";
import { createTenant } from "../../server/src/stores/conformance/setup.ts";
import { type Cluster, startCluster } from "../../server/src/stores/postgres/cluster-fixture.ts";
import { NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { openPostgresStore } from "../../server/src/stores/postgres/open.ts";
import { findPostgres } from "./find-postgres.ts";

const isThere = (await findPostgres()) !== undefined;

// More than fit into the milliseconds of any offset that they take: the head runs ahead of the clock.
const EVENTS = 20_000;
const EVENTS_AT_ONCE = 1000;

async function openOn(cluster: Cluster, t: TestContext) {
  const ports = { clock: systemClock, random: systemRandom, holder: "tests" };
  const stores = await openPostgresStore({ ...ports, url: cluster.urlOf("postgres") });
  t.after(() => stores.close());
  return stores;
}

describe("a standby that lags", { skip: !isThere && NO_POSTGRES }, () => {
  test("gives no id again that was given by the primary that is gone", async (t) => {
    const primary = await startCluster();
    assert.ok(primary);
    t.after(() => primary.close());
    const stores = await openOn(primary, t);
    const { number } = await createTenant(stores, "acme");
    const standby = await primary.follow();
    t.after(() => standby.close());
    await standby.kill();
    const events = Array.from({ length: EVENTS_AT_ONCE }, () => submitted());
    let lost = 0;
    for (let count = 0; count < EVENTS; count += EVENTS_AT_ONCE) {
      lost = (await stores.append(0, [submission(number, events)])).head;
    }

    await primary.kill();
    await standby.start();
    standby.promote();
    const next = await openOn(standby, t);

    assert.ok((await next.readHead(0)).head < lost, "it had not seen them");
    const appended = await next.append(0, [submission(number, [submitted()])]);
    assert.deepEqual(offsetsIn(appended), [[appended.head]]);
    assert.ok(appended.head > lost, `${appended.head} comes after ${lost}`);
  });
});
