/** Several nodes over one log: each takes every request, each lease has one owner, and they share them. */
import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { SHARD_COUNT } from "../../server/src/model/tenant.ts";
import { NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { type DeliveryShape, type EndpointShape, type PageShape, until } from "../e2e/installation.ts";
import { startReceiver } from "../e2e/receiver.ts";
import { findPostgres } from "./find-postgres.ts";
import { makeNodes, type Node } from "./nodes-in-process.ts";

const url = await findPostgres();

const SHARDS = 4;

/** An event of every contract here. */
const TYPE = "Points Updated";
const DATA = { customer: { id: "c" } };

async function setup(t: TestContext, count: number) {
  const receiver = await startReceiver();
  t.after(() => receiver.close());
  const nodes = await makeNodes(url ?? "", SHARDS, t);
  const all: Node[] = [];
  while (all.length < count) {
    all.push(await nodes.add());
  }
  const isShared = () => all.every((node) => node.share() === SHARD_COUNT / count);
  await until("every node has its share", isShared);
  return { receiver, add: nodes.add, all };
}

/** A tenant with an endpoint, a node that owns its shard, and one that does not. */
async function setupTenant(t: TestContext, endpoint: object = {}) {
  const { receiver, all } = await setup(t, 2);
  const tenant = "acme";
  const owner = all.find((node) => node.owns(tenant));
  const other = all.find((node) => !node.owns(tenant));
  assert.ok(owner && other);
  const path = `/v1/tenants/${tenant}`;
  await other.call("POST", "/v1/tenants", { id: tenant, name: "Acme" });
  const made = await other.call<EndpointShape>("POST", `${path}/endpoints`, {
    url: `${receiver.url}/:name`,
    ...endpoint,
  });
  assert.equal(made.status, 201);
  const at = `${path}/endpoints/${made.json.id}`;
  const submit = async (node: Node) =>
    (await node.call<{ id: string }>("POST", `${path}/events`, { type: TYPE, data: DATA })).json.id;
  const deliveries = async (node: Node) =>
    (await node.call<PageShape<DeliveryShape>>("GET", `${path}/deliveries`)).json.data;
  const lane = async (node: Node) => (await node.call<EndpointShape>("GET", at)).json.lane;
  return { receiver, owner, other, path, at, submit, deliveries, lane };
}

describe("nodes that share a log", {
  timeout: 300_000,
  skip: url === undefined && NO_POSTGRES,
}, () => {
  test("have equal shares, whoever comes, and everything when the others have gone", async (t) => {
    const { all, add } = await setup(t, 2);
    const [first, second] = all;
    assert.ok(first && second);
    for (let shard = 0; shard < SHARD_COUNT; shard += 1) {
      assert.notEqual(first.engine.owns(shard), second.engine.owns(shard));
    }
    await Promise.all([add(), add()]);
    await until("four nodes have a shard each", () => first.share() === SHARD_COUNT / SHARDS);

    await first.stop();
    await until("three nodes have four shards", () => second.share() >= SHARD_COUNT / SHARDS);
  });

  test("deliver what any of them accepts, to endpoints that any of them made", async (t) => {
    const { receiver, owner, other, submit } = await setupTenant(t);
    const ids = new Set<string>();
    for (let times = 0; times < 20; times += 1) {
      ids.add(await submit(times % 2 === 0 ? owner : other));
    }

    await until("all have arrived", () => receiver.arrivals.length === ids.size);
    assert.deepEqual(new Set(receiver.arrivals.map(({ headers }) => headers["webhook-id"])), ids);
  });

  test("do what is asked of a delivery on a node that does not send it", async (t) => {
    // Nothing goes by itself meanwhile, however long the asking takes.
    const retry = { delays_ms: [3_600_000], jitter: 0 };
    const { receiver, other, path, submit, deliveries } = await setupTenant(t, { retry });
    receiver.answer(() => ({ status: 500 }));
    await submit(other);
    await submit(other);
    await until("both have failed", async () =>
      (await deliveries(other)).every(({ attempts }) => attempts > 0),
    );
    const [second, first] = await deliveries(other);
    assert.ok(first && second);
    receiver.answer(() => ({ status: 200 }));
    const ask = (delivery: DeliveryShape, what: string) =>
      other.call<DeliveryShape>("POST", `${path}/deliveries/${delivery.id}/${what}`);

    const cancelled = await ask(first, "cancel");
    assert.deepEqual([cancelled.status, cancelled.json.state], [202, "cancelled"]);
    assert.equal((await ask(first, "cancel")).status, 409);
    const arrived = receiver.arrivals.length;
    assert.equal((await ask(second, "retry")).status, 202);
    await until("it is delivered", async () => (await deliveries(other))[0]?.state === "delivered");
    assert.equal((await ask(second, "replay")).status, 202);
    await until("it is delivered again", () => receiver.arrivals.length === arrived + 2);
  });

  test("skip, erase and show a lane that another node has in memory", async (t) => {
    const { receiver, owner, other, path, at, submit, lane } = await setupTenant(t, {
      contract: "bubblehouse",
      settings: { handshake: false },
    });
    receiver.answer(() => ({ status: 500 }));
    const first = await submit(owner);
    await submit(other);
    await submit(other);
    await until("it is held", async () => (await lane(other)).held_since !== null);
    const shown = async (node: Node) => ({ ...(await lane(node)), as_stored: undefined });
    // A probe may come between two looks.
    await until("both show the same", async () => isDeepStrictEqual(await shown(other), await shown(owner)));
    assert.equal((await lane(other)).waiting, 3);

    const skip = async () => await other.call<{ skipped: number }>("POST", `${at}/skip`);
    let skipped = await skip();
    // It may be on its way just now.
    await until("it is skipped", async () => {
      skipped = skipped.status === 409 ? await skip() : skipped;
      return skipped.status !== 409;
    });
    assert.deepEqual([skipped.status, skipped.json.skipped], [200, 1]);
    assert.equal((await other.call("DELETE", `${path}/events/${first}`)).status, 204);
    assert.equal((await lane(other)).waiting, 2);
  });

  test("show on every node what waits behind a paused endpoint, or was just accepted", async (t) => {
    const { owner, other, at, submit, lane } = await setupTenant(t);
    assert.equal((await lane(other)).waiting, 0);
    await other.call("POST", `${at}/pause`);
    await submit(other);
    await submit(owner);

    assert.equal((await lane(other)).waiting, 2);
    await until("its owner knows, too", async () => (await lane(owner)).waiting === 2);
  });

  test("tell the operator, whose tenant is in another shard, of what happened, once", async (t) => {
    const { receiver, all } = await setup(t, 2);
    const [node] = all;
    assert.ok(node);
    await node.call("POST", "/v1/tenants/posthorn/endpoints", { url: `${receiver.url}/operator` });
    receiver.answer(({ path }) => ({ status: path === "/operator" ? 200 : 410 }));
    // More than there are shards, and each in its own.
    const tenants = Array.from({ length: 12 }, (_, number) => `t${number}`);
    for (const id of tenants) {
      await node.call("POST", "/v1/tenants", { id, name: id });
      await node.call("POST", `/v1/tenants/${id}/endpoints`, { url: `${receiver.url}/${id}` });
      await node.call("POST", `/v1/tenants/${id}/events`, { type: "a", data: {} });
    }
    const told = () =>
      receiver.arrivals
        .filter(({ path }) => path === "/operator")
        .map(({ body }) => JSON.parse(body) as { type: string; data: { tenant_id: string } })
        .filter(({ type }) => type === "endpoint.disabled")
        .map(({ data }) => data.tenant_id);

    await until("all is told", () => new Set(told()).size === tenants.length);
    assert.deepEqual(told().toSorted(), tenants.toSorted());
  });
});
