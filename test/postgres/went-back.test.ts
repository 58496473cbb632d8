/**
 * Faults F16 and F21: a database that was restored, or a standby that lagged and was promoted, lacks what was
 * written last. It gives none of the ids again, and nobody goes on by what it no longer knows.
 */
import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import pg from "pg";
import { systemClock } from "../../server/src/clock.ts";
import { emptyFacts } from "../../server/src/facts.ts";
import { offsetAt } from "../../server/src/model/offset.ts";
import { systemRandom } from "../../server/src/random.ts";
import { AHEAD_MS } from "../../server/src/restoration.ts";
import {
  endpointDraft,
  offsetsIn,
  submission,
  submitted,
} from "../../server/src/stores/conformance/samples.ts";
import { createTenant } from "../../server/src/stores/conformance/setup.ts";
import { type Cluster, startCluster } from "../../server/src/stores/postgres/cluster-fixture.ts";
import { makeDatabases, NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { openPostgresStore } from "../../server/src/stores/postgres/open.ts";
import { until } from "../e2e/installation.ts";
import { startReceiver } from "../e2e/receiver.ts";
import { startDatabaseProxy } from "./database-proxy.ts";
import { findPostgres } from "./find-postgres.ts";
import { type Node, nodesOver } from "./nodes-in-process.ts";

const url = await findPostgres();

// A clock that differs by as much as is provided for, but for what a test takes.
const CLOCK_AHEAD_MS = AHEAD_MS / 2;

// More than the server itself goes on by when a sequence may have lost its latest values.
const NUMBERS = 40;

interface Sending {
  readonly state: string;
  readonly backed_up_at: string | null;
  readonly deliveries_waiting_at_least: number;
}

async function openOn(database: string, t: TestContext) {
  const wentBack: { readonly how: string[] } = { how: [] };
  const stores = await openPostgresStore({
    clock: systemClock,
    random: systemRandom,
    holder: "tests",
    url: database,
    onWentBack: (how) => wentBack.how.push(how),
  });
  t.after(() => stores.close());
  return { stores, wentBack };
}

/** From here on ids are those of a server whose clock is ahead. */
async function runAhead(database: string): Promise<void> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  await client.query("UPDATE shard SET head = $1", [offsetAt(Date.now() + CLOCK_AHEAD_MS)]);
  await client.end();
}

/** A primary behind a line, and a standby that has stopped to follow it. */
async function setup(t: TestContext) {
  const primary = await startCluster();
  assert.ok(primary);
  t.after(() => primary.close());
  const line = await startDatabaseProxy(primary.socketPath);
  t.after(() => line.close());
  let standby: Cluster | undefined;
  return {
    database: `postgres://posthorn@127.0.0.1:${line.port}/postgres`,
    async lag() {
      const follower = await primary.follow();
      t.after(() => follower.close());
      await follower.kill();
      standby = follower;
      await runAhead(primary.urlOf("postgres"));
    },
    async failOver() {
      assert.ok(standby);
      await primary.kill();
      await standby.start();
      standby.promote();
      line.lead(standby.socketPath);
    },
  };
}

describe("a standby that lags", { skip: url === undefined && NO_POSTGRES, timeout: 300_000 }, () => {
  test("gives no id again that was given by the primary that is gone", async (t) => {
    const { database, lag, failOver } = await setup(t);
    const { stores } = await openOn(database, t);
    const tenant = await createTenant(stores, "acme");
    await lag();
    const lost = await stores.append(0, [submission(tenant.number, [submitted()])]);
    const lostTenant = await createTenant(stores, "globex");
    let lostEndpoint = 0;
    for (let count = 0; count < NUMBERS; count += 1) {
      lostEndpoint = (await stores.createEndpoint(endpointDraft(tenant.number)))?.number ?? 0;
    }

    await failOver();
    const { stores: next, wentBack } = await openOn(database, t);

    assert.equal(await next.findTenant("globex"), undefined, "it had not seen it");
    const appended = await next.append(0, [submission(tenant.number, [submitted()])]);
    assert.deepEqual(offsetsIn(appended), [[appended.head]]);
    assert.ok(appended.head > lost.head, `${appended.head} comes after ${lost.head}`);
    const endpoint = await next.createEndpoint(endpointDraft(tenant.number));
    assert.ok(endpoint && endpoint.number > lostEndpoint);
    assert.ok((await createTenant(next, "initech")).number > lostTenant.number);
    assert.deepEqual(wentBack.how, ["failover"]);
    assert.equal(next.restoration.backedUpAt, undefined, "nobody waits for a person at night");
  });

  test("takes nothing under a lease of before, and counts changes on", async (t) => {
    const { database, lag, failOver } = await setup(t);
    const { stores } = await openOn(database, t);
    const tenant = await createTenant(stores, "acme");
    await lag();
    const lease = await stores.takeLease(0);
    await stores.createEndpoint(endpointDraft(tenant.number));
    const { changes } = await stores.readHead(0);

    await failOver();
    const writes = async () => await stores.flush(lease, emptyFacts(1, 0)).catch(() => "unavailable");
    let written = await writes();
    await until("the database answers", async () => {
      written = written === "unavailable" ? await writes() : written;
      return written !== "unavailable";
    });

    assert.equal(written, "fenced");
    assert.equal(await stores.renewLease(lease), "fenced");
    assert.ok((await stores.takeLease(0)).epoch > lease.epoch);
    assert.ok((await stores.readHead(0)).changes > changes);
  });

  test("is served on by a node that knew more: it delivers what is accepted from then on", async (t) => {
    const { database, lag, failOver } = await setup(t);
    const receiver = await startReceiver();
    const nodes = nodesOver({ url: database, shards: 1 }, t, () => receiver.close());
    const node = await nodes.add();
    const ids: unknown[] = [];
    const submit = async () => {
      const event = { type: "order.paid", data: {} };
      const { status, json } = await node.call<{ id: string }>("POST", "/v1/tenants/acme/events", event);
      return status === 202 ? ids.push(json.id) : 0;
    };
    const arrived = () => new Set(receiver.arrivals.map(({ headers }) => headers["webhook-id"])).size;
    await node.call("POST", "/v1/tenants", { id: "acme", name: "Acme" });
    await node.call("POST", "/v1/tenants/acme/endpoints", { url: receiver.url });
    await submit();
    await until("what both have is delivered", () => arrived() === 1);
    await lag();
    await submit();
    await submit();
    await until("what is lost is delivered", () => arrived() === 3);

    await failOver();
    await until("events are accepted", async () => (await submit()) > 0);

    await until("what came then is delivered", () => arrived() === 4);
    assert.equal(new Set(ids).size, 4, "all ids differ");
  });
});

