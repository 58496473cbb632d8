import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { makeEndpoint, makeKey, setUpApp } from "./app-setup.test.ts";

const LIST = "/v1/tenants/acme/endpoints";

async function setup(tenant = "acme", body: object = {}) {
  const all = await setUpApp();
  const { id } = await makeEndpoint(all, tenant, body);
  const path = `/v1/tenants/${tenant}/endpoints/${id}`;
  const told = async () => {
    const { body: page } = await all.call("GET", "/v1/tenants/posthorn/events");
    return await Promise.all(
      page.data.map(async (event: { id: string; type: string; subject: string }) => {
        const { body: whole } = await all.call("GET", `/v1/tenants/posthorn/events/${event.id}`);
        return [event.type, event.subject, whole.data.reason];
      }),
    );
  };
  return { ...all, id, path, told };
}

describe("an endpoint that a person disables", () => {
  test("is told to the operator, once, however it is asked for", async () => {
    const asked = [
      async (all: Awaited<ReturnType<typeof setup>>) => all.call("POST", `${all.path}/disable`),
      async (all: Awaited<ReturnType<typeof setup>>) =>
        all.call("PATCH", all.path, { body: { enabled: false } }),
    ];
    for (const disable of asked) {
      const all = await setup();
      assert.equal((await disable(all)).body.state, "disabled");
      await disable(all);
      assert.deepEqual(await all.told(), [["endpoint.disabled", all.id, "by_request"]]);
      await all.call("POST", `${all.path}/enable`);
      assert.equal((await all.told()).length, 1);
      await disable(all);
      assert.equal((await all.told()).length, 2);
    }
  });

  test("is told to the operator, also where it is asked for in BSPK's own words", async () => {
    const all = await setup("acme", { contract: "bspk" });
    const key = await makeKey(all, "acme");
    const path = `/api/platform/v1/webhook_endpoints/${all.ports.ids.endpointNumberOf(all.id)}`;
    await all.call("PATCH", path, { key, body: { is_enabled: false } });
    assert.deepEqual(await all.told(), [["endpoint.disabled", all.id, "by_request"]]);
  });

  test("is not told where it is the operator's own", async () => {
    const all = await setup("posthorn");
    assert.equal((await all.call("POST", `${all.path}/disable`)).body.state, "disabled");
    assert.deepEqual(await all.told(), []);
  });

  test("is not told where it is paused, deleted, changed, or was made disabled", async () => {
    const all = await setup();
    await makeEndpoint(all, "acme", { enabled: false });
    await all.call("PATCH", all.path, { body: { description: "x" } });
    await all.call("POST", `${all.path}/pause`);
    await all.call("DELETE", all.path);
    assert.deepEqual(await all.told(), []);
    assert.equal((await all.call("GET", LIST)).body.data.length, 1);
  });
});
