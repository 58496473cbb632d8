import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LIVE } from "../model/delivery.ts";
import { assertProblem, makeEndpoint, makeKeyWith, postEvent, setUpApp } from "./app-setup.test.ts";

/** A tenant with an endpoint, an event and an attempt whose answer says something. */
async function setup(role: string) {
  const all = await setUpApp();
  const endpoint = await makeEndpoint(all, "acme", { headers: { "X-Api-Key": "canary" } });
  const event = await postEvent(all, "acme", { data: "canary", subject: "customer 7" });
  const place = all.ports.ids.eventPlaceOf(event.id);
  const number = all.ports.ids.endpointNumberOf(endpoint.id);
  assert.ok(place && number !== undefined);
  const attempt = {
    offset: place.offset,
    endpoint: number,
    cursor: LIVE,
    number: 1,
    startedAt: all.clock.now(),
    durationMs: 1,
    connectedMs: undefined,
    headersMs: undefined,
    reason: undefined,
    detail: undefined,
    payloadHash: undefined,
    batch: undefined,
    verdict: "delivered",
    status: 200,
    answer: Buffer.from("canary"),
  } as const;
  await all.flush({ attempts: [attempt] });
  const [delivery] = (await all.call("GET", "/v1/tenants/acme/deliveries")).body.data;
  const key = await makeKeyWith(all, "acme", { role });
  const ask = async (method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: object) =>
    await all.call(method, `/v1/tenants/acme${path}`, { key, ...(body === undefined ? {} : { body }) });
  return { ...all, ask, endpoint: endpoint.id, event: event.id, delivery: delivery.id };
}

test("what an endpoint's own headers say is for keys that may change it, whatever they ask", async () => {
  const { ask, call, endpoint } = await setup("support");
  const path = `/endpoints/${endpoint}`;
  assert.equal((await ask("POST", `${path}/pause`)).text.includes("canary"), false);
  assert.equal((await ask("POST", `${path}/resume`)).text.includes("canary"), false);
  const shown = (await call("GET", `/v1/tenants/acme${path}`)).body.headers;
  assert.deepEqual(Object.values(shown), ["canary"]);
});

test("what stands in place of a header's value is taken for no value where it is sent back", async () => {
  const { ask, call, endpoint } = await setup("support");
  const path = `/endpoints/${endpoint}`;
  const { headers } = (await ask("GET", path)).body;
  const answer = await call("PATCH", `/v1/tenants/acme${path}`, { body: { headers } });
  assertProblem(answer, "invalid_request", ["/headers/X-Api-Key"]);
  assert.deepEqual(Object.values((await call("GET", `/v1/tenants/acme${path}`)).body.headers), ["canary"]);
});

describe("a key of the role", () => {
  test("viewer sees what happened, and neither what events say nor what receivers answered", async () => {
    const { ask, event, endpoint } = await setup("viewer");
    const shown = await ask("GET", `/events/${event}`);
    assert.deepEqual(
      [shown.status, shown.body.data, shown.body.extensions, shown.body.is_withheld],
      [200, null, null, true],
    );
    const attempts = await ask("GET", "/attempts");
    assert.deepEqual([attempts.body.data[0].status, attempts.body.data[0].answer], [200, null]);
    const one = `/endpoints/${endpoint}`;
    assert.deepEqual(Object.values((await ask("GET", one)).body.headers), ["…"]);
    for (const path of ["/events", "/deliveries", "/replays", one, "/endpoints", "/event-types"]) {
      const answer = await ask("GET", path);
      assert.equal(answer.status, 200, path);
      assert.equal(answer.text.includes("canary"), false, path);
    }
    assertProblem(await ask("POST", "/renderings", { type: "a" }), "forbidden");
    assertProblem(await ask("POST", `/events/${event}/render`, { url: "https://example.com" }), "forbidden");
  });

  test("viewer changes nothing", async () => {
    const { ask, event, endpoint, delivery, engine } = await setup("viewer");
    for (const path of [
      `/deliveries/${delivery}/replay`,
      `/endpoints/${endpoint}/pause`,
      `/endpoints/${endpoint}/skip`,
      `/endpoints/${endpoint}/recover`,
      `/endpoints/${endpoint}/rotate-secret`,
      `/endpoints/${endpoint}/test`,
    ]) {
      assertProblem(await ask("POST", path), "forbidden");
    }
    assertProblem(await ask("POST", "/events", { type: "a", data: 1 }), "forbidden");
    assertProblem(await ask("DELETE", `/events/${event}`), "forbidden");
    assert.deepEqual(engine.commands, []);
  });

  test("support sees what events say and mends, and changes no endpoint and sends no event", async () => {
    const { ask, event, endpoint, delivery, engine } = await setup("support");
    assert.equal((await ask("GET", `/events/${event}`)).body.data, "canary");
    assert.equal((await ask("GET", "/attempts")).body.data[0].answer, "canary");
    assert.equal((await ask("POST", `/deliveries/${delivery}/replay`)).status, 202);
    assert.equal(engine.commands.length, 1);
    for (const verb of ["pause", "resume", "skip", "recover"]) {
      assert.equal(Math.floor((await ask("POST", `/endpoints/${endpoint}/${verb}`)).status / 100), 2, verb);
    }
    for (const verb of ["enable", "disable", "rotate-secret", "test"]) {
      assertProblem(await ask("POST", `/endpoints/${endpoint}/${verb}`), "forbidden");
    }
    assertProblem(await ask("PATCH", `/endpoints/${endpoint}`, { description: "x" }), "forbidden");
    assertProblem(await ask("POST", "/events", { type: "a", data: 1 }), "forbidden");
    assertProblem(await ask("DELETE", `/events/${event}`), "forbidden");
  });

  test("admin may do everything of its tenant, and make no keys", async () => {
    const { ask, endpoint, event } = await setup("admin");
    assert.equal((await ask("PATCH", `/endpoints/${endpoint}`, { description: "x" })).status, 200);
    assert.equal((await ask("DELETE", `/events/${event}`)).status, 204);
    assertProblem(await ask("POST", "/keys", { name: "x" }), "forbidden");
  });
});

test("a key has a role or scopes, and no role of another name", async () => {
  const { call } = await setUpApp();
  const make = async (body: object) =>
    await call("POST", "/v1/tenants/acme/keys", { body: { name: "x", ...body } });
  assertProblem(await make({ role: "viewer", scopes: ["events:read"] }), "invalid_request", ["/role"]);
  assertProblem(await make({ role: "owner" }), "invalid_request", ["/role"]);
  assert.deepEqual((await make({ role: "viewer" })).body.scopes, ["deliveries:read", "endpoints:read"]);
});
