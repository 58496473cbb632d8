import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LIVE } from "../../model/delivery.ts";
import { secretContext } from "../../seal.ts";
import { createApp } from "../app.ts";
import {
  ADMIN_KEY,
  assertProblem,
  makeEndpoint,
  postEvent,
  type Setup,
  setUpApp,
} from "../app-setup.test.ts";

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
      timeout_ms: null,
      retry: null,
      metadata: {},
      settings: {},
      created_at: "2026-01-02T03:04:05.006Z",
      updated_at: "2026-01-02T03:04:05.006Z",
    });
    const one = await setup.call("GET", `${LIST}/${made.id}`);
    const lane = { waiting: 0, held_since: null, reason: null, next_probe_at: null };
    assert.deepEqual(one.body, { ...made, lane });
    const list = await setup.call("GET", LIST);
    assert.deepEqual(list.body, { data: [made], next_cursor: null });
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

describe("an endpoint's wrong members", () => {
  const cases: readonly (readonly [string, object, readonly string[]])[] = [
    ["no URL", {}, ["/url"]],
    ["a URL that the guard refuses", { url: "ftp://example.com" }, ["/url"]],
    ["a URL of 4,097 characters", { url: `https://example.com/${"x".repeat(4077)}` }, ["/url"]],
    ["an unknown contract", { url: URL_GIVEN, contract: "stripe" }, ["/contract"]],
    ["a contract named __proto__", { url: URL_GIVEN, contract: "__proto__" }, ["/contract"]],
    ["no event types", { url: URL_GIVEN, event_types: [] }, ["/event_types"]],
    [
      "101 event types",
      { url: URL_GIVEN, event_types: Array.from({ length: 101 }, String) },
      ["/event_types"],
    ],
    ["an empty event type", { url: URL_GIVEN, event_types: ["a", ""] }, ["/event_types/1"]],
    ["an event type with a comma", { url: URL_GIVEN, event_types: ["a,b"] }, ["/event_types/0"]],
    [
      "an event type of 129 characters",
      { url: URL_GIVEN, event_types: ["x".repeat(129)] },
      ["/event_types/0"],
    ],
    ["a text for event types", { url: URL_GIVEN, event_types: "client.updated" }, ["/event_types"]],
    [
      "a name outside a closed catalogue",
      { url: URL_GIVEN, contract: "bspk", event_types: ["client.*", "x"] },
      ["/event_types/1"],
    ],
    ["no requests in flight", { url: URL_GIVEN, max_in_flight: 0 }, ["/max_in_flight"]],
    ["1,001 requests in flight", { url: URL_GIVEN, max_in_flight: 1001 }, ["/max_in_flight"]],
    ["half a request in flight", { url: URL_GIVEN, max_in_flight: 0.5 }, ["/max_in_flight"]],
    ["a number as text", { url: URL_GIVEN, max_in_flight: "5" }, ["/max_in_flight"]],
    ["no rate", { url: URL_GIVEN, rate_per_second: 0 }, ["/rate_per_second"]],
    ["a rate beyond the limit", { url: URL_GIVEN, rate_per_second: 10_001 }, ["/rate_per_second"]],
    ["99 ms", { url: URL_GIVEN, timeout_ms: 99 }, ["/timeout_ms"]],
    ["60,001 ms", { url: URL_GIVEN, timeout_ms: 60_001 }, ["/timeout_ms"]],
    ["a negative delay", { url: URL_GIVEN, retry: { delays_ms: [-1] } }, ["/retry/delays_ms/0"]],
    ["a delay beyond 30 days", { url: URL_GIVEN, retry: { delays_ms: [1e12] } }, ["/retry/delays_ms/0"]],
    ["101 delays", { url: URL_GIVEN, retry: { delays_ms: Array(101).fill(1) } }, ["/retry/delays_ms"]],
    ["a jitter above 1", { url: URL_GIVEN, retry: { delays_ms: [], jitter: 1.1 } }, ["/retry/jitter"]],
    ["no delays", { url: URL_GIVEN, retry: {} }, ["/retry/delays_ms"]],
    ["an unknown setting", { url: URL_GIVEN, settings: { hmac: true } }, ["/settings/hmac"]],
    [
      "a wrong setting",
      { url: URL_GIVEN, contract: "spektr", settings: { hmac: "yes" } },
      ["/settings/hmac"],
    ],
    ["settings that are a list", { url: URL_GIVEN, settings: [] }, ["/settings"]],
    ["metadata that is not text", { url: URL_GIVEN, metadata: { a: 1 } }, ["/metadata/a"]],
    ["metadata under a control character", { url: URL_GIVEN, metadata: { "a\n": "1" } }, ["/metadata/a\n"]],
    ["a description with a null character", { url: URL_GIVEN, description: "\u0000" }, ["/description"]],
    ["enabled as text", { url: URL_GIVEN, enabled: "true" }, ["/enabled"]],
    ["a read-only member", { url: URL_GIVEN, id: "ep_1", lane: {} }, ["/id", "/lane"]],
  ];
  for (const [name, body, pointers] of cases) {
    test(`${name} is refused by its pointer`, async () => {
      const setup = await setUpApp();
      assertProblem(await setup.call("POST", LIST, { body }), "invalid_request", pointers);
      assert.deepEqual((await setup.call("GET", LIST)).body.data, []);
    });
  }

  test("a name outside a closed catalogue is answered with the names there are", async () => {
    const setup = await setUpApp();
    const body = { url: URL_GIVEN, contract: "bspk", event_types: ["client.gone"] };
    const answer = await setup.call("POST", LIST, { body });
    assert.match(answer.body.errors[0].detail, /shopper\.created, .*metafield\.deleted.* got "client\.gone"/);
  });

  test("__proto__ is no name of anything", async () => {
    const setup = await setUpApp();
    for (const member of ["headers", "metadata", "settings"]) {
      const body = `{"url":"${URL_GIVEN}","${member}":{"__proto__":"x"}}`;
      const answer = await setup.call("POST", LIST, { body });
      assertProblem(answer, "invalid_request");
      assert.equal(answer.body.errors[0].pointer, `/${member}/__proto__`);
    }
  });

  test("headers that HTTP, the sender or a contract sets are refused, however they are spelled", async () => {
    const setup = await setUpApp();
    const names = [
      "Host",
      "CONTENT-LENGTH",
      "Transfer-Encoding",
      "Connection",
      "TE",
      "Upgrade",
      "Expect",
      "Trailer",
    ];
    names.push(
      "Proxy-Authorization",
      "webhook-id",
      "Webhook-Signature",
      "WEBHOOK-x",
      "Keep-Alive",
      "Content-Type",
    );
    names.push(
      "X-Bspk-Secret",
      "x-signature",
      "X-Signature-Timestamp",
      "X-BH-Urgency",
      "User-Agent",
      "ce-id",
    );
    for (const name of names) {
      const answer = await setup.call("POST", LIST, { body: { url: URL_GIVEN, headers: { [name]: "x" } } });
      assertProblem(answer, "invalid_request", [`/headers/${name}`]);
    }
    const bearer = { headers: { Authorization: "Bearer canary" } };
    assert.equal((await makeEndpoint(setup, "acme", bearer)).headers.Authorization, "Bearer canary");
    const body = { url: "https://example.com/:name", contract: "bubblehouse", ...bearer };
    const refused = await setup.call("POST", LIST, { body });
    assertProblem(refused, "invalid_request", ["/headers/Authorization"]);
    assert.doesNotMatch(refused.text, /canary/);
  });

  test("headers that no request can carry are refused without repeating them", async () => {
    const setup = await setUpApp();
    const wrong = [
      ["x y", "v"],
      ["", "v"],
      ["x:", "v"],
      ["é", "v"],
      ["x".repeat(129), "v"],
      ["x", "canary\r\nhost: y"],
      ["x", "canary\u0000"],
      ["x", "canaryé"],
      ["x", " canary"],
      ["x", "canary "],
      ["x", "😀canary"],
      ["x", `canary${"v".repeat(4096)}`],
    ];
    for (const [name = "", value] of wrong) {
      const answer = await setup.call("POST", LIST, { body: { url: URL_GIVEN, headers: { [name]: value } } });
      assertProblem(answer, "invalid_request");
      assert.equal(answer.body.errors.length, 1);
      assert.doesNotMatch(answer.text, /canary/);
    }
    const twice = await setup.call("POST", LIST, {
      body: { url: URL_GIVEN, headers: { "x-a": "1", "X-A": "2" } },
    });
    assertProblem(twice, "invalid_request", ["/headers/X-A"]);
    assert.equal((await makeEndpoint(setup, "acme", { headers: { x: "", y: "a\tb" } })).headers.y, "a\tb");
  });
});

