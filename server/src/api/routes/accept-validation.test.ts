import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { standard } from "@posthorn/contracts/standard/send";
import type { EventTypeConfig } from "../../model/event-type.ts";
import { createApp } from "../app.ts";
import { type Answer, type Setup, setUpApp } from "../app-setup.test.ts";

const EVENTS = "/v1/tenants/acme/events";
const TYPES = "/v1/tenants/acme/event-types";

const SCHEMA = {
  type: "object",
  required: ["amount"],
  properties: { amount: { type: "integer" }, lines: { items: { required: ["sku"] } } },
  additionalProperties: false,
};

/** An application whose tenant acme has registered `paid` with a schema. It counts what is read of types. */
async function setUp(type: object = {}) {
  const setup = await setUpApp();
  const made = await setup.call("POST", TYPES, { body: { name: "paid", schema: SCHEMA, ...type } });
  assert.equal(made.status, 201, made.text);
  const reads = { rules: 0, types: 0 };
  const { readEventTypeRules, findEventType } = setup.store;
  setup.store.readEventTypeRules = (tenant) => {
    reads.rules += 1;
    return readEventTypeRules(tenant);
  };
  setup.store.findEventType = (tenant, name) => {
    reads.types += 1;
    return findEventType(tenant, name);
  };
  return { ...setup, reads };
}

function wrongIn(errors: readonly { pointer: string; detail: string }[]): readonly string[] {
  return errors.map(({ pointer, detail }) => `${pointer} ${detail}`);
}

async function storedBy({ call }: Setup, tenant = "acme"): Promise<number> {
  return (await call("GET", `/v1/tenants/${tenant}/events`)).body.data.length;
}

function assertRefused({ status, body }: Answer, errors: readonly string[]): void {
  assert.deepEqual([status, body.code], [422, "schema_mismatch"]);
  assert.deepEqual(wrongIn(body.errors), errors);
}

