import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { makeEndpoint, type Setup, setUpApp } from "./app-setup.test.ts";
import { endpointTable } from "./endpoint-table.ts";
import { createTenantEndpoints, type EndpointHistory } from "./tenant-endpoints.ts";

async function setup() {
  const app = await setUpApp();
  const tenant = await app.store.findTenant("acme");
  assert.ok(tenant);
  const asked: string[] = [];
  const store: EndpointHistory = {
    leaseOf: app.store.leaseOf,
    readEndpoint: app.store.readEndpoint,
    readHead: app.store.readHead,
    readEndpoints: async (number) => {
      asked.push("all");
      return await app.store.readEndpoints(number);
    },
    readChanged: async (lease, change) => {
      asked.push("changed");
      return await app.store.readChanged(lease, change);
    },
  };
  const endpoints = createTenantEndpoints({ store, clock: app.clock });
  const urls = async () => (await endpoints.read(tenant)).all.map(({ config }) => config.url);
  return { ...app, tenant, asked, endpoints, urls };
}

const make = async (app: Setup, tenant: string, name: string): Promise<string> =>
  (await makeEndpoint(app, tenant, { url: `https://example.com/${name}` })).id;

describe("createTenantEndpoints()", () => {
  test("reads all of a tenant once, and afterwards what was changed", async () => {
    const app = await setup();
    const first = await make(app, "acme", "first");
    assert.deepEqual(await app.urls(), ["https://example.com/first"]);
    await app.urls();
    await make(app, "acme", "second");
    await make(app, "globex", "theirs");
    assert.deepEqual(await app.urls(), ["https://example.com/second", "https://example.com/first"]);
    await app.call("PATCH", `/v1/tenants/acme/endpoints/${first}`, {
      body: { url: "https://example.com/1" },
    });
    assert.deepEqual(await app.urls(), ["https://example.com/second", "https://example.com/1"]);
    await app.call("DELETE", `/v1/tenants/acme/endpoints/${first}`);
    const { all } = await app.endpoints.read(app.tenant);
    assert.deepEqual(
      all.map(({ versions }) => versions.at(-1)?.state),
      ["enabled", "deleted"],
    );
    assert.deepEqual(app.asked, ["all", "changed", "changed", "changed"]);
  });

  test("those who ask at once read it once, and see what was there when they asked", async () => {
    const app = await setup();
    await make(app, "acme", "first");
    const [one, other] = await Promise.all([app.urls(), app.urls()]);
    assert.deepEqual(one, other);
    assert.deepEqual(app.asked, ["all"]);
  });

  test("one is found with its secrets, deleted or not, and none of another tenant", async () => {
    const app = await setup();
    const id = await make(app, "acme", "first");
    const number = app.ports.ids.endpointNumberOf(id) ?? 0;
    const globex = await app.store.findTenant("globex");
    assert.ok(globex);
    await app.call("DELETE", `/v1/tenants/acme/endpoints/${id}`);

    const found = await app.endpoints.find(app.tenant, number);

    assert.deepEqual(found, await app.store.readEndpoint(number));
    assert.equal(found?.secrets.length, 1);
    assert.equal(await app.endpoints.find(globex, number), undefined);
  });

  test("a tenant whose endpoints were put out by others', or kept for long, is read anew", async () => {
    const app = await setup();
    await make(app, "acme", "first");
    await make(app, "globex", "theirs");
    const globex = await app.store.findTenant("globex");
    assert.ok(globex);
    const endpoints = createTenantEndpoints({ store: app.store, clock: app.clock, keptMax: 1 });
    const before = await endpoints.read(app.tenant);
    assert.equal(await endpoints.read(app.tenant), before);
    await endpoints.read(globex);
    const again = await endpoints.read(app.tenant);
    assert.notEqual(again, before);
    app.clock.at += 300_001;
    assert.notEqual(await endpoints.read(app.tenant), again);
  });

  test("a head that counts fewer changes than before is of another past: all is read anew", async () => {
    const app = await setup();
    await make(app, "acme", "first");
    const { changes } = await app.store.readHead(0);
    const asked: number[] = [];
    const endpoints = createTenantEndpoints({
      clock: app.clock,
      store: {
        ...app.store,
        readHead: async () => ({ changes: changes - asked.length }),
        readEndpoints: async (number) => {
          asked.push(number);
          return await app.store.readEndpoints(number);
        },
      },
    });
    await endpoints.read(app.tenant);
    await endpoints.read(app.tenant);
    assert.equal(asked.length, 2);
  });
});

describe("endpointTable()", () => {
  test("finds whoever may be owed an event: by names they ever had, globs, or its `to`", async () => {
    const app = await setup();
    const wanting = async (event_types?: readonly string[]) =>
      app.ports.ids.endpointNumberOf((await makeEndpoint(app, "acme", { event_types })).id) ?? 0;
    const [all, a, glob, b] = [
      await wanting(),
      await wanting(["a"]),
      await wanting(["x", "c*"]),
      await wanting(["b"]),
    ];
    await app.call("PATCH", `/v1/tenants/acme/endpoints/${app.ports.ids.endpoint(b)}`, {
      body: { event_types: ["a"] },
    });
    const { all: stored } = await app.endpoints.read(app.tenant);
    const table = endpointTable(stored);
    const owed = (type: string, to?: number) => table.mayBeOwed({ type, to }).map(({ number }) => number);
    assert.deepEqual(owed("a"), [b, glob, a, all]);
    assert.deepEqual(owed("b"), [b, glob, all]);
    assert.deepEqual(owed("z"), [glob, all]);
    assert.deepEqual(owed("z", a), [a]);
    assert.deepEqual(owed("z", 99), []);
    assert.equal(table.owedMax, 4);
    assert.equal(table.find(a)?.number, a);
  });
});
