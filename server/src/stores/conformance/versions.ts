import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  currentVersion,
  type Endpoint,
  type EndpointState,
  type EndpointWithoutSecrets,
  versionAt,
} from "../../model/endpoint.ts";
import { offsetAt } from "../../model/offset.ts";
import { endpointDraft, factsOf, sampleConfig, storeEvents } from "./samples.ts";
import { createEndpoint, type Open, START, setUp } from "./setup.ts";

/** Changes of endpoints, in the log's order. */
export function describeVersions(open: Open): void {
  describe("versions of endpoints", () => {
    describeOrder(open);
    describeChanges(open);
    describeDisabling(open);
  });
}

function describeOrder(open: Open): void {
  test("createEndpoint() takes an offset between the events before it and after it", async (t) => {
    const { stores, tenant } = await setUp(open, t);

    const [before] = await storeEvents(stores, tenant.number, [{}]);
    const endpoint = await createEndpoint(stores, endpointDraft(tenant.number));
    const [after] = await storeEvents(stores, tenant.number, [{}]);

    const { since } = currentVersion(endpoint);
    assert.ok(before && after);
    assert.deepEqual([since, after.offset], [before.offset + 1, before.offset + 2]);
    assert.equal(versionAt(endpoint, before.offset), undefined);
    assert.equal(versionAt(endpoint, after.offset)?.state, "enabled");
  });

  test("createEndpoint() takes the clock's millisecond where the log is behind it", async (t) => {
    const { stores, tenant, clock } = await setUp(open, t);
    clock.at += 77;

    const endpoint = await createEndpoint(stores, endpointDraft(tenant.number));

    assert.equal(currentVersion(endpoint).since, offsetAt(START + 77));
    assert.deepEqual(await stores.readHead(0), { head: offsetAt(START + 77), changes: 1 });
  });

  test("append() answers with every change counted that is before its head, and no other", async (t) => {
    const { stores, tenant } = await setUp(open, t);

    const [first, endpoint, second] = await Promise.all([
      stores.append(0, []),
      createEndpoint(stores, endpointDraft(tenant.number)),
      stores.append(0, []),
    ]);
    const third = await stores.append(0, []);

    const { since } = currentVersion(endpoint);
    for (const { head, changes } of [first, second, third]) {
      assert.equal(changes, head >= since ? 1 : 0);
    }
    assert.deepEqual([third.head, third.changes], [since, 1]);
  });

  test("readChanged() reads endpoints by their last change, each once", async (t) => {
    const { stores, tenant, other } = await setUp(open, t);
    const first = await createEndpoint(stores, endpointDraft(tenant.number));
    const second = await createEndpoint(stores, endpointDraft(other.number));
    const paused = await stores.updateEndpoint({
      tenant: tenant.number,
      endpoint: first.number,
      state: "paused",
      now: START,
    });

    assert.deepEqual(await stores.readChanged(0, 0), [second, paused]);
    assert.deepEqual(await stores.readChanged(0, 1), [second, paused]);
    assert.deepEqual(await stores.readChanged(0, 2), [paused]);
    assert.deepEqual(await stores.readChanged(0, 3), []);
  });
}