describe("an event whose type rejects", () => {
  test("is stored where it fits, as the bytes that were sent", async () => {
    const setup = await setUp();
    const body = '{"type":"paid","data":{ "amount" : 12345678901234567890 , "lines":[{"sku":1.0}]}}';

    const { status, body: answer } = await setup.call("POST", EVENTS, { body });

    assert.equal(status, 202);
    assert.deepEqual(Object.keys(answer), ["id", "type", "accepted_at"]);
    const { text } = await setup.call("GET", `${EVENTS}/${answer.id}`);
    assert.ok(text.includes('{ "amount" : 12345678901234567890 , "lines":[{"sku":1.0}]}'), text);
  });

  test("is refused where it does not, with a pointer to every wrong member", async () => {
    const setup = await setUp();
    const data = { amount: "5", lines: [{ sku: 1 }, {}], note: "hunter2" };

    const answer = await setup.call("POST", EVENTS, { body: { type: "paid", data } });

    assertRefused(answer, [
      "/data/amount must be a whole number, got a text",
      "/data/lines/1/sku is missing",
      "/data/note is not a name that is known here",
    ]);
    assert.equal(answer.headers["content-type"], "application/problem+json; charset=utf-8");
    assert.equal(answer.text.includes("hunter2"), false);
    assertRefused(await setup.call("POST", EVENTS, { body: { type: "paid", data: 1 } }), [
      "/data must be an object, got a number",
    ]);
    assert.equal(await storedBy(setup), 0);
  });

  test("takes the whole request with it, whose events are named by their place", async () => {
    const setup = await setUp();
    const good = { type: "paid", data: { amount: 1 } };
    const bad = { type: "paid", data: {} };
    const events = [good, { type: "other", data: {} }, bad, { type: "paid", data: { amount: 1.5 } }];
    const errors = ["/2/data/amount is missing", "/3/data/amount must be a whole number, got a number"];

    assertRefused(await setup.call("POST", EVENTS, { body: events }), errors);
    const lines = events.map((event) => JSON.stringify(event)).join("\n\n");
    const headers = { "content-type": "application/x-ndjson" };
    assertRefused(await setup.call("POST", EVENTS, { body: lines, headers }), errors);
    assert.equal(await storedBy(setup), 0);
  });

  test("is refused as a CloudEvent, too, in each of its modes", async () => {
    const setup = await setUp();
    const attributes = { specversion: "1.0", id: "1", source: "/s", type: "paid" };
    const post = (type: string, body: unknown, more = {}) =>
      setup.call("POST", EVENTS, { body: JSON.stringify(body), headers: { "content-type": type, ...more } });

    assertRefused(await post("application/cloudevents+json", { ...attributes, data: {} }), [
      "/data/amount is missing",
    ]);
    assertRefused(await post("application/cloudevents-batch+json", [{ ...attributes, data: {} }]), [
      "/0/data/amount is missing",
    ]);
    const headers = Object.fromEntries(
      Object.entries(attributes).map(([name, text]) => [`ce-${name}`, text]),
    );
    assertRefused(await post("application/json", {}, headers), ["/amount is missing"]);
  });

  test("is answered as before where its key was stored, whatever the schema says by now", async () => {
    const setup = await setUp({ schema: true });
    const keyed = { type: "paid", data: {}, idempotency_key: "k" };
    const first = await setup.call("POST", EVENTS, { body: keyed });
    const headers = { "idempotency-key": "whole" };
    const whole = await setup.call("POST", EVENTS, { body: [{ type: "paid", data: {} }], headers });
    await setup.call("PATCH", `${TYPES}/paid`, { body: { schema: SCHEMA } });

    assert.deepEqual((await setup.call("POST", EVENTS, { body: keyed })).body, first.body);
    const again = await setup.call("POST", EVENTS, { body: [{ type: "paid", data: {} }], headers });
    assert.deepEqual(again.body, whole.body);
    assertRefused(await setup.call("POST", EVENTS, { body: { ...keyed, idempotency_key: "new" } }), [
      "/data/amount is missing",
    ]);
    assert.equal(await storedBy(setup), 2);
  });

  test("is refused where it takes more work to check than any event may", async () => {
    const checks = Array.from({ length: 100 }, () => ({ items: { properties: { n: { minimum: 1 } } } }));
    const setup = await setUp({ schema: { allOf: checks } });
    const data = Array.from({ length: 60_000 }, () => ({ n: 1 }));

    assertRefused(await setup.call("POST", EVENTS, { body: { type: "paid", data } }), [
      "/data takes more work to check against its schema than any event may",
    ]);
  });

  test("names so many wrong members and no more, and says that there are more", async () => {
    const setup = await setUp();
    const bad = { type: "paid", data: { a: 1, b: 1 } };

    const { status, body } = await setup.call("POST", EVENTS, {
      body: Array.from({ length: 400 }, () => bad),
    });

    assert.deepEqual([status, body.errors.length], [422, 1_000]);
    assert.match(body.detail, /More is wrong than the 1000 members named/);
  });
});

describe("an event whose type warns", () => {
  test("is stored, and its answer says what is wrong", async () => {
    const setup = await setUp({ validation: "warn" });
    const bad = { type: "paid", data: { amount: "5", note: 1 } };

    const one = await setup.call("POST", EVENTS, { body: bad });
    const many = await setup.call("POST", EVENTS, { body: [{ type: "paid", data: { amount: 1 } }, bad] });
    const good = await setup.call("POST", EVENTS, { body: { type: "paid", data: { amount: 1 } } });

    assert.deepEqual([one.status, many.status, good.status], [202, 202, 202]);
    assert.deepEqual(Object.keys(one.body), ["id", "type", "accepted_at", "warnings"]);
    assert.deepEqual(wrongIn(one.body.warnings), [
      "/data/amount must be a whole number, got a text",
      "/data/note is not a name that is known here",
    ]);
    assert.deepEqual(Object.keys(many.body), ["data", "warnings"]);
    assert.deepEqual(
      many.body.warnings.map(({ pointer }: { pointer: string }) => pointer),
      ["/1/data/amount", "/1/data/note"],
    );
    assert.deepEqual(Object.keys(good.body), ["id", "type", "accepted_at"]);
    assert.equal(await storedBy(setup), 4);
  });
});