describe("a database that was restored", { skip: url === undefined && NO_POSTGRES }, () => {
  async function setupBackup() {
    assert.ok(url);
    const databases = await makeDatabases(url, Date.now());
    const made = [await databases.create()];
    const drop = async () => {
      await Promise.all(made.map((each) => each.drop()));
      await databases.close();
    };
    const [database] = made;
    assert.ok(database);
    const restored = async () => {
      const copy = await databases.copy(database);
      made.push(copy);
      return copy.url;
    };
    return { database: database.url, restored, drop };
  }

  test("gives no id again that was given after it was backed up", async (t) => {
    const { database, restored, drop } = await setupBackup();
    t.after(drop);
    const { stores } = await openOn(database, t);
    const tenant = await createTenant(stores, "acme");
    await stores.close();
    const backup = await restored();
    await runAhead(database);
    const { stores: before } = await openOn(database, t);
    const lost = await before.append(0, [submission(tenant.number, [submitted()])]);

    const { stores: after, wentBack } = await openOn(backup, t);

    const appended = await after.append(0, [submission(tenant.number, [submitted()])]);
    assert.ok(appended.head > lost.head, `${appended.head} comes after ${lost.head}`);
    assert.deepEqual(wentBack.how, ["restored"]);
  });

  test("sends nothing, from any node, until a person lets it", async (t) => {
    const { database, restored, drop } = await setupBackup();
    const receiver = await startReceiver();
    const original = nodesOver({ url: database, shards: 4 }, t, async () => {});
    const first = await original.add();
    await first.call("POST", "/v1/tenants", { id: "acme", name: "Acme" });
    await first.call("POST", "/v1/tenants/acme/endpoints", { url: receiver.url });
    const submit = (node: Node) =>
      node.call<{ accepted_at: string }>("POST", "/v1/tenants/acme/events", { type: "order.paid", data: {} });
    const { json } = await submit(first);
    await until("it is delivered", () => receiver.arrivals.length === 1);
    await first.stop();

    const nodes = nodesOver({ url: await restored(), shards: 4 }, t, async () => {
      await receiver.close();
      await drop();
    });
    const [one, other] = [await nodes.add(), await nodes.add()];
    const states = () =>
      Promise.all(
        [one, other].map(async (node) => (await node.call<Sending>("GET", "/v1/sending")).json.state),
      );
    assert.equal((await submit(other)).status, 202);
    await until("it waits", async () => {
      const seen = await Promise.all([one, other].map((node) => node.call<Sending>("GET", "/v1/sending")));
      return seen.some(({ json: sending }) => sending.deliveries_waiting_at_least > 0);
    });
    const before = [await states(), receiver.arrivals.length];
    const { json: paused } = await one.call<Sending>("GET", "/v1/sending");
    await one.call("POST", "/v1/sending/resume");
    await until("it is delivered from whichever node", () => receiver.arrivals.length === 2);
    await until("every node sends", async () => (await states()).every((state) => state === "running"));

    assert.deepEqual(before, [["paused", "paused"], 1]);
    assert.ok(
      paused.backed_up_at !== null && paused.backed_up_at >= json.accepted_at,
      paused.backed_up_at ?? "",
    );
  });

  test("is one that was opened again only where it is another", async (t) => {
    const { database, drop } = await setupBackup();
    t.after(drop);
    const { stores } = await openOn(database, t);
    const { head } = await stores.readHead(0);
    await stores.close();

    const { stores: again, wentBack } = await openOn(database, t);

    assert.equal((await again.readHead(0)).head, head);
    assert.deepEqual([wentBack.how, again.restoration.backedUpAt], [[], undefined]);
  });
});
