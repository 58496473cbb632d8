import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { makeEndpoint, makeKey, type Setup, setUpApp } from "../app-setup.test.ts";

async function setUp(endpoint: object = {}) {
  const setup = await setUpApp();
  const { id } = await makeEndpoint(setup, "acme", endpoint);
  return { ...setup, id, path: `/v1/tenants/acme/endpoints/${id}/test` };
}

/** The newest event, as it is stored. */
async function newest({ store }: Setup) {
  const { events } = await store.listEvents({ tenant: 1, limit: 1, scanMax: 10 });
  const [event] = events;
  assert.ok(event);
  const whole = await store.readEvent(1, event.offset);
  assert.ok(whole);
  return { ...whole, text: Buffer.from(whole.data).toString() };
}

describe("POST …/endpoints/{endpoint}/test", () => {
  test("sends an example to that endpoint alone, and answers as an event is answered", async () => {
    const setup = await setUp({ contract: "bspk", event_types: ["metafield.*"] });
    await makeEndpoint(setup, "acme");

    const { status, body } = await setup.call("POST", setup.path);

    assert.equal(status, 202);
    assert.deepEqual(Object.keys(body), ["id", "type", "accepted_at"]);
    assert.equal(body.type, "metafield.created");
    const { type, to, text } = await newest(setup);
    assert.deepEqual([type, to, JSON.parse(text).namespace], ["metafield.created", 1, "loyalty"]);
    const { data } = (await setup.call("GET", `/v1/tenants/acme/events/${body.id}/deliveries`)).body;
    assert.deepEqual(
      data.map((each: { endpoint_id: string }) => each.endpoint_id),
      [setup.id],
    );
  });

  test("sends what is given, byte for byte, whatever the endpoint subscribes to", async () => {
    const setup = await setUp({ event_types: ["other"] });
    const body = '{ "data" : { "n" : 12345678901234567890, "x":1.0 } , "type" : "order.paid" }';

    assert.equal((await setup.call("POST", setup.path, { body })).body.type, "order.paid");

    assert.equal((await newest(setup)).text, '{ "n" : 12345678901234567890, "x":1.0 }');
    await setup.call("POST", setup.path, { body: { data: null, type: null } });
    assert.deepEqual([(await newest(setup)).text, (await newest(setup)).type], ["null", "other"]);
  });

  test("sends data as large as any event's", async () => {
    const setup = await setUp();
    const body = { type: "a", data: "x".repeat(1024 * 1024 - 100) };
    assert.equal((await setup.call("POST", setup.path, { body })).status, 202);
  });

  test("takes the example of a type that the tenant has registered", async () => {
    const setup = await setUp({ event_types: ["invoice.*"] });
    const body = { name: "invoice.paid", schema: { required: ["n"] }, example: { n: 7 } };
    await setup.call("POST", "/v1/tenants/acme/event-types", { body });

    await setup.call("POST", setup.path);

    const { type, text } = await newest(setup);
    assert.deepEqual([type, text], ["invoice.paid", '{"n":7}']);
    const misfit = await setup.call("POST", setup.path, { body: { type: "invoice.paid", data: {} } });
    assert.deepEqual([misfit.status, misfit.body.errors[0].pointer], [422, "/data/n"]);
  });

  test("gives a contract that needs one a subject, and data that it can say", async () => {
    const setup = await setUp({ contract: "spektr", url: "https://example.com/hooks" });
    await setup.call("POST", setup.path, { body: { type: "alert_resolved", data: { alertId: "1" } } });
    const { subject, text } = await newest(setup);
    assert.match(String(subject), /^[0-9a-f]{24}$/);
    assert.equal(text, '{"alertId":"1"}');
    const shop = await makeEndpoint(setup, "acme", {
      contract: "bubblehouse",
      url: "https://example.com/:name",
    });
    await setup.call("POST", `/v1/tenants/acme/endpoints/${shop.id}/test`, { body: { type: "Own Thing" } });
    assert.equal(typeof JSON.parse((await newest(setup)).text).customer, "object");
  });

  test("refuses what is not as it must be, and stores nothing", async () => {
    const setup = await setUp({ contract: "bspk" });
    const wrong: readonly (readonly [unknown, number, readonly string[]])[] = [
      [{ type: "order.paid" }, 422, ["/type"]],
      [{ type: "a,b" }, 422, ["/type"]],
      [{ type: 5 }, 422, ["/type"]],
      [{ type: "shopper.created", subject: "s" }, 422, ["/subject"]],
      ['{"type":"shopper.created","type":"shopper.created"}', 422, ["/type"]],
      [[], 422, [""]],
      ["5", 422, [""]],
      ["{", 400, []],
    ];
    for (const [body, status, pointers] of wrong) {
      const answer = await setup.call("POST", setup.path, { body });
      assert.equal(answer.status, status, JSON.stringify(body));
      assert.deepEqual(
        answer.body.errors.map(({ pointer }: { pointer: string }) => pointer),
        pointers,
      );
    }
    const headers = { "content-type": "text/plain" };
    assert.equal((await setup.call("POST", setup.path, { body: "{}", headers })).status, 415);
    const large = JSON.stringify({ data: "x".repeat(1024 * 1024) });
    assert.equal((await setup.call("POST", setup.path, { body: large })).status, 413);
    assert.deepEqual((await setup.call("GET", "/v1/tenants/acme/events")).body.data, []);
  });

  test("waits for an endpoint that is paused, and refuses one that is disabled", async () => {
    const setup = await setUp();
    await setup.call("POST", setup.path.replace(/test$/, "pause"));
    assert.equal((await setup.call("POST", setup.path)).status, 202);
    await setup.call("POST", setup.path.replace(/test$/, "disable"));
    const { status, body } = await setup.call("POST", setup.path);
    assert.deepEqual([status, body.code], [409, "endpoint_disabled"]);
  });

  test("is for keys that may change endpoints", async () => {
    const setup = await setUp();
    const reader = await makeKey(setup, "acme", ["endpoints:read", "events:write"]);
    const writer = await makeKey(setup, "acme", ["endpoints:write"]);
    assert.equal((await setup.call("POST", setup.path, { key: reader })).status, 403);
    assert.equal((await setup.call("POST", setup.path, { key: writer })).status, 202);
  });
});