describe("events that are not checked", () => {
  const anything = { body: { type: "paid", data: { anything: [1] } } };

  test("cost their tenant no look at its types, where it has none", async () => {
    const setup = await setUp();
    await setup.call("POST", "/v1/tenants/globex/events", anything);
    assert.deepEqual(setup.reads, { rules: 0, types: 0 });
    assert.equal(await storedBy(setup, "globex"), 1);
  });

  test("are those of types that are off, have no schema, or are not registered", async () => {
    const setup = await setUp({ validation: "off" });
    await setup.call("POST", TYPES, { body: { name: "bare", validation: "reject" } });
    for (const type of ["paid", "bare", "unknown"]) {
      const { status, body } = await setup.call("POST", EVENTS, { body: { type, data: [] } });
      assert.deepEqual([status, Object.keys(body)], [202, ["id", "type", "accepted_at"]], type);
    }
    assert.deepEqual(setup.reads, { rules: 1, types: 1 });
  });
});

describe("the schemas in force", () => {
  const post = ({ call }: Setup, data: unknown) => call("POST", EVENTS, { body: { type: "paid", data } });

  test("are read once, for as long as nothing changes", async () => {
    const setup = await setUp();
    for (let amount = 0; amount < 5; amount += 1) {
      assert.equal((await post(setup, { amount })).status, 202);
    }
    assert.deepEqual(setup.reads, { rules: 1, types: 1 });
  });

  test("are those of the last change that was answered, on whichever node it was made", async () => {
    const setup = await setUp();
    assert.equal((await post(setup, {})).status, 422);
    await setup.call("PATCH", `${TYPES}/paid`, { body: { schema: { required: ["id"] } } });
    assertRefused(await post(setup, {}), ["/data/id is missing"]);
    const config: EventTypeConfig = {
      description: undefined,
      schema: '{"required":["ref"]}',
      example: undefined,
      validation: "reject",
      isDeprecated: false,
      successor: undefined,
    };
    await setup.store.putEventType({ tenant: 1, name: "paid", seen: 2, config, now: 0 });
    assertRefused(await post(setup, {}), ["/data/ref is missing"]);
    await setup.call("PATCH", `${TYPES}/paid`, { body: { validation: "off" } });
    assert.equal((await post(setup, {})).status, 202);
    await setup.call("PATCH", `${TYPES}/paid`, { body: { validation: "warn" } });
    assert.equal((await post(setup, {})).body.warnings.length, 1);
    await setup.call("DELETE", `${TYPES}/paid`);
    assert.deepEqual(Object.keys((await post(setup, {})).body), ["id", "type", "accepted_at"]);
  });

  test("are not kept once they are none", async () => {
    const setup = await setUp();
    await post(setup, { amount: 1 });
    await setup.call("DELETE", `${TYPES}/paid`);
    await post(setup, { amount: 1 });
    await setup.call("POST", TYPES, { body: { name: "paid", schema: SCHEMA } });
    setup.reads.types = 0;
    await post(setup, { amount: 1 });
    assert.equal(setup.reads.types, 1);
  });

  test("are each tenant's own, although their types have the same name", async () => {
    const setup = await setUp();
    const body = { name: "paid", schema: { required: ["theirs"] } };
    await setup.call("POST", "/v1/tenants/globex/event-types", { body });

    assertRefused(await post(setup, {}), ["/data/amount is missing"]);
    const theirs = await setup.call("POST", "/v1/tenants/globex/events", {
      body: { type: "paid", data: {} },
    });
    assertRefused(theirs, ["/data/theirs is missing"]);
  });

  test("are not those that cannot be read, which the log says without showing them", async () => {
    const setup = await setUp();
    const config: EventTypeConfig = {
      description: undefined,
      schema: '{"type":"canary"}',
      example: undefined,
      validation: "reject",
      isDeprecated: false,
      successor: undefined,
    };
    await setup.store.putEventType({ tenant: 1, name: "paid", seen: 1, config, now: 0 });

    assert.equal((await post(setup, "anything")).status, 202);
    const lines = setup.logged.filter((line) => line.startsWith("a stored schema cannot be read"));
    assert.equal(lines.length, 1);
    assert.doesNotMatch(lines.join(), /canary|paid/);
  });
});

