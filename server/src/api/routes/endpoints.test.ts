import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { secretContext } from "../../seal.ts";
import { assertProblem, makeEndpoint, postEvent, type Setup, setUpApp } from "../app-setup.test.ts";

const LIST = "/v1/tenants/acme/endpoints";
const URL_GIVEN = "https://example.com/hooks";

async function numberOf({ ports }: Setup, id: string): Promise<number> {
  const number = ports.ids.endpointNumberOf(id);
  assert.ok(number);
  return number;
}

describe("creating an endpoint", () => {
  test("an endpoint with only a URL gets defaults and a secret, which is shown this once", async () => {
    const setup = await setUpApp();
    const { secret, ...made } = await makeEndpoint(setup, "acme");
    assert.match(secret, /^whsec_/);
    assert.deepEqual(made, {
      id: made.id,
      url: URL_GIVEN,
      contract: "standard",
      event_types: null,
      description: null,
      enabled: true,
      state: "enabled",
      state_reason: null,
      headers: {},
      max_in_flight: null,
      rate_per_second: null,
      latest_only_by: null,
      timeout_ms: null,
      retry: null,
      metadata: {},
      settings: {},
      secrets: [{ created_at: "2026-01-02T03:04:05.006Z", expires_at: null }],
      public_key: null,
      created_at: "2026-01-02T03:04:05.006Z",
      updated_at: "2026-01-02T03:04:05.006Z",
    });
    const one = await setup.call("GET", `${LIST}/${made.id}`);
    const lane = {
      waiting: 0,
      discipline: "each",
      is_skippable: false,
      needs_attention: false,
      held_since: null,
      reason: null,
      next_probe_at: null,
      failing_since: null,
    };
    assert.deepEqual(one.body, { ...made, lane, missed: 0 });
    const list = await setup.call("GET", LIST);
    assert.deepEqual(list.body, { data: [made], next_cursor: null });
    const withLanes = await setup.call("GET", `${LIST}?include=lane`);
    assert.deepEqual(withLanes.body, { data: [one.body], next_cursor: null });
    assertProblem(await setup.call("GET", `${LIST}?include=secret`), "invalid_request", ["?include"]);
  });

  test("the secret is stored sealed for its tenant and endpoint", async () => {
    const setup = await setUpApp();
    const { secret, id } = await makeEndpoint(setup, "acme");
    const number = await numberOf(setup, id);
    const tenant = await setup.store.findTenant("acme");
    assert.ok(tenant);
    const stored = (await setup.store.findEndpoint(tenant.number, number))?.secrets[0]?.sealed;
    assert.ok(stored);
    assert.equal(Buffer.from(stored).includes(secret.slice(6)), false);
    assert.equal(setup.ports.seal.unseal(stored, secretContext(tenant.number, number)), secret);
    assert.throws(() => setup.ports.seal.unseal(stored, secretContext(tenant.number + 1, number)));
  });

  test("a secret that is given is kept, and judged by the contract", async () => {
    const setup = await setUpApp();
    const secret = "0123456789abcdef0123456789abcdef";
    assert.equal((await makeEndpoint(setup, "acme", { contract: "bspk", secret })).secret, secret);
    const wrong = await setup.call("POST", LIST, { body: { url: URL_GIVEN, secret: "canary" } });
    assertProblem(wrong, "invalid_request", ["/secret"]);
    assert.doesNotMatch(wrong.text, /canary/);
    assert.equal((await makeEndpoint(setup, "acme", { contract: "spektr" })).secret, null);
    assert.match(
      (await makeEndpoint(setup, "acme", { contract: "spektr", settings: { hmac: true } })).secret,
      /^[0-9a-f]+$/,
    );
  });

  test("the contract is the one given, else the tenant's, else the installation's", async () => {
    const setup = await setUpApp();
    await setup.call("PATCH", "/v1/tenants/globex", { body: { contract: "spektr" } });
    assert.equal((await makeEndpoint(setup, "acme")).contract, "standard");
    assert.equal((await makeEndpoint(setup, "globex")).contract, "spektr");
    assert.equal((await makeEndpoint(setup, "globex", { contract: "bspk" })).contract, "bspk");
  });

  test("everything that can be set is shown as it was set", async () => {
    const setup = await setUpApp();
    const set = {
      url: "https://example.com/a?b=c",
      contract: "bubblehouse",
      event_types: ["Points Updated", "Tier *"],
      description: "loyalty",
      headers: { "X-Team": "core", "x-trace": "a b" },
      max_in_flight: 1000,
      rate_per_second: 0.01,
      latest_only_by: "subject",
      timeout_ms: 60_000,
      retry: { delays_ms: [0, 2_592_000_000], jitter: 1 },
      metadata: { owner: "ops" },
      settings: { urgency: "urgent" },
    };
    const made = await makeEndpoint(setup, "acme", { ...set, url: "https://example.com/bh/:name" });
    assert.deepEqual({ ...made, ...set }, made.url === set.url ? made : { ...made, url: set.url });
    assert.equal((await makeEndpoint(setup, "acme", { enabled: false })).state, "disabled");
    const nulls = {
      event_types: null,
      retry: null,
      headers: null,
      secret: null,
      contract: null,
      metadata: null,
    };
    assert.equal((await makeEndpoint(setup, "acme", nulls)).contract, "standard");
  });

  test("the engine is told of every endpoint", async () => {
    const setup = await setUpApp();
    await makeEndpoint(setup, "acme");
    const tenant = await setup.store.findTenant("acme");
    assert.deepEqual(setup.engine.noted, [tenant?.shard]);
  });
});

