import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { endpointDraft, sampleConfig } from "./samples.ts";
import { createEndpoint, type Open, START, setUp } from "./setup.ts";

/** Configuration of endpoints. Their versions have tests of their own. */
export function describeEndpoints(open: Open): void {
  describe("createEndpoint()", () => describeCreation(open));
  describe("endpoints", () => describeFinding(open));
}

function describeCreation(open: Open): void {
  test("createEndpoint() creates no more than a tenant may have, however many ask at once", async (t) => {
    const { stores, tenant } = await setUp(open, t);
    const draft = endpointDraft(tenant.number, { endpointsMax: 3 });
    const { number } = await createEndpoint(stores, draft);
    const ask = async () => await Promise.all(Array.from({ length: 8 }, () => stores.createEndpoint(draft)));
    const count = async () =>
      (await stores.listEndpoints({ tenant: tenant.number, before: undefined, limit: 99 })).length;

    assert.equal((await ask()).filter((created) => created !== undefined).length, 2);
    assert.equal(await count(), 3);
    await stores.updateEndpoint({ tenant: tenant.number, endpoint: number, state: "deleted", now: START });
    assert.equal((await ask()).filter((created) => created !== undefined).length, 1);
    assert.equal(await count(), 3);
  });

  test("createEndpoint() keeps every member of the configuration", async (t) => {
    const { stores, tenant } = await setUp(open, t);
    const config = sampleConfig({
      description: "a\0b 'quoted' \ud800",
      headers: { "x-a": "1", ["__proto__"]: "2" },
      maxInFlight: 3,
      ratePerSecond: 0.5,
      latestOnlyBy: "type_and_subject",
      timeoutMs: 1500,
      retry: { delaysMs: [5000, 300_000], jitter: 0.2 },
      metadata: { team: "\u{1f4ef}" },
      settings: { nested: { list: [1, "two", null, true] } },
    });
    const draft = endpointDraft(tenant.number, {
      contract: "bspk",
      config,
      state: "disabled",
      eventTypes: ["client.*", "a\ud800"],
    });

    const created = await createEndpoint(stores, draft);

    assert.deepEqual(created.config, config);
    assert.equal(created.contract, "bspk");
    assert.deepEqual(
      created.versions.map(({ state, eventTypes }) => [state, eventTypes]),
      [["disabled", ["client.*", "a\ud800"]]],
    );
    assert.deepEqual(await stores.findEndpoint(tenant.number, created.number), created);
  });
}

function describeFinding(open: Open): void {
  test("another tenant's endpoint is neither found nor changed (invariant 9)", async (t) => {
    const { stores, tenant, other } = await setUp(open, t);
    const endpoint = await createEndpoint(stores, endpointDraft(tenant.number));
    const head = await stores.readHead(0);
    const change = { endpoint: endpoint.number, state: "deleted" as const, now: START };

    assert.equal(await stores.findEndpoint(other.number, endpoint.number), undefined);
    assert.equal(await stores.updateEndpoint({ ...change, tenant: other.number }), undefined);
    assert.deepEqual(await stores.listEndpoints({ tenant: other.number, before: undefined, limit: 9 }), []);
    assert.deepEqual(await stores.readHead(0), head);
    assert.deepEqual(await stores.findEndpoint(tenant.number, endpoint.number), endpoint);
  });

  test("a deleted endpoint is found and changed no more", async (t) => {
    const { stores, tenant } = await setUp(open, t);
    const { number } = await createEndpoint(stores, endpointDraft(tenant.number));
    const change = { tenant: tenant.number, endpoint: number, now: START };

    const deleted = await stores.updateEndpoint({ ...change, state: "deleted" });

    assert.equal(deleted?.versions.at(-1)?.state, "deleted");
    assert.equal(await stores.findEndpoint(tenant.number, number), undefined);
    assert.equal(await stores.updateEndpoint({ ...change, state: "enabled" }), undefined);
    assert.deepEqual(await stores.listEndpoints({ tenant: tenant.number, before: undefined, limit: 9 }), []);
  });

  test("updateEndpoint() changes an endpoint as it was seen, and no other", async (t) => {
    const { stores, tenant } = await setUp(open, t);
    const created = await createEndpoint(stores, endpointDraft(tenant.number));
    const of = { tenant: tenant.number, endpoint: created.number, now: START };
    const seen = created.versions.at(-1)?.change ?? -1;

    const paused = await stores.updateEndpoint({ ...of, seen, state: "paused" });
    const late = await stores.updateEndpoint({ ...of, seen, state: "disabled" });

    assert.equal(paused?.versions.at(-1)?.state, "paused");
    assert.equal(late, undefined);
    assert.deepEqual(await stores.findEndpoint(tenant.number, created.number), paused);
  });

  test("listEndpoints() pages newest first", async (t) => {
    const { stores, tenant, other } = await setUp(open, t);
    const first = await createEndpoint(stores, endpointDraft(tenant.number));
    await createEndpoint(stores, endpointDraft(other.number));
    const third = await createEndpoint(stores, endpointDraft(tenant.number));
    const fourth = await createEndpoint(stores, endpointDraft(tenant.number));
    const page = { tenant: tenant.number, limit: 2 };

    assert.deepEqual(await stores.listEndpoints({ ...page, before: undefined }), [fourth, third]);
    assert.deepEqual(await stores.listEndpoints({ ...page, before: third.number }), [first]);
  });
}