function describeChanges(open: Open): void {
  test("updateEndpoint() adds a version that keeps what is absent", async (t) => {
    const { stores, tenant } = await setUp(open, t);
    const draft = endpointDraft(tenant.number, { eventTypes: ["client.*"] });
    const created = await createEndpoint(stores, draft);
    const of = { tenant: tenant.number, endpoint: created.number, now: START + 5 };

    await stores.updateEndpoint({ ...of, state: "disabled", reason: "status_410" });
    await stores.updateEndpoint({ ...of, config: sampleConfig({ url: "https://example.com/2" }) });
    await stores.updateEndpoint({ ...of, state: "enabled", reason: undefined, eventTypes: "all" });
    const changed = await stores.updateEndpoint({ ...of, eventTypes: [] });

    const { since } = currentVersion(created);
    assert.deepEqual(changed?.versions, [
      { since, change: 1, state: "enabled", reason: undefined, eventTypes: ["client.*"] },
      { since: since + 1, change: 2, state: "disabled", reason: "status_410", eventTypes: ["client.*"] },
      { since: since + 2, change: 3, state: "disabled", reason: "status_410", eventTypes: ["client.*"] },
      { since: since + 3, change: 4, state: "enabled", reason: undefined, eventTypes: undefined },
      { since: since + 4, change: 5, state: "enabled", reason: undefined, eventTypes: [] },
    ]);
    assert.equal(changed.config.url, "https://example.com/2");
    assert.deepEqual([changed.createdAt, changed.updatedAt], [START, START + 5]);
    assert.deepEqual(await stores.findEndpoint(tenant.number, created.number), changed);
    assert.deepEqual(await stores.readEndpoint(created.number), changed);
  });

  test("readRoutes() and readEndpoints() have deleted endpoints, and a deleted tenant's", async (t) => {
    const { stores, tenant, other } = await setUp(open, t);
    const secret = { seal: () => new Uint8Array([1, 2]), publicKey: undefined };
    const kept = await createEndpoint(stores, endpointDraft(tenant.number, { secret }));
    const deleted = await createEndpoint(stores, endpointDraft(tenant.number, { secret }));
    await createEndpoint(stores, endpointDraft(other.number));
    const of = { tenant: tenant.number, endpoint: deleted.number, now: START };
    const after = await stores.updateEndpoint({ ...of, state: "deleted" });

    assert.deepEqual(await stores.readRoutes(tenant.number), { tenant, endpoints: [kept, after] });
    assert.deepEqual(await stores.readEndpoint(deleted.number), after);
    assert.deepEqual(await stores.readEndpoints(tenant.number), [kept, after].map(withoutSecrets));
    assert.equal(await stores.readRoutes(99), undefined);
    assert.equal(await stores.readEndpoint(99), undefined);
    assert.deepEqual(await stores.readEndpoints(99), []);

    await stores.deleteTenant(tenant.number, START);
    const routes = await stores.readRoutes(tenant.number);
    assert.deepEqual(routes?.tenant, tenant);
    assert.deepEqual(
      routes.endpoints.map((endpoint) => currentVersion(endpoint).state),
      ["deleted", "deleted"],
    );
  });
}

function describeDisabling(open: Open): void {
  test("flush() disables an endpoint from the next offset on, as a change", async (t) => {
    const { stores, lease, tenant, clock } = await setUp(open, t);
    const created = await createEndpoint(stores, endpointDraft(tenant.number, { eventTypes: ["a"] }));
    clock.at += 3;

    await stores.flush(lease, factsOf({ disabled: [{ endpoint: created.number, reason: "status_410" }] }));

    const since = offsetAt(START + 3);
    const endpoint = await stores.findEndpoint(tenant.number, created.number);
    assert.deepEqual(endpoint?.versions.at(-1), {
      since,
      change: 2,
      state: "disabled",
      reason: "status_410",
      eventTypes: ["a"],
    });
    assert.equal(endpoint.updatedAt, START + 3);
    assert.deepEqual(await stores.readHead(0), { head: since, changes: 2 });
  });

  const cases: readonly (readonly [EndpointState, boolean])[] = [
    ["enabled", true],
    ["paused", true],
    ["disabled", false],
    ["deleted", false],
  ];
  for (const [state, isTurnedOff] of cases) {
    test(`flush() ${isTurnedOff ? "disables" : "leaves alone"} an endpoint that is ${state}`, async (t) => {
      const { stores, lease, tenant } = await setUp(open, t);
      const { number } = await createEndpoint(stores, endpointDraft(tenant.number));
      await stores.updateEndpoint({ tenant: tenant.number, endpoint: number, state, now: START });

      await stores.flush(lease, factsOf({ disabled: [{ endpoint: number, reason: "r" }] }));

      const version = (await stores.readEndpoint(number))?.versions.at(-1);
      assert.equal(version?.state, isTurnedOff ? "disabled" : state);
      assert.equal(version.change, isTurnedOff ? 3 : 2);
    });
  }

  test("flush() disables no endpoint that there is not", async (t) => {
    const { stores, lease } = await setUp(open, t);

    assert.equal(await stores.flush(lease, factsOf({ disabled: [{ endpoint: 9, reason: "r" }] })), "flushed");
    assert.deepEqual(await stores.readHead(0), { head: 0, changes: 0 });
  });
}

function withoutSecrets(endpoint: Endpoint | undefined): EndpointWithoutSecrets {
  assert.ok(endpoint && endpoint.secrets.length > 0);
  const { secrets: _, ...rest } = endpoint;
  return rest;
}