describe("types of the contract's catalogue", () => {
  const wrong = { body: { type: "shopper.updated", data: { id: "1" } } };

  test("are checked as the tenant says, and as it says of one of them", async () => {
    const setup = await setUpApp({ defaultContract: "bspk" });
    const say = (validation: string) => setup.call("PATCH", "/v1/tenants/acme", { body: { validation } });

    assert.deepEqual(Object.keys((await setup.call("POST", EVENTS, wrong)).body), [
      "id",
      "type",
      "accepted_at",
    ]);
    await say("warn");
    assert.deepEqual(wrongIn((await setup.call("POST", EVENTS, wrong)).body.warnings), [
      "/data/id must be a whole number, got a text",
    ]);
    await say("reject");
    assert.equal((await setup.call("POST", EVENTS, wrong)).status, 422);
    await setup.call("PATCH", `${TYPES}/shopper.updated`, { body: { validation: "off" } });
    assert.equal((await setup.call("POST", EVENTS, wrong)).status, 202);
    await setup.call("PATCH", `${TYPES}/shopper.updated`, {
      body: { validation: null, schema: { required: ["ref"] } },
    });
    assertRefused(await setup.call("POST", EVENTS, wrong), ["/data/ref is missing"]);
  });

  test("are those of the contract that the tenant has by now", async () => {
    const setup = await setUpApp();
    await setup.call("PATCH", "/v1/tenants/acme", { body: { validation: "reject" } });
    assert.equal((await setup.call("POST", EVENTS, wrong)).status, 202);
    await setup.call("PATCH", "/v1/tenants/acme", { body: { contract: "bspk" } });
    assert.equal((await setup.call("POST", EVENTS, wrong)).status, 422);
    await setup.call("PATCH", "/v1/tenants/acme", { body: { contract: "spektr" } });
    assert.equal((await setup.call("POST", EVENTS, wrong)).status, 202);
  });

  test("have schemas, or the application does not start, and says which has none", async () => {
    const { ports } = await setUpApp();
    const eventTypes = [{ name: "a.b", description: "", schema: { pattern: "(?=a)" } }];
    const own = { ...standard, name: "own", catalogue: { kind: "open", eventTypes } } as const;
    assert.throws(
      () => createApp({ ...ports, contracts: new Map([...ports.contracts, ["own", own]]) }),
      /contract own: the schema of the event type a\.b: \/pattern must take linear time/,
    );
  });
});

test("a request that takes long to check lets others have their turn meanwhile", async () => {
  const setup = await setUp({ schema: { items: { type: "integer" } } });
  const event = { type: "paid", data: Array.from({ length: 30_000 }, (_, n) => n) };
  const order: string[] = [];
  const { accept } = setup.engine;
  setup.engine.accept = (shard, submission) => {
    order.push("long");
    return accept(shard, submission);
  };
  // Asked for in the middle of the check.
  const { promise: short, resolve } = Promise.withResolvers();
  const { findEventType } = setup.store;
  setup.store.findEventType = (tenant, name) => {
    resolve(setup.call("GET", "/healthz").then(() => order.push("short")));
    return findEventType(tenant, name);
  };

  const long = setup.call("POST", EVENTS, { body: Array.from({ length: 10 }, () => event) });
  await Promise.all([long, short]);

  assert.deepEqual(order, ["short", "long"]);
});