describe("changing an endpoint", () => {
  test("settings that its secret does not fit are refused, and nothing is stored", async () => {
    const setup = await setUpApp();
    const text = { secret_encoding: "text" };
    const { id } = await makeEndpoint(setup, "acme", {
      contract: "bubblehouse",
      url: "https://example.com/bh/:name",
      secret: "a text that is not base64",
      settings: text,
    });
    for (const settings of [{}, null, { secret_encoding: "base64" }]) {
      const refused = await setup.call("PATCH", `${LIST}/${id}`, { body: { settings } });
      assert.equal(refused.status, 422);
      assert.equal(refused.body.errors[0].pointer, "/settings");
      assert.doesNotMatch(JSON.stringify(refused.body), /not base64/);
    }
    const kept = await setup.call("PATCH", `${LIST}/${id}`, { body: { settings: { ...text, key_id: "k" } } });
    assert.deepEqual(kept.body.settings, { ...text, key_id: "k" });
  });

  test("what is absent stays and what is null goes back to the default", async () => {
    const setup = await setUpApp();
    const { secret: _, ...made } = await makeEndpoint(setup, "acme", {
      timeout_ms: 500,
      max_in_flight: 3,
      event_types: ["a"],
      headers: { a: "1" },
      metadata: { b: "2" },
      description: "x",
    });
    const path = `${LIST}/${made.id}`;
    const one = await setup.call("PATCH", path, { body: { timeout_ms: null, url: "https://example.org" } });
    assert.deepEqual(one.body, { ...made, timeout_ms: null, url: "https://example.org" });
    const nulls = {
      max_in_flight: null,
      event_types: null,
      headers: null,
      metadata: null,
      description: null,
    };
    const two = await setup.call("PATCH", path, { body: nulls });
    assert.deepEqual(two.body, { ...one.body, ...nulls, headers: {}, metadata: {} });
    assert.equal(setup.engine.noted.length, 3);
  });

  test("the contract is fixed, and naming it again is no change", async () => {
    const setup = await setUpApp();
    const made = await makeEndpoint(setup, "acme", { contract: "bspk" });
    const path = `${LIST}/${made.id}`;
    assert.equal((await setup.call("PATCH", path, { body: { contract: "bspk" } })).status, 200);
    for (const contract of ["standard", "stripe", null]) {
      assertProblem(await setup.call("PATCH", path, { body: { contract } }), "invalid_request", [
        "/contract",
      ]);
    }
    assertProblem(await setup.call("PATCH", path, { body: { secret: "x" } }), "invalid_request", ["/secret"]);
    assertProblem(await setup.call("PATCH", path, { body: { url: null } }), "invalid_request", ["/url"]);
    assertProblem(await setup.call("PATCH", path, { body: { url: "x" } }), "invalid_request", ["/url"]);
    assertProblem(await setup.call("PATCH", path, { body: { event_types: ["x"] } }), "invalid_request", [
      "/event_types/0",
    ]);
  });

  test("settings that want a secret are refused where there is none", async () => {
    const setup = await setUpApp();
    const { id } = await makeEndpoint(setup, "acme", { contract: "spektr" });
    const body = { settings: { hmac: true } };
    assertProblem(await setup.call("PATCH", `${LIST}/${id}`, { body }), "invalid_request", ["/settings"]);
  });

  test("enabled switches, and leaves a paused endpoint paused", async () => {
    const setup = await setUpApp();
    const { id } = await makeEndpoint(setup, "acme");
    const path = `${LIST}/${id}`;
    await setup.call("POST", `${path}/pause`);
    const paused = await setup.call("PATCH", path, { body: { enabled: true } });
    assert.deepEqual([paused.body.enabled, paused.body.state], [true, "paused"]);
    const disabled = await setup.call("PATCH", path, { body: { enabled: false } });
    assert.deepEqual([disabled.body.enabled, disabled.body.state], [false, "disabled"]);
    assert.equal(disabled.body.state_reason, "by_request");
    const enabled = await setup.call("PATCH", path, { body: { enabled: true } });
    assert.deepEqual([enabled.body.state, enabled.body.state_reason], ["enabled", null]);
  });

  test("enable, disable, pause and resume follow the state chart", async () => {
    const setup = await setUpApp();
    const { id } = await makeEndpoint(setup, "acme");
    const steps = [
      ["pause", "paused"],
      ["pause", "paused"],
      ["resume", "enabled"],
      ["resume", "enabled"],
      ["enable", "enabled"],
      ["pause", "paused"],
      ["enable", "enabled"],
      ["disable", "disabled"],
      ["pause", "endpoint_disabled"],
      ["resume", "endpoint_disabled"],
      ["disable", "disabled"],
      ["enable", "enabled"],
    ] as const;
    for (const [verb, expected] of steps) {
      const { body } = await setup.call("POST", `${LIST}/${id}/${verb}`);
      assert.equal(body.code ?? body.state, expected, verb);
    }
    const tenant = await setup.store.findTenant("acme");
    const stored = await setup.store.findEndpoint(tenant?.number ?? 0, await numberOf(setup, id));
    assert.equal(stored?.versions.length, 7, "what changes nothing makes no version");
  });

  test("resume ends the hold of an enabled lane, and stores nothing for one that goes", async () => {
    const setup = await setUpApp();
    const { id } = await makeEndpoint(setup, "acme");
    const number = await numberOf(setup, id);
    const tenant = (await setup.store.findTenant("acme"))?.number ?? 0;
    const idle = {
      waiting: 1,
      retries: 0,
      inFlight: 0,
      heldSince: undefined,
      reason: undefined,
      behindAfter: undefined,
    };
    const view = { ...idle, needsAttention: false, nextProbeAt: undefined };
    for (const [fate, versions] of [
      [{}, 1],
      [{ heldSince: 1 }, 2],
      [{ nextProbeAt: 1 }, 3],
      [{ needsAttention: true }, 4],
    ] as const) {
      setup.engine.lanes.set(number, { ...view, ...fate });
      assert.equal((await setup.call("POST", `${LIST}/${id}/resume`)).body.state, "enabled");
      const stored = await setup.store.findEndpoint(tenant, number);
      assert.equal(stored?.versions.length, versions, JSON.stringify(fate));
    }
  });

  test("a verb takes no body, and an empty one is none", async () => {
    const setup = await setUpApp();
    const { id } = await makeEndpoint(setup, "acme");
    const path = `${LIST}/${id}/pause`;
    assertProblem(await setup.call("POST", path, { body: { until: "tomorrow" } }), "invalid_request", [""]);
    assertProblem(await setup.call("POST", path, { body: "[1]" }), "invalid_request", [""]);
    assert.equal((await setup.call("POST", path, { body: "{}" })).status, 200);
    assert.equal((await setup.call("POST", path, { body: "" })).status, 200);
  });

  test("a deleted endpoint is gone, and the engine is told", async () => {
    const setup = await setUpApp();
    const { id } = await makeEndpoint(setup, "acme");
    assert.equal((await setup.call("DELETE", `${LIST}/${id}`)).status, 204);
    assert.equal(setup.engine.noted.length, 2);
    for (const [method, suffix] of [
      ["GET", ""],
      ["DELETE", ""],
      ["POST", "/enable"],
    ] as const) {
      assertProblem(await setup.call(method, `${LIST}/${id}${suffix}`), "not_found");
    }
    assert.deepEqual((await setup.call("GET", LIST)).body.data, []);
  });

  test("ids that are none are not found", async () => {
    const setup = await setUpApp();
    const { id } = await makeEndpoint(setup, "acme");
    const { id: event } = await postEvent(setup, "acme");
    const ids = [
      id.toUpperCase(),
      id.slice(3),
      event,
      "1",
      "ep_",
      `${id}0`,
      "%00",
      "..",
      "a%2fb",
      "x".repeat(5000),
    ];
    for (const wrong of ids) {
      assertProblem(await setup.call("GET", `${LIST}/${wrong}`), "not_found");
    }
  });
});

