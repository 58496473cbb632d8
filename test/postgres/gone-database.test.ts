/** A database that is gone for good in the midst of a recovery. */
import assert from "node:assert/strict";
import { after, describe, type TestContext, test } from "node:test";
import { configOf } from "../../server/src/cli/config-given.ts";
import { startServer } from "../../server/src/main.ts";
import { SHARD_COUNT } from "../../server/src/model/tenant.ts";
import { startCluster } from "../../server/src/stores/postgres/cluster-fixture.ts";
import { NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { until } from "../e2e/installation.ts";
import { startDatabaseProxy } from "./database-proxy.ts";

const cluster = await startCluster();
after(() => cluster?.close());

const KEYS = {
  POSTHORN_ADMIN_KEY: "the-admin-key-of-the-gone-database-01",
  POSTHORN_MASTER_KEY: Buffer.alloc(32, "gone").toString("base64"),
};

/** Starts a node on a line of its own. */
async function startNode(t: TestContext) {
  assert.ok(cluster);
  const line = await startDatabaseProxy(cluster.socketPath);
  t.after(() => line.close());
  const POSTHORN_DATABASE_URL = `postgres://posthorn@127.0.0.1:${line.port}/postgres`;
  const env = { ...KEYS, POSTHORN_DATABASE_URL, POSTHORN_SHARDS: "2", POSTHORN_LOG_LEVEL: "silent" };
  let onRecovering = (): void => undefined;
  const server = await startServer({
    config: { ...configOf(env), port: 0 },
    isDevelopment: true,
    leaseMs: 3000,
    wrapStore: (store) => ({
      ...store,
      async readLanes(lease) {
        onRecovering();
        return await store.readLanes(lease);
      },
    }),
  });
  return {
    server,
    share: () => Array.from({ length: SHARD_COUNT }, (_, shard) => server.engine.owns(shard)),
    /** From its next recovery on it reaches no database. Resolves when that has begun. */
    losesDatabaseAtRecovery() {
      const begun = Promise.withResolvers<void>();
      onRecovering = () => {
        line.lead("/nowhere");
        line.cut();
        begun.resolve();
      };
      return begun.promise;
    },
  };
}

describe("a database that is gone", { timeout: 120_000, skip: cluster === undefined && NO_POSTGRES }, () => {
  test("while a node recovers keeps that node from nothing: it ends when it is asked to", async (t) => {
    const [one, other] = [await startNode(t), await startNode(t)];
    await until("each has its share", () => other.share().some(Boolean) && one.share().some(Boolean));

    const lost = other.losesDatabaseAtRecovery();
    await one.server.stop();
    await lost;

    await other.server.stop();
  });
});
