import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { systemClock } from "../../clock.ts";
import { emptyFacts } from "../../facts.ts";
import { systemRandom } from "../../random.ts";
import { openDatabase } from "./database.ts";
import { findDatabases, NO_POSTGRES } from "./databases-fixture.ts";
import { openPostgresStore, type PostgresStore } from "./open.ts";

const databases = await findDatabases(Date.now());

/** Processes over one database. */
async function setup(t: TestContext) {
  const created = await databases?.create();
  assert.ok(created);
  const opened: PostgresStore[] = [];
  t.after(async () => {
    await Promise.all(opened.map((stores) => stores.close()));
    await created.drop();
  });
  const open = async (leaseMs: number) => {
    const waiting = Promise.withResolvers<void>();
    const ports = { clock: systemClock, random: systemRandom, onWaiting: waiting.resolve };
    const stores = await openPostgresStore({ ...ports, url: created.url, leaseMs });
    opened.push(stores);
    return { stores, waits: waiting.promise };
  };
  return { url: created.url, open };
}

describe("createLeases()", { skip: databases === undefined && NO_POSTGRES }, () => {
  test("a process waits for the lease of another, and has it when that one gives it up", async (t) => {
    const { open } = await setup(t);
    const first = await open(600_000);
    const second = await open(600_000);
    const lease = await first.stores.takeLease(0);

    const taking = second.stores.takeLease(0);
    await second.waits;
    assert.equal(await first.stores.renewLease(lease), "renewed");
    await first.stores.releaseLease(lease);
    const taken = await taking;

    assert.equal(taken.epoch, lease.epoch + 1);
    assert.equal(await first.stores.renewLease(lease), "fenced");
    assert.equal(await first.stores.flush(lease, emptyFacts(1, 0)), "fenced");
    assert.equal(await second.stores.flush(taken, emptyFacts(1, 0)), "flushed");
  });

  test("a process has the lease of one that renews it no more", async (t) => {
    const { open } = await setup(t);
    const first = await open(300);
    const second = await open(300);
    const lease = await first.stores.takeLease(0);

    const taken = await second.stores.takeLease(0);

    assert.equal(taken.epoch, lease.epoch + 1);
    assert.equal(await first.stores.renewLease(lease), "fenced");
  });

  test("of many that wait one has it", async (t) => {
    const { open } = await setup(t);
    const first = await open(600_000);
    const lease = await first.stores.takeLease(0);
    const others = await Promise.all(Array.from({ length: 4 }, () => open(600_000)));
    const taking = others.map(({ stores }) => stores.takeLease(0));
    await Promise.all(others.map(({ waits }) => waits));

    await first.stores.releaseLease(lease);
    const taken = await Promise.race(taking);
    assert.equal(taken.epoch, lease.epoch + 1);

    // Closing ends the others' waiting.
    await Promise.all(others.map(({ stores }) => stores.close()));
    const outcomes = await Promise.allSettled(taking);
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
  });

  test("a process starts while another stands still in the middle of a flush", async (t) => {
    const { url, open } = await setup(t);
    await open(600_000);
    const flushing = openDatabase({ url, name: "tests", connectionsMax: 1 });

    await flushing.transaction(async (session) => {
      await session.run("UPDATE lease SET checkpoint = checkpoint");
      // Longer than `lock_timeout` this cannot wait.
      await open(600_000);
    });

    await flushing.close();
  });
});
