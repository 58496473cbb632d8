import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setUpApp } from "./app-setup.test.ts";

const PATH = "/v1/tenants/acme";
const LIST = `${PATH}/endpoints`;

async function setup() {
  const all = await setUpApp();
  const make = async (body: object) => {
    const made = await all.call("POST", LIST, { body: { url: "https://example.com", ...body } });
    assert.equal(made.status, 201, made.text);
    return made.body;
  };
  const register = async (name: string) =>
    await all.call("POST", `${PATH}/event-types`, { body: { name, schema: {} } });
  return { ...all, make, register };
}

describe("subscriptionWarnings()", () => {
  test("subscriptionWarnings() tells of what fits nothing known, and refuses none", async () => {
    const { call, make, register } = await setup();
    await register("invoice.paid");
    const asked = ["invoice.payed", "invoice.*", "ticket.*", "invoice.paid"];
    const { id, event_types, warnings } = await make({ event_types: asked });
    assert.deepEqual(event_types, asked);
    assert.deepEqual(warnings, [
      {
        pointer: "/event_types/0",
        detail: '"invoice.payed" fits no event type that is known; the nearest is invoice.paid',
      },
      { pointer: "/event_types/2", detail: '"ticket.*" fits no event type that is known' },
    ]);
    const change = async (body: object) => (await call("PATCH", `${LIST}/${id}`, { body })).body.warnings;
    assert.equal((await change({ event_types: ["invoice.payed"] })).length, 1);
    assert.equal(await change({ description: "x" }), undefined);
    assert.equal(await change({ event_types: null }), undefined);
    assert.equal((await call("GET", `${LIST}/${id}`)).body.warnings, undefined);
    await register("invoice.payed");
    assert.equal(await change({ event_types: ["invoice.payed"] }), undefined);
  });

  test("subscriptionWarnings() tells nothing where nobody said which types there are", async () => {
    const { make } = await setup();
    assert.equal((await make({ event_types: ["invoice.payed"] })).warnings, undefined);
  });

  test("subscriptionWarnings() knows of a closed catalogue what is in it alone", async () => {
    const { make, register } = await setup();
    await register("invoice.paid");
    const [warning, ...more] = (await make({ contract: "spektr", event_types: ["invoice.*", "process_*"] }))
      .warnings;
    assert.deepEqual([warning.pointer, more], ["/event_types/0", []]);
  });

  test("subscriptionWarnings() tells of a type that is to be used no more", async () => {
    const { make } = await setup();
    const { warnings } = await make({ contract: "bspk", event_types: ["client.created"] });
    assert.deepEqual(warnings, [
      { pointer: "/event_types/0", detail: "client.created is deprecated: use shopper.created" },
    ]);
  });

  test("subscriptionWarnings() tells as much as a person reads", async () => {
    const { make, register } = await setup();
    await register("invoice.paid");
    const types = Array.from({ length: 100 }, (_, index) => `invoice.${index}`);
    const { warnings } = await make({ event_types: types });
    assert.equal(warnings.length, 20);
    assert.equal(warnings.filter(({ detail }: { detail: string }) => detail.includes("nearest")).length, 5);
  });
});