describe("changing an endpoint", () => {
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

describe("an endpoint's lane", () => {
  async function withLane() {
    const setup = await setUpApp();
    const { id } = await makeEndpoint(setup, "acme", { event_types: ["wanted.*"] });
    const endpoint = await numberOf(setup, id);
    const lane = async () => (await setup.call("GET", `${LIST}/${id}`)).body.lane;
    return { ...setup, endpoint, lane };
  }

  test("the engine's view, its retries and the events beyond it are added up", async () => {
    const setup = await withLane();
    const { engine, endpoint, lane, flush } = setup;
    const first = await postEvent(setup, "acme", { type: "wanted.a" });
    for (const type of ["wanted.b", "other", "wanted.c"]) {
      await postEvent(setup, "acme", { type });
    }
    const offset = setup.ports.ids.eventPlaceOf(first.id)?.offset ?? 0;
    const retry = { endpoint, cursor: LIVE, offset, requests: 1, used: 1, dueAt: 0, reason: "status_500" };
    await flush({ retries: [retry] });
    const seen = { waiting: 7, inFlight: 1, heldSince: setup.clock.at - 1000, reason: "status_503" };
    engine.lanes.set(endpoint, { ...seen, behindAfter: offset, nextProbeAt: setup.clock.at + 1000 });
    assert.deepEqual(await lane(), {
      waiting: 10,
      held_since: "2026-01-02T03:04:04.006Z",
      reason: "status_503",
      next_probe_at: "2026-01-02T03:04:06.006Z",
    });
  });

  test("what is stored is shown where the engine does not know the lane", async () => {
    const setup = await withLane();
    const first = await postEvent(setup, "acme", { type: "other" });
    await postEvent(setup, "acme", { type: "wanted.a" });
    const position = setup.ports.ids.eventPlaceOf(first.id)?.offset ?? 0;
    const { at } = setup.clock;
    const hold = { since: at, until: at + 60_000, reason: "timeout_headers", rounds: 3, requests: 0 };
    await setup.flush({ lanes: [{ endpoint: setup.endpoint, position, hold, batch: undefined }] });
    assert.deepEqual(await setup.lane(), {
      waiting: 1,
      held_since: "2026-01-02T03:04:05.006Z",
      reason: "timeout_headers",
      next_probe_at: "2026-01-02T03:05:05.006Z",
    });
  });

  test("a long backlog is counted up to a limit, and says so", async () => {
    const setup = await setUpApp();
    const { id } = await makeEndpoint(setup, "acme");
    const nothing = { heldSince: undefined, reason: undefined, nextProbeAt: undefined };
    const seen = { waiting: 1, behindAfter: 5, inFlight: 0, ...nothing };
    setup.engine.lanes.set(await numberOf(setup, id), seen);
    const counted = { byType: [{ type: "a", count: 9 }], isPartial: true };
    const app = createApp({
      ...setup.ports,
      reader: { ...setup.ports.reader, countEvents: async () => counted },
    });
    const answer = await app.inject({
      url: `${LIST}/${id}`,
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
    });
    const { waiting, waiting_is_at_least } = answer.json().lane;
    assert.deepEqual([waiting, waiting_is_at_least], [10, true]);
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
