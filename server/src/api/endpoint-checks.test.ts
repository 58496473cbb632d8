import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assertProblem, makeEndpoint, setUpApp } from "./app-setup.test.ts";

const LIST = "/v1/tenants/acme/endpoints";
const URL_GIVEN = "https://example.com/hooks";

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
    ["another key", { url: URL_GIVEN, latest_only_by: "data" }, ["/latest_only_by"]],
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
    for (const contract of ["bubblehouse", "cloudevents", "cloudevents-batch"]) {
      const body = { url: "https://example.com/:name", contract, ...bearer };
      const refused = await setup.call("POST", LIST, { body });
      assertProblem(refused, "invalid_request", ["/headers/Authorization"]);
      assert.doesNotMatch(refused.text, /canary/);
    }
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

  test("values that may be credentials are not repeated, of whatever type they are", async () => {
    const setup = await setUpApp();
    for (const member of ["headers", "metadata"]) {
      const body = { url: URL_GIVEN, [member]: { "x-key": 7_654_321 } };
      const answer = await setup.call("POST", LIST, { body });
      assertProblem(answer, "invalid_request", [`/${member}/x-key`]);
      assert.doesNotMatch(answer.text, /7654321/);
    }
    const answer = await setup.call("POST", LIST, { body: { url: URL_GIVEN, secret: 7_654_321 } });
    assertProblem(answer, "invalid_request", ["/secret"]);
    assert.doesNotMatch(answer.text, /7654321/);
  });
});
