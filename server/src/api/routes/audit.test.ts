import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assertProblem, makeEndpoint, makeKey, type Setup, START, setUpApp } from "../app-setup.test.ts";

const AUDIT = "/v1/audit";
const OF_ACME = "/v1/tenants/acme/audit";

async function listed({ call }: Setup, path = AUDIT, key?: string) {
  const answer = await call("GET", path, key === undefined ? {} : { key });
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
}

async function actionsOf(setup: Setup, path?: string, key?: string): Promise<readonly string[]> {
  return (await listed(setup, path, key)).data.map(({ action }: { action: string }) => action);
}

describe("GET /v1/audit", () => {
  test("shows what was done, by whom, to what, newest first", async () => {
    const setup = await setUpApp();
    await setup.call("POST", "/v1/tenants", {
      body: { id: "initech", name: "x" },
      headers: { "x-request-id": "mine" },
    });
    const endpoint = await makeEndpoint(setup, "acme");
    setup.clock.at += 5;
    await setup.call("DELETE", `/v1/tenants/acme/endpoints/${endpoint.id}`);

    const { data, next_cursor } = await listed(setup);

    const by = { kind: "admin", key: null, session: null };
    assert.equal(next_cursor, null);
    assert.deepEqual(
      data.map(({ id: _, ...entry }: { id: string }) => entry),
      [
        {
          at: new Date(START + 5).toISOString(),
          by,
          tenant: "acme",
          action: "deleteEndpoint",
          resource: { endpoint: endpoint.id },
          request_id: data[0].request_id,
          status: 204,
        },
        {
          at: new Date(START).toISOString(),
          by,
          tenant: "acme",
          action: "createEndpoint",
          resource: { endpoint: endpoint.id },
          request_id: data[1].request_id,
          status: 201,
        },
        {
          at: new Date(START).toISOString(),
          by,
          tenant: "initech",
          action: "createTenant",
          resource: { tenant: "initech" },
          request_id: "mine",
          status: 201,
        },
      ],
    );
  });

  test("takes an admin key, and no tenant's", async () => {
    const setup = await setUpApp();
    const key = await makeKey(setup, "acme");

    assertProblem(await setup.call("GET", AUDIT, { key }), "forbidden");
    assertProblem(await setup.call("GET", AUDIT, { key: "" }), "unauthorized");
  });

  test("filters by action, by who did it and by time", async () => {
    const setup = await setUpApp();
    const made = await setup.call("POST", "/v1/tenants/acme/keys", { body: { name: "one" } });
    setup.clock.at += 1000;
    const { key, id } = made.body;
    await setup.call("POST", "/v1/tenants/acme/endpoints", { key, body: { url: "https://example.com" } });
    setup.clock.at += 1000;
    await makeEndpoint(setup, "acme");
    const at = (ms: number) => new Date(START + ms).toISOString();

    assert.deepEqual(await actionsOf(setup, `${AUDIT}?action=createKey`), ["createKey"]);
    assert.deepEqual(await actionsOf(setup, `${AUDIT}?by=${id}`), ["createEndpoint"]);
    assert.deepEqual(await actionsOf(setup, `${AUDIT}?by=${id}&action=createKey`), []);
    assert.deepEqual(await actionsOf(setup, `${AUDIT}?since=${at(1000)}`), [
      "createEndpoint",
      "createEndpoint",
    ]);
    assert.deepEqual(await actionsOf(setup, `${AUDIT}?since=${at(1000)}&until=${at(2000)}`), [
      "createEndpoint",
    ]);
    assert.deepEqual(await actionsOf(setup, `${AUDIT}?until=${at(1000)}`), ["createKey"]);
    assertProblem(await setup.call("GET", `${AUDIT}?since=yesterday`), "invalid_request", ["?since"]);
  });

  test("gives pages that join, whatever is filtered, and takes no other list's cursor", async () => {
    const setup = await setUpApp();
    const key = await makeKey(setup, "acme");
    for (let count = 0; count < 7; count += 1) {
      await makeEndpoint(setup, "acme");
      await setup.call("POST", "/v1/tenants/acme/endpoints", { key, body: { url: "https://example.com" } });
    }
    async function idsOf(filters: string): Promise<readonly string[]> {
      const ids: string[] = [];
      for (let cursor = ""; ; ) {
        const page = await listed(setup, `${OF_ACME}?limit=3${filters}${cursor}`);
        ids.push(...page.data.map(({ id }: { id: string }) => id));
        if (page.next_cursor === null) {
          return ids;
        }
        cursor = `&cursor=${page.next_cursor}`;
      }
    }

    const all = await idsOf("");
    assert.equal(all.length, 15);
    assert.equal(new Set(all).size, 15);
    assert.deepEqual(
      all,
      (await listed(setup, OF_ACME)).data.map(({ id }: { id: string }) => id),
    );
    assert.equal((await idsOf("&action=createEndpoint")).length, 14);
    assert.equal((await idsOf("&action=createKey")).length, 1);
    const { next_cursor } = await listed(setup, `${OF_ACME}?limit=3`);
    const wrong = await setup.call("GET", `${AUDIT}?limit=3&cursor=${next_cursor}`);
    assertProblem(wrong, "invalid_request", ["?cursor"]);
  });
});

describe("GET /v1/tenants/{tenant}/audit", () => {
  test("shows what was done to the tenant, whoever did it, and nothing else", async () => {
    const setup = await setUpApp();
    const key = await makeKey(setup, "acme");
    await makeEndpoint(setup, "globex");
    await setup.call("POST", "/v1/tenants", { body: { name: "x" } });
    await setup.call("POST", "/v1/tenants/acme/endpoints", { key, body: { url: "https://example.com" } });

    assert.deepEqual(await actionsOf(setup, OF_ACME, key), ["createEndpoint", "createKey"]);
    assert.deepEqual(await actionsOf(setup, "/v1/tenants/globex/audit"), ["createEndpoint"]);
  });

  test("needs the scope audit:read, which no role but the administrator's has", async () => {
    const setup = await setUpApp();
    const others = ["events:write", "events:read", "endpoints:write", "deliveries:write", "events:erase"];
    const without = await makeKey(setup, "acme", others);
    const reader = await makeKey(setup, "acme", ["audit:read"]);

    assertProblem(await setup.call("GET", OF_ACME, { key: without }), "forbidden");
    assert.equal((await setup.call("GET", OF_ACME, { key: reader })).status, 200);
    assertProblem(await setup.call("GET", "/v1/tenants/acme/endpoints", { key: reader }), "forbidden");
  });
});
