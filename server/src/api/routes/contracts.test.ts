import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { makeKey, setUpApp } from "../app-setup.test.ts";

describe("GET /v1/contracts", () => {
  test("shows of each contract how it delivers, what it knows, and its defaults", async () => {
    const { call } = await setUpApp();

    const { data } = (await call("GET", "/v1/contracts")).body;
    const named = (name: string) => data.find((each: { name: string }) => each.name === name);

    for (const [name, discipline, catalogue] of [
      ["standard", "each", "open"],
      ["bspk", "each", "closed"],
      ["spektr", "batched", "closed"],
      ["bubblehouse", "ordered", "open"],
    ]) {
      assert.deepEqual({ ...named(String(name)), discipline, catalogue }, named(String(name)));
    }
    assert.deepEqual(named("standard").event_types, []);
    assert.equal(named("standard").defaults.batch, null);
    assert.deepEqual(named("spektr").defaults.batch, { events_max: 100, bytes_max: 1_000_000, wait_ms: 200 });
    assert.equal(named("spektr").event_types.length, 18);
    const { properties, additionalProperties } = named("spektr").settings_schema;
    assert.equal(additionalProperties, false);
    assert.deepEqual(properties.hmac, { type: "boolean", default: false });
    assert.deepEqual(named("bspk").settings_schema.properties, {});
  });
});

describe("GET /v1/event-types", () => {
  test("shows every type of every catalogue, with schema and example", async () => {
    const setup = await setUpApp();

    const key = await makeKey(setup, "acme");
    const { data, next_cursor } = (await setup.call("GET", "/v1/event-types", { key })).body;

    assert.equal(data.length, 11 + 18 + 13);
    assert.equal(next_cursor, null);
    const { schema, example, ...rest } = data.find(({ name }: { name: string }) => name === "client.deleted");
    assert.deepEqual(rest, {
      name: "client.deleted",
      contract: "bspk",
      description: "A client was deleted.",
      deprecated: true,
      successor: "shopper.deleted",
    });
    assert.deepEqual(schema.required, ["id"]);
    assert.deepEqual(example, { id: 123, external_id: "C-720" });
  });

  test("shows one contract's types, and refuses one that is not there", async () => {
    const { call } = await setUpApp();

    const { data } = (await call("GET", "/v1/event-types?contract=spektr")).body;
    const refused = await call("GET", "/v1/event-types?contract=nobody");

    assert.equal(data.length, 18);
    assert.ok(data.every(({ contract }: { contract: string }) => contract === "spektr"));
    assert.equal(refused.status, 422);
    assert.deepEqual(
      refused.body.errors.map(({ pointer }: { pointer: string }) => pointer),
      ["?contract"],
    );
  });
});
