/** The log of all shards is forgotten by one node at a time, whichever that is. */
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

// Every 200 ms a node looks for what is too old.
const KEPT_DAYS = (24 * 200) / (24 * 3_600_000);

/** It is looked so often before it is said who forgets. */
const LOOKS = 10;

type TestNode = Awaited<ReturnType<typeof startNode>>;

/** Starts a node on a line of its own, and counts how often it lets expire, and forgets. */
async function startNode(t: TestContext) {
  assert.ok(cluster);
  const line = await startDatabaseProxy(cluster.socketPath);
  const config = configOf({
    POSTHORN_ADMIN_KEY: "the-admin-key-of-the-retention-tests-1",
    POSTHORN_MASTER_KEY: Buffer.alloc(32, "retention").toString("base64"),
    POSTHORN_DATABASE_URL: `postgres://posthorn@127.0.0.1:${line.port}/postgres`,
    POSTHORN_SHARDS: "2",
    POSTHORN_LOG_LEVEL: "silent",
  });
  const counts = { expired: 0, forgot: 0 };
  const server = await startServer({
    config: { ...config, port: 0, retentionDays: KEPT_DAYS },
    isDevelopment: true,
    leaseMs: 3000,
    wrapStore: (store) => ({
      ...store,
      async readNeeding(lease, to) {
        counts.expired += 1;
        return await store.readNeeding(lease, to);
      },
      async forgetLog(to, limit) {
        const forgotten = await store.forgetLog(to, limit);
        counts.forgot += 1;
        return forgotten;
      },
    }),
  });
  t.after(async () => {
    line.turn({ kind: "open" });
    await server.stop();
    line.close();
  });
  const share = () =>
    Array.from({ length: SHARD_COUNT }, (_, shard) => server.engine.owns(shard)).filter(Boolean).length;
  return { line, counts, share };
}

describe("retention of a shared log", {
  timeout: 300_000,
  skip: cluster === undefined && NO_POSTGRES,
}, () => {
  test("is one node's duty, and another's as soon as that one is gone", async (t) => {
    const nodes = [await startNode(t), await startNode(t)];
    await until("each has a shard", () => nodes.every(({ share }) => share() === SHARD_COUNT / 2));
    let holders: readonly TestNode[] = [];
    // Leases may move while a busy machine lets a node starve, and what is under way then counts for both.
    await until("one of them forgets while both let expire", async () => {
      const before = nodes.map(({ counts }) => ({ ...counts }));
      const since = (what: "expired" | "forgot", times: number) =>
        nodes.filter(({ counts }, index) => counts[what] >= (before[index]?.[what] ?? 0) + times);
      await until("both let expire", () => since("expired", LOOKS).length === nodes.length);
      holders = since("forgot", 1);
      return holders.length === 1;
    });
    const [holder] = holders;
    const other = nodes.find((node) => node !== holder);
    assert.ok(holder && other);

    holder.line.turn({ kind: "silent" });
    const { forgot } = other.counts;
    await until("the other has taken it over", () => other.counts.forgot > forgot);
  });
});
