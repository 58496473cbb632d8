import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Submission } from "../store.ts";
import { makeEndpoint, START, setUpApp } from "./app-setup.test.ts";
import { createPublish } from "./publish.ts";

const TRANSACTION = { query: () => Promise.reject(new Error("nothing is asked of it here")) };

async function setup() {
  const app = await setUpApp();
  const put: Submission[] = [];
  const publish = createPublish(app.ports, async (transaction, submission) => {
    assert.equal(transaction, TRANSACTION);
    put.push(submission);
  });
  await app.call("POST", "/v1/tenants", { body: { id: "acme", name: "Acme" } });
  return { app, put, publish };
}

describe("createPublish()", () => {
  test("puts the event into the inbox, under a key of its own", async () => {
    const { app, put, publish } = await setup();
    const endpoint = await makeEndpoint(app, "acme", {});
    const event = { type: "order.paid", data: { id: 1.5 }, subject: "order 7", to: endpoint.id };
    const { key } = await publish(TRANSACTION, "acme", event);

    const [submission] = put;
    assert.equal(submission?.tenant, (await app.ports.registry.findTenant("acme"))?.number);
    const [{ event: stored, key: storedKey } = { event: undefined, key: undefined }] =
      submission?.events ?? [];
    assert.equal(storedKey?.text, key);
    assert.equal(Buffer.from(stored?.data ?? "").toString(), '{"id":1.5}');
    assert.deepEqual([stored?.type, stored?.subject, stored?.occurredAt], ["order.paid", "order 7", START]);
    assert.equal(stored?.to, app.ports.ids.endpointNumberOf(endpoint.id));
    const { key: other } = await publish(TRANSACTION, "acme", event);
    assert.notEqual(other, key);
  });

  test("names what is wrong with an event, and puts nothing", async () => {
    const { app, put, publish } = await setup();
    const schema = { type: "object", required: ["id"] };
    const type = { name: "order.paid", schema, validation: "reject" };
    await app.call("POST", "/v1/tenants/acme/event-types", { body: type });
    const pointers = async (event: object) =>
      await publish(TRANSACTION, "acme", { type: "order.sent", data: 1, ...event }).then(
        () => "published",
        ({ errors }) => errors.map(({ pointer }: { pointer: string }) => pointer),
      );

    assert.deepEqual(await pointers({ type: "" }), ["/type"]);
    assert.deepEqual(await pointers({ data: undefined }), ["/data"]);
    assert.deepEqual(await pointers({ occurred_at: "yesterday" }), ["/occurred_at"]);
    assert.deepEqual(await pointers({ to: "ep_nobody" }), ["/to"]);
    assert.deepEqual(await pointers({ idempotency_key: "mine" }), ["/idempotency_key"]);
    assert.deepEqual(await pointers({ colour: "red" }), ["/colour"]);
    assert.deepEqual(await pointers({ type: "order.paid", data: {} }), ["/data/id"]);
    await assert.rejects(publish(TRANSACTION, "nobody", { type: "a", data: 1 }), /no tenant "nobody"/);
    await assert.rejects(publish(TRANSACTION, "no such id", { type: "a", data: 1 }), /no tenant/);
    assert.deepEqual(put, []);
  });

  test("says so where there is no database to share", async () => {
    const { app } = await setup();
    const publish = createPublish(app.ports, undefined);
    await assert.rejects(publish(TRANSACTION, "acme", { type: "a", data: 1 }), /needs Posthorn to be in/);
  });
});
