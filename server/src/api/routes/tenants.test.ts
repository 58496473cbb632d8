import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createApp } from "../app.ts";
import { assertProblem, makeEndpoint, makeKey, postEvent, START, setUpApp } from "../app-setup.test.ts";

describe("tenants", () => {
  test("a tenant has the id that was given, or one that is made", async () => {
    const { call } = await setUpApp();
    const given = await call("POST", "/v1/tenants", {
      body: { id: "bspk_1", name: "BSPK", contract: "bspk" },
    });
    assert.equal(given.status, 201);
    const created_at = "2026-01-02T03:04:05.006Z";
    const retention = { payload_days: null, attempts_days: null, dead_letters_days: null };
    const shown = { id: "bspk_1", name: "BSPK", contract: "bspk", validation: "off", retention, created_at };
    assert.deepEqual(given.body, shown);
    const made = await call("POST", "/v1/tenants", { body: { name: "x" } });
    assert.match(made.body.id, /^ten_[A-Za-z0-9_-]{16}$/);
    assert.equal(made.body.contract, null);
    assert.deepEqual((await call("GET", `/v1/tenants/${made.body.id}`)).body, made.body);
  });

  test("wrong members are named", async () => {
    const { call } = await setUpApp();
    const cases: readonly (readonly [object, readonly string[]])[] = [
      [{}, ["/name"]],
      [{ name: "" }, ["/name"]],
      [{ name: "x".repeat(201) }, ["/name"]],
      [{ name: "a\u0000b" }, ["/name"]],
      [{ name: 5 }, ["/name"]],
      [{ name: "x", id: "a.b" }, ["/id"]],
      [{ name: "x", id: "" }, ["/id"]],
      [{ name: "x", id: "x".repeat(65) }, ["/id"]],
      [{ name: "x", contract: "stripe" }, ["/contract"]],
      [{ name: "x", contract: "__proto__" }, ["/contract"]],
      [{ name: "x", number: 5 }, ["/number"]],
      [{ name: "x", retention: { payload_days: 0 } }, ["/retention/payload_days"]],
      [{ name: "x", retention: { attempts_days: 1.5 } }, ["/retention/attempts_days"]],
      [{ name: "x", retention: { dead_letters_days: 36_501 } }, ["/retention/dead_letters_days"]],
      [{ name: "x", retention: { events_days: 1 } }, ["/retention/events_days"]],
    ];
    for (const [body, pointers] of cases) {
      assertProblem(await call("POST", "/v1/tenants", { body }), "invalid_request", pointers);
    }
  });

  test("what is kept for less time is changed by kind, up to the installation's", async () => {
    const { call } = await setUpApp({ keepMs: 90 * 86_400_000, retention: { attempts: 30 } });
    const of = async (retention: object) => await call("PATCH", "/v1/tenants/acme", { body: { retention } });
    const none = { payload_days: null, attempts_days: null, dead_letters_days: null };

    const both = await of({ payload_days: 7, attempts_days: 30 });
    assert.deepEqual(both.body.retention, { ...none, payload_days: 7, attempts_days: 30 });
    const one = await of({ payload_days: null });
    assert.deepEqual(one.body.retention, { ...none, attempts_days: 30 });
    const renamed = await call("PATCH", "/v1/tenants/acme", { body: { name: "Acme" } });
    assert.deepEqual(renamed.body.retention, one.body.retention);

    const wrong = await of({ payload_days: 91, attempts_days: 31, dead_letters_days: 90 });
    assertProblem(wrong, "invalid_request", ["/retention/payload_days", "/retention/attempts_days"]);
    assert.deepEqual((await call("GET", "/v1/tenants/acme")).body.retention, one.body.retention);
    const made = await call("POST", "/v1/tenants", { body: { name: "x", retention: { payload_days: 1 } } });
    assert.deepEqual(made.body.retention, { ...none, payload_days: 1 });
  });

  test("an id is given once, also after its tenant was deleted", async () => {
    const { call } = await setUpApp();
    const body = { id: "acme", name: "again" };
    assertProblem(await call("POST", "/v1/tenants", { body }), "tenant_exists");
    assert.equal((await call("DELETE", "/v1/tenants/acme")).status, 204);
    assertProblem(await call("POST", "/v1/tenants", { body }), "tenant_exists");
    assertProblem(await call("GET", "/v1/tenants/acme"), "not_found");
  });

  test("a change keeps what is absent", async () => {
    const { call } = await setUpApp();
    const changed = await call("PATCH", "/v1/tenants/acme", { body: { contract: "spektr" } });
    assert.deepEqual([changed.body.name, changed.body.contract], ["acme", "spektr"]);
    const renamed = await call("PATCH", "/v1/tenants/acme", { body: { name: "Acme" } });
    assert.deepEqual([renamed.body.name, renamed.body.contract], ["Acme", "spektr"]);
    assertProblem(await call("PATCH", "/v1/tenants/acme", { body: { id: "b" } }), "invalid_request", ["/id"]);
    assertProblem(await call("PATCH", "/v1/tenants/acme", { body: { contract: "x" } }), "invalid_request", [
      "/contract",
    ]);
  });

  test("a deleted tenant's keys, endpoints and events are gone, and the engine is told", async () => {
    const setup = await setUpApp();
    const { call, engine } = setup;
    const key = await makeKey(setup, "acme");
    const endpoint = await makeEndpoint(setup, "acme");
    await postEvent(setup, "acme");
    const noted = engine.noted.length;
    assert.equal((await call("DELETE", "/v1/tenants/acme")).status, 204);
    assert.equal(engine.noted.length, noted + 1);
    assertProblem(await call("GET", "/v1/tenants/acme", { key }), "unauthorized");
    assertProblem(await call("GET", `/v1/tenants/acme/endpoints/${endpoint.id}`), "not_found");
    assertProblem(
      await call("POST", "/v1/tenants/acme/events", { body: { type: "a", data: 1 } }),
      "not_found",
    );
  });

  test("pages go from the newest to the oldest and meet every tenant once", async () => {
    const { call } = await setUpApp();
    for (let count = 0; count < 5; count += 1) {
      await call("POST", "/v1/tenants", { body: { id: `t${count}`, name: "x" } });
    }
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const { body } = await call("GET", `/v1/tenants?limit=3${query}`);
      assert.ok(body.data.length <= 3);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      cursor = body.next_cursor;
    }
    assert.deepEqual(seen, ["t4", "t3", "t2", "t1", "t0", "posthorn", "globex", "acme"]);
  });

  test("the operator's tenant is there from the start, like any other, and stays", async () => {
    const setup = await setUpApp();
    const { call } = setup;
    const path = "/v1/tenants/posthorn";
    assertProblem(
      await call("POST", "/v1/tenants", { body: { id: "posthorn", name: "x" } }),
      "tenant_exists",
    );
    assertProblem(await call("DELETE", path), "tenant_reserved");
    assert.equal((await call("GET", path)).body.contract, "standard");
    assert.equal((await call("PATCH", path, { body: { name: "Us" } })).body.name, "Us");
    const endpoint = await makeEndpoint(setup, "posthorn", { event_types: ["endpoint.*"] });
    assert.equal((await call("GET", `${path}/endpoints`)).body.data[0].id, endpoint.id);
  });

  test("a tenant's key may read its tenant and not administer it", async () => {
    const setup = await setUpApp();
    const key = await makeKey(setup, "acme");
    assert.equal((await setup.call("GET", "/v1/tenants/acme", { key })).status, 200);
    for (const [method, path] of [
      ["GET", "/v1/tenants"],
      ["DELETE", "/v1/tenants/acme"],
      ["GET", "/v1/tenants/acme/keys"],
    ] as const) {
      assertProblem(await setup.call(method, path, { key }), "forbidden");
    }
    const body = { name: "x" };
    assertProblem(await setup.call("POST", "/v1/tenants", { key, body }), "forbidden");
    assertProblem(await setup.call("PATCH", "/v1/tenants/acme", { key, body }), "forbidden");
    assertProblem(await setup.call("POST", "/v1/tenants/acme/keys", { key, body }), "forbidden");
  });
});

