import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assertProblem, makeEndpoint, makeKey, postEvent, type Setup, setUpApp } from "../app-setup.test.ts";

const pathOf = (event: string) => `/v1/tenants/acme/events/${event}/unmatched`;

async function listed(setup: Setup, event: string, limit = 100) {
  const seen: { readonly endpoint_id: string; readonly reasons: readonly string[] }[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const { status, body, text } = await setup.call("GET", `${pathOf(event)}?limit=${limit}${query}`);
    assert.equal(status, 200, text);
    seen.push(...body.data);
    cursor = body.next_cursor;
  }
  return seen;
}

describe("the endpoints that were not owed an event", () => {
  async function setUp() {
    const setup = await setUpApp();
    const make = async (body: object = {}): Promise<string> => (await makeEndpoint(setup, "acme", body)).id;
    const change = async (id: string, verb: string) => {
      const { status, text } = await setup.call("POST", `/v1/tenants/acme/endpoints/${id}/${verb}`);
      assert.equal(status, 200, text);
    };
    return { setup, make, change };
  }

  test("each says all its reasons, newest endpoint first, and pages meet each once", async () => {
    const { setup, make, change } = await setUp();
    const owed = await make();
    const paused = await make();
    const other = await make({ event_types: ["order.*"] });
    const closed = await make({ contract: "spektr" });
    const off = await make({ event_types: ["order.*"] });
    const gone = await make({ event_types: ["order.*"] });
    await change(paused, "pause");
    await change(off, "disable");
    const { id } = await postEvent(setup, "acme", { type: "invoice.paid" });
    const later = await make({ event_types: ["order.*"] });
    await setup.call("DELETE", `/v1/tenants/acme/endpoints/${gone}`);

    const expected = [
      [later, ["created_later", "not_subscribed"]],
      [off, ["disabled_then", "not_subscribed"]],
      [closed, ["not_in_catalogue"]],
      [other, ["not_subscribed"]],
    ];
    for (const limit of [1, 3, 4, 100]) {
      const seen = await listed(setup, id, limit);
      assert.deepEqual(
        seen.map(({ endpoint_id, reasons }) => [endpoint_id, reasons]),
        expected,
        `limit ${limit}`,
      );
    }
    const { data } = (await setup.call("GET", `/v1/tenants/acme/events/${id}/deliveries`)).body;
    assert.deepEqual(
      data.map(({ endpoint_id }: { endpoint_id: string }) => endpoint_id),
      [paused, owed],
    );
  });

  test("it goes by the version in force at the event, whatever was changed since", async () => {
    const { setup, make, change } = await setUp();
    const endpoint = await make({ event_types: ["order.*"] });
    const { id } = await postEvent(setup, "acme", { type: "invoice.paid" });
    const path = `/v1/tenants/acme/endpoints/${endpoint}`;
    assert.equal((await setup.call("PATCH", path, { body: { event_types: null } })).status, 200);
    await change(endpoint, "disable");
    const second = await postEvent(setup, "acme", { type: "invoice.paid" });

    const { data } = (await setup.call("GET", pathOf(id))).body;

    assert.deepEqual([data[0].reasons, data[0].event_types], [["not_subscribed"], ["order.*"]]);
    assert.deepEqual((await listed(setup, second.id))[0]?.reasons, ["disabled_then"]);
  });

  test("an event for one endpoint matches no other, and that one whatever it subscribes to", async () => {
    const { setup, make } = await setUp();
    const meant = await make({ event_types: ["order.*"] });
    const other = await make();
    const { id } = await postEvent(setup, "acme", { type: "invoice.paid", to: meant });
    const seen = await listed(setup, id);
    assert.deepEqual(
      seen.map(({ endpoint_id, reasons }) => [endpoint_id, reasons]),
      [[other, ["for_another_endpoint"]]],
    );
  });

  test("another tenant's event is not found, and a key that may read no endpoints is refused", async () => {
    const { setup, make } = await setUp();
    await make({ event_types: ["order.*"] });
    const { id } = await postEvent(setup, "acme");
    const reader = await makeKey(setup, "acme", ["events:read"]);
    assertProblem(await setup.call("GET", pathOf(id), { key: reader }), "forbidden");
    const theirs = await makeKey(setup, "globex");
    assertProblem(await setup.call("GET", pathOf(id), { key: theirs }), "not_found");
    assertProblem(
      await setup.call("GET", pathOf(id).replace("acme", "globex"), { key: theirs }),
      "not_found",
    );
    assertProblem(await setup.call("GET", `${pathOf(id)}?cursor=x`), "invalid_request", ["?cursor"]);
  });
});
