/** Fault F16 with PostgreSQL's own tools: what `pg_dump` wrote and `pg_restore` brought back. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, describe, type TestContext, test } from "node:test";
import pg from "pg";
import { findBinaries } from "../../server/src/stores/postgres/binaries-fixture.ts";
import { startCluster } from "../../server/src/stores/postgres/cluster-fixture.ts";
import { makeDatabases, NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { temporaryFolder } from "../crash/temporary-folder.ts";
import { until } from "../e2e/installation.ts";
import { startReceiver } from "../e2e/receiver.ts";
import { type Node, nodesOver } from "./nodes-in-process.ts";

// Its databases go with it.
const cluster = await startCluster();
const databases = cluster && (await makeDatabases(cluster.urlOf("postgres"), Date.now()));
after(async () => {
  await databases?.close();
  await cluster?.close();
});

interface Sending {
  readonly state: string;
  readonly deliveries_waiting_at_least: number;
}

/** What was accepted and delivered is in a dump, and no node is left. */
async function setup(t: TestContext) {
  const binaries = findBinaries();
  assert.ok(databases && binaries);
  const run = (program: string, ...words: readonly string[]) =>
    execFileSync(join(binaries, program), words, { stdio: ["ignore", "ignore", "pipe"] });
  const receiver = await startReceiver();
  t.after(() => receiver.close());
  const folder = temporaryFolder("dump");
  t.after(() => folder[Symbol.dispose]());
  const database = await databases.create();
  const start = (url: string) => nodesOver({ url, shards: 2 }, t, async () => {}).add();
  const submit = (node: Node) =>
    node.call("POST", "/v1/tenants/acme/events", { type: "order.paid", data: {} });

  const first = await start(database.url);
  await first.call("POST", "/v1/tenants", { id: "acme", name: "Acme" });
  await first.call("POST", "/v1/tenants/acme/endpoints", { url: receiver.url });
  await submit(first);
  await until("it is delivered", () => receiver.arrivals.length === 1);
  await first.stop();
  const dump = join(folder.path, "posthorn.dump");
  run("pg_dump", "--format=custom", `--file=${dump}`, `--dbname=${database.url}`);

  return {
    receiver,
    start,
    submit,
    /** In the place of what is there: cluster and database stay the same. */
    async restore() {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      await client.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
      await client.end();
      run("pg_restore", "--exit-on-error", `--dbname=${database.url}`, dump);
      return database.url;
    },
    async restoreBeside() {
      const beside = await databases.createEmpty();
      run("pg_restore", "--exit-on-error", `--dbname=${beside.url}`, dump);
      return beside.url;
    },
  };
}

const sending = async (node: Node) => (await node.call<Sending>("GET", "/v1/sending")).json;

describe("a database that pg_restore brought back", {
  timeout: 180_000,
  skip: cluster === undefined && NO_POSTGRES,
}, () => {
  for (const [where, how] of [
    ["in the place of what was there", "restore"],
    ["into another database", "restoreBeside"],
  ] as const) {
    test(`${where} sends nothing until a person lets it, and then only what is new`, async (t) => {
      const restoring = await setup(t);
      const { receiver, submit, start } = restoring;
      const node = await start(await restoring[how]());

      await submit(node);
      await until("it waits", async () => (await sending(node)).deliveries_waiting_at_least > 0);
      assert.equal((await sending(node)).state, "paused");
      assert.equal(receiver.arrivals.length, 1);

      await node.call("POST", "/v1/sending/resume");
      await until("it is delivered", () => receiver.arrivals.length > 1);
      assert.equal(new Set(receiver.arrivals.map(({ headers }) => headers["webhook-id"])).size, 2);
      assert.equal(receiver.arrivals.length, 2);
    });
  }
});
