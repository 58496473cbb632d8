/** A live stream tells of what another node delivers, and costs other nodes nothing when it has ended. */
import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { createClient } from "../../client/client.ts";
import type { LiveMessage } from "../../client/operations.ts";
import { NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { until } from "../e2e/installation.ts";
import { startReceiver } from "../e2e/receiver.ts";
import { findPostgres } from "./find-postgres.ts";
import { makeNodes, type Node } from "./nodes-in-process.ts";

const postgres = await findPostgres();

const SHARDS = 4;

async function setup(t: TestContext) {
  const nodes = await makeNodes(postgres ?? "", SHARDS, t);
  const one = await nodes.add();
  const other = await nodes.add();
  await until("both own shards", () => one.share() > 0 && other.share() > 0);
  const receiver = await startReceiver();
  t.after(() => receiver.close());
  const tenantOf = (owner: Node): string => {
    const names = Array.from({ length: 100 }, (_, number) => `tenant-${number}`);
    return names.find((name) => owner.owns(name)) ?? assert.fail("a node owns the shard of some tenant");
  };
  const theirs = tenantOf(other);
  const ours = tenantOf(one);
  for (const id of [theirs, ours]) {
    await one.call("POST", "/v1/tenants", { id, name: id });
    await one.call("POST", `/v1/tenants/${id}/endpoints`, { url: receiver.url });
  }
  const watch = (node: Node, tenant: string | undefined) => {
    const told: LiveMessage[] = [];
    const ending = new AbortController();
    t.after(() => ending.abort());
    const client = createClient({ url: node.url, key: node.adminKey });
    const options = { signal: ending.signal };
    const stream = tenant === undefined ? client.watchAll({}, options) : client.watch(tenant, {}, options);
    const reading = (async () => {
      for await (const message of stream) {
        told.push(message);
      }
    })();
    reading.catch(() => undefined);
    return told;
  };
  let sent = 0;
  /** Sends events until one that was delivered has been told. */
  const sendUntilTold = async (tenant: string, told: readonly LiveMessage[]) => {
    await until("a delivery is told", async () => {
      sent += 1;
      await one.call("POST", `/v1/tenants/${tenant}/events`, { type: `of ${tenant}`, data: sent });
      return told.some((message) => message.kind === "delivery" && message.tenant_id === tenant);
    });
  };
  return { one, other, theirs, ours, watch, sendUntilTold };
}

describe("the live stream of a node", { skip: postgres === undefined && NO_POSTGRES }, () => {
  test("tells of what another node delivers, of its tenant alone, each thing once", async (t) => {
    const { one, theirs, ours, watch, sendUntilTold } = await setup(t);
    const told = watch(one, theirs);
    const all = watch(one, undefined);
    await sendUntilTold(theirs, told);
    await sendUntilTold(ours, all);
    await sendUntilTold(theirs, all);
    assert.equal(JSON.stringify(told).includes(`of ${ours}`), false);
    for (const messages of [told, all]) {
      const attempts = messages.flatMap((message) => (message.kind === "attempt" ? message.attempt.id : []));
      assert.ok(attempts.length > 0);
      assert.equal(new Set(attempts).size, attempts.length);
    }
    const accepted = told.flatMap((message) => (message.kind === "event" ? message.event.id : []));
    assert.ok(accepted.length > 0);
  });
});