test("pages of endpoints meet every one once, and no other tenant's", async () => {
  const setup = await setUpApp();
  const made: string[] = [];
  for (let count = 0; count < 5; count += 1) {
    made.unshift((await makeEndpoint(setup, "acme")).id);
    await makeEndpoint(setup, "globex");
  }
  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const { body } = await setup.call("GET", `${LIST}?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`);
    seen.push(...body.data.map(({ id }: { id: string }) => id));
    cursor = body.next_cursor;
    if (cursor !== null) {
      assertProblem(
        await setup.call("GET", `/v1/tenants/globex/endpoints?cursor=${cursor}`),
        "invalid_request",
        ["?cursor"],
      );
    }
  }
  assert.deepEqual(seen, made);
});

test("a tenant has no more endpoints than it may, and is told how many that are", async () => {
  const setup = await setUpApp({ endpointsMax: 2 });
  const [first] = [await makeEndpoint(setup, "acme"), await makeEndpoint(setup, "acme")];
  const create = async (tenant: string) =>
    await setup.call("POST", `/v1/tenants/${tenant}/endpoints`, { body: { url: "https://example.com" } });

  const refused = await create("acme");

  assertProblem(refused, "too_many_endpoints");
  assert.match(refused.body.detail, /at most 2 endpoints/);
  assert.equal((await create("globex")).status, 201);
  assert.equal((await setup.call("DELETE", `${LIST}/${first.id}`)).status, 204);
  assert.equal((await create("acme")).status, 201);
});
