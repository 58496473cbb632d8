/** Fault F21: several hosts are named, the primary ends, and its standby is promoted; no address moves. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { describe, type TestContext, test } from "node:test";
import { listeningPort } from "../../server/src/listening-port.ts";
import { StoreUnavailable } from "../../server/src/store-unavailable.ts";
import { type Cluster, startCluster } from "../../server/src/stores/postgres/cluster-fixture.ts";
import { CONNECT_MS_MAX, openDatabase } from "../../server/src/stores/postgres/database.ts";
import { NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { until } from "../e2e/installation.ts";
import { startReceiver } from "../e2e/receiver.ts";
import { startDatabaseProxy } from "./database-proxy.ts";
import { findPostgres } from "./find-postgres.ts";
import { nodesOver } from "./nodes-in-process.ts";

const isThere = (await findPostgres()) !== undefined;

async function setup(t: TestContext) {
  const primary = await startCluster();
  assert.ok(primary);
  t.after(() => primary.close());
  const standby = await primary.follow();
  t.after(() => standby.close());
  const portOf = async (cluster: Cluster) => {
    const line = await startDatabaseProxy(cluster.socketPath);
    t.after(() => line.close());
    return line.port;
  };
  const hosts = [`127.0.0.1:${await portOf(standby)}`, `127.0.0.1:${await portOf(primary)}`];
  const url = `postgres://posthorn@${hosts.join(",")}/postgres?target_session_attrs=read-write`;
  const sql = openDatabase({ url: primary.urlOf("postgres"), name: "tests", connectionsMax: 1 });
  t.after(() => sql.close());
  return {
    url,
    async beSynchronous() {
      await sql.script("ALTER SYSTEM SET synchronous_standby_names = '*'");
      await sql.rows("SELECT pg_reload_conf()");
      await until("the standby is synchronous", async () => {
        const [row = {}] = await sql.rows(
          "SELECT count(*)::integer AS n FROM pg_stat_replication WHERE sync_state = 'sync'",
        );
        return row["n"] === 1;
      });
    },
    async failOver() {
      await primary.kill();
      standby.promote();
    },
  };
}

describe("a URL with several hosts", { skip: !isThere && NO_POSTGRES, timeout: 300_000 }, () => {
  test("leads a server to whichever takes writes, and to the standby once it is promoted", async (t) => {
    const { url, beSynchronous, failOver } = await setup(t);
    const receiver = await startReceiver();
    const nodes = nodesOver({ url, shards: 1 }, t, () => receiver.close());
    const node = await nodes.add();
    const ids = new Set<string>();
    const submit = async () => {
      const event = { type: "order.paid", data: {} };
      const { status, json } = await node.call<{ id: string }>("POST", "/v1/tenants/acme/events", event);
      assert.ok(status === 202 || status === 503, `${status}`);
      return status === 202 && ids.add(json.id) !== undefined;
    };
    const arrived = () => new Set(receiver.arrivals.map(({ headers }) => String(headers["webhook-id"])));
    await node.call("POST", "/v1/tenants", { id: "acme", name: "Acme" });
    await node.call("POST", "/v1/tenants/acme/endpoints", { url: receiver.url });
    await beSynchronous();
    assert.ok(await submit());

    await failOver();
    await until("events are accepted again", submit);

    await until("all that was acknowledged is delivered", () => arrived().size >= ids.size);
    assert.ok(arrived().isSupersetOf(ids), "nothing acknowledged is lost");
  });

  test("is refused as a whole where none of them takes writes", async (t) => {
    const primary = await startCluster();
    assert.ok(primary);
    t.after(() => primary.close());
    const standby = await primary.follow();
    t.after(() => standby.close());
    const line = await startDatabaseProxy(standby.socketPath);
    t.after(() => line.close());
    const url = `postgres://posthorn@127.0.0.1:${line.port},127.0.0.1:${line.port}/postgres`;
    const database = openDatabase({ url, name: "tests", connectionsMax: 1 });
    t.after(() => database.close());

    await assert.rejects(database.rows("SELECT 1 AS one"), /takes no writes/);
  });

  test("is not asked for another host where all connections to the first are in use", async (t) => {
    const cluster = await startCluster();
    assert.ok(cluster);
    t.after(() => cluster.close());
    const line = await startDatabaseProxy(cluster.socketPath);
    t.after(() => line.close());
    let asked = 0;
    const other = createServer((socket) => {
      asked += 1;
      socket.destroy();
    }).listen(0, "127.0.0.1");
    await once(other, "listening");
    t.after(() => other.close());
    const hosts = `127.0.0.1:${line.port},127.0.0.1:${listeningPort(other)}`;
    const url = `postgres://posthorn@${hosts}/postgres`;
    const database = openDatabase({ url, name: "tests", connectionsMax: 1 });
    t.after(() => database.close());
    await database.rows("SELECT 1");

    const busy = database.rows("SELECT pg_sleep($1::double precision / 1000)", 2 * CONNECT_MS_MAX);
    await assert.rejects(database.rows("SELECT 1"), StoreUnavailable);
    await busy;

    // A new one goes where the last one went.
    await assert.rejects(database.rows("SELECT pg_terminate_backend(pg_backend_pid())"), StoreUnavailable);
    await database.rows("SELECT 1");
    assert.equal(asked, 0);
  });
});