describe("keys of a tenant", () => {
  test("a key is answered once, and only its hash is stored", async () => {
    const { call, store } = await setUpApp();
    const body = { name: "ci", scopes: ["events:write"], expires_at: "2027-01-01T00:00:00Z" };
    const made = await call("POST", "/v1/tenants/acme/keys", { body });
    assert.equal(made.status, 201);
    assert.match(made.body.key, /^phk_[A-Za-z0-9]{49}$/);
    assert.match(made.body.id, /^key_/);
    const list = await call("GET", "/v1/tenants/acme/keys");
    const { key, ...rest } = made.body;
    assert.deepEqual(list.body, { data: [rest], next_cursor: null });
    assert.equal(rest.expires_at, "2027-01-01T00:00:00.000Z");
    const tenant = await store.findTenant("acme");
    const stored = await store.listKeys(tenant?.number);
    assert.equal(JSON.stringify(stored).includes(key), false);
  });

  test("a revoked key stops working at once, and only its own tenant can be asked to revoke it", async () => {
    const setup = await setUpApp();
    const { call } = setup;
    const { id, key } = (await call("POST", "/v1/tenants/acme/keys", { body: { name: "x" } })).body;
    assertProblem(await call("DELETE", `/v1/tenants/globex/keys/${id}`), "not_found");
    assert.equal((await call("GET", "/v1/tenants/acme", { key })).status, 200);
    assert.equal((await call("DELETE", `/v1/tenants/acme/keys/${id}`)).status, 204);
    assertProblem(await call("GET", "/v1/tenants/acme", { key }), "unauthorized");
    assertProblem(await call("DELETE", `/v1/tenants/acme/keys/${id}`), "not_found");
    assertProblem(await call("DELETE", "/v1/tenants/acme/keys/%00"), "not_found");
  });

  test("a mistyped key is told from an unknown one, and no store is asked about it", async () => {
    const { call, ports } = await setUpApp();
    const { key, id } = (await call("POST", "/v1/tenants/acme/keys", { body: { name: "x" } })).body;
    const asked: Uint8Array[] = [];
    const registry = {
      ...ports.registry,
      async findKey(hash: Uint8Array) {
        asked.push(hash);
        return await ports.registry.findKey(hash);
      },
    };
    const app = createApp({ ...ports, registry });
    const detailFor = async (text: string) => {
      const headers = { authorization: `Bearer ${text}` };
      const answer = await app.inject({ url: "/v1/tenants/acme", headers });
      return answer.statusCode === 401 ? answer.json().detail : answer.statusCode;
    };

    assert.match(await detailFor(key.slice(0, -1)), /mistyped/);
    assert.equal(asked.length, 0);
    assert.equal(await detailFor(key), 200);
    await call("DELETE", `/v1/tenants/acme/keys/${id}`);
    assert.doesNotMatch(await detailFor(key), /mistyped/);
    assert.equal(asked.length, 2);
  });

  test("a key shows when it was last used, and one that is refused was not used", async () => {
    const { call, clock } = await setUpApp();
    const body = { name: "x", expires_at: new Date(START + 10_000).toISOString() };
    const { key } = (await call("POST", "/v1/tenants/acme/keys", { body })).body;
    const lastUsedAt = async () => (await call("GET", "/v1/tenants/acme/keys")).body.data[0].last_used_at;
    assert.equal(await lastUsedAt(), null);

    clock.at += 5000;
    assert.equal((await call("GET", "/v1/tenants/acme", { key })).status, 200);
    const used = new Date(clock.at).toISOString();
    assert.equal(await lastUsedAt(), used);
    clock.at += 6000;
    assertProblem(await call("GET", "/v1/tenants/acme", { key }), "unauthorized");
    assert.equal(await lastUsedAt(), used);
  });

  test("a key's last use is stored when the application closes", async () => {
    const { app, call, store } = await setUpApp();
    const { key } = (await call("POST", "/v1/tenants/acme/keys", { body: { name: "x" } })).body;
    await call("GET", "/v1/tenants/acme", { key });
    await app.close();
    const tenant = await store.findTenant("acme");
    assert.equal((await store.listKeys(tenant?.number))[0]?.lastUsedAt, START);
  });

  test("a key works until its time is over, and not in that moment any more", async () => {
    const { call, clock } = await setUpApp();
    const body = { name: "ci", expires_at: new Date(clock.at + 1000).toISOString() };
    const { key } = (await call("POST", "/v1/tenants/acme/keys", { body })).body;
    clock.at += 999;
    assert.equal((await call("GET", "/v1/tenants/acme", { key })).status, 200);
    clock.at += 1;
    assertProblem(await call("GET", "/v1/tenants/acme", { key }), "unauthorized");
  });

  test("a key may do what its scopes name and nothing else", async () => {
    const setup = await setUpApp();
    const { call } = setup;
    const endpoint = await makeEndpoint(setup, "acme");
    const event = { body: { type: "a", data: 1 } };
    const calls = {
      "events:write": ["POST", "/v1/tenants/acme/events", event],
      "events:read": ["GET", "/v1/tenants/acme/events", {}],
      "endpoints:write": ["POST", `/v1/tenants/acme/endpoints/${endpoint.id}/pause`, {}],
      "endpoints:read": ["GET", "/v1/tenants/acme/endpoints", {}],
    } as const;
    for (const scope of Object.keys(calls)) {
      const key = await makeKey(setup, "acme", [scope]);
      for (const [needed, [method, path, sent]] of Object.entries(calls)) {
        const answer = await call(method, path, { ...sent, key });
        if (needed === scope) {
          assert.ok(answer.status < 300, `${scope} ${path}`);
        } else {
          assertProblem(answer, "forbidden");
        }
      }
    }
  });

  test("wrong members of a key are named", async () => {
    const { call } = await setUpApp();
    const cases: readonly (readonly [object, string])[] = [
      [{}, "/name"],
      [{ name: "x", scopes: [] }, "/scopes"],
      [{ name: "x", scopes: ["admin"] }, "/scopes/0"],
      [{ name: "x", expires_at: "2020-01-01T00:00:00Z" }, "/expires_at"],
      [{ name: "x", expires_at: "soon" }, "/expires_at"],
      [{ name: "x\u0007" }, "/name"],
      [{ name: "x", key: "phk_mine" }, "/key"],
    ];
    for (const [body, pointer] of cases) {
      assertProblem(await call("POST", "/v1/tenants/acme/keys", { body }), "invalid_request", [pointer]);
    }
  });
});
