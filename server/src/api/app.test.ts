import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { describe, type TestContext, test } from "node:test";
import fc from "fast-check";
import { createApp } from "./app.ts";
import { ADMIN_KEY, assertProblem, makeEndpoint, makeKey, setUpApp } from "./app-setup.test.ts";

describe("createApp()", () => {
  test("every answer has the request's id, and is not to be cached or sniffed", async () => {
    const { call } = await setUpApp();
    for (const [path, key] of [
      ["/healthz", ""],
      ["/v1/tenants", ""],
      ["/nowhere", ""],
      ["/v1/tenants/%ZZ", ""],
    ] as const) {
      const { headers } = await call("GET", path, { key });
      assert.match(String(headers["x-request-id"]), /^req_[0-9a-f]{12}_[0-9a-z]+$/, path);
      assert.equal(headers["cache-control"], "no-store");
      assert.equal(headers["x-content-type-options"], "nosniff");
    }
  });

  test("a caller's own request id is taken where it can stand in a log", async () => {
    const { call } = await setUpApp();
    const idOf = async (id: string) =>
      (await call("GET", "/healthz", { headers: { "x-request-id": id } })).headers["x-request-id"];
    assert.equal(await idOf("abc-1.2_3"), "abc-1.2_3");
    for (const id of ["a b", "x".repeat(129), "<script>", "", '"']) {
      assert.match(String(await idOf(id)), /^req_/);
    }
  });

  test("unknown paths are 404, and paths that cannot be read too", async () => {
    const { call } = await setUpApp();
    const paths = [
      "/",
      "/v1",
      "/v1/tenants/",
      "/v2/tenants",
      "/v1/tenants/acme/unknown",
      "/V1/tenants",
      "//v1/tenants",
    ];
    for (const path of [
      ...paths,
      "/v1/tenants/%ZZ",
      `/v1/tenants/${"x".repeat(10_000)}`,
      "/v1/tenants/..%2f..",
    ]) {
      assertProblem(await call("GET", path), "not_found");
    }
  });

  test("unknown methods of known paths are 405 and name the known ones, with nothing read", async () => {
    const { call } = await setUpApp();
    const answer = await call("PUT", "/v1/tenants/acme/events", { key: "", body: "not json" });
    assertProblem(answer, "method_not_allowed");
    assert.equal(answer.headers.allow, "GET, HEAD, OPTIONS, POST");
    assertProblem(await call("DELETE", "/healthz"), "method_not_allowed");
    assertProblem(await call("GET", "/v1/tenants/acme/endpoints/x/enable"), "method_not_allowed");
  });

  test("every path refuses every method it does not know", async () => {
    const { app, call } = await setUpApp();
    await app.ready();
    const paths = new Set(app.routeTable.map(({ path }) => path));
    assert.ok(paths.size > 20);
    for (const path of paths) {
      const known = app.routeTable.filter((route) => route.path === path).map(({ method }) => method);
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const) {
        if (!known.includes(method)) {
          const { status } = await call(method, path.replaceAll(/:\w+/g, "x"), { key: "" });
          // BSPK documents no 405; without a key its face says so first.
          assert.equal(status, path.startsWith("/api/platform/v1") ? 401 : 405, `${method} ${path}`);
        }
      }
    }
  });

  test("bodies that are not JSON objects of the right form are refused, never 5xx", async () => {
    const { call } = await setUpApp();
    const bad: readonly (readonly [string | Buffer, number])[] = [
      ["{", 400],
      ["", 422],
      ["null", 422],
      ["[]", 422],
      ["5", 422],
      ['"x"', 422],
      ["[".repeat(100_000), 400],
      ['{"name":"a","name":"b"}', 422],
      ['{"__proto__":{"name":"a"}}', 422],
      ['{"constructor":{"prototype":1},"name":"a"}', 422],
      [Buffer.from([0x7b, 0xff, 0x7d]), 400],
      [`{"name":"${"x".repeat(300_000)}"}`, 413],
    ];
    for (const [body, status] of bad) {
      const answer = await call("POST", "/v1/tenants", { body });
      assert.equal(answer.status, status, String(body).slice(0, 40));
      assert.match(String(answer.headers["content-type"]), /problem\+json/);
    }
    assertProblem(
      await call("POST", "/v1/tenants", { body: "a=b", headers: { "content-type": "text/plain" } }),
      "unsupported_media_type",
    );
    assertProblem(await call("POST", "/v1/tenants"), "invalid_request", [""]);
  });

  test("no body makes any route answer 5xx", async () => {
    const setup = await setUpApp();
    const { id } = await makeEndpoint(setup, "acme");
    const names = ["url", "contract", "event_types", "description", "enabled", "secret", "headers", "retry"];
    names.push(
      "max_in_flight",
      "rate_per_second",
      "latest_only_by",
      "timeout_ms",
      "metadata",
      "settings",
      "name",
      "id",
      "scopes",
    );
    names.push("expires_at", "type", "data", "subject", "occurred_at", "to", "idempotency_key", "target_url");
    names.push("events", "is_enabled", "delays_ms", "jitter", "__proto__", "constructor", "toString", "hmac");
    const leaf = fc.oneof(
      fc.constantFrom(
        "https://example.com",
        "bspk",
        "spektr",
        "client.updated",
        "2030-01-01T00:00:00Z",
        "*",
        id,
      ),
      fc.constantFrom("\u0000", "\ud800", "__proto__", 0, -0, 1, 1e308, -1, 0.5, null, true, "x".repeat(300)),
      fc.string({ unit: "binary", maxLength: 8 }),
    );
    const body = fc.oneof(
      fc.dictionary(
        fc.constantFrom(...names),
        fc.oneof(leaf, fc.array(leaf), fc.dictionary(fc.string(), leaf)),
      ),
      fc.json(),
    );
    const { app, call, clock } = setup;
    await app.ready();
    const key = await makeKey(setup, "acme");
    const routes = app.routeTable.filter(({ method }) => method === "POST" || method === "PATCH");
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom(...routes), async (sent, { method, path }) => {
        clock.at += 1000;
        const values: Readonly<Record<string, string>> = { tenant: "acme", endpoint: id, id: "1" };
        const at = path.replaceAll(/:(\w+)/g, (_, name: string) => values[name] ?? "x");
        const isFace = path.startsWith("/api");
        const answer = await call(method as "POST", at, { body: sent, ...(isFace ? { key } : {}) });
        assert.ok(answer.status < 500, `${method} ${at} ${JSON.stringify(sent)} ${answer.text}`);
      }),
      { numRuns: 500 },
    );
  });

  test("wrong queries are refused by name", async () => {
    const { call } = await setUpApp();
    const cases = [
      ["?limit=0", "?limit"],
      ["?limit=101", "?limit"],
      ["?limit=1.5", "?limit"],
      ["?limit=x", "?limit"],
      ["?limit=1&limit=2", "?limit"],
      ["?cursor=%00", "?cursor"],
      ["?cursor=AAAAAAAAAAAAAAAA", "?cursor"],
      [`?cursor=${"A".repeat(2000)}`, "?cursor"],
      ["?page=2", "?page"],
      ["?__proto__=2", "?__proto__"],
    ];
    for (const [query, pointer] of cases) {
      assertProblem(await call("GET", `/v1/tenants${query}`), "invalid_request", [pointer ?? ""]);
    }
  });

  test("keys are needed, and must be valid now", async () => {
    const setup = await setUpApp();
    const { call, clock } = setup;
    const body = { name: "short", expires_at: "2026-01-02T04:00:00Z" };
    const { key } = (await call("POST", "/v1/tenants/acme/keys", { body })).body;
    assert.equal((await call("GET", "/v1/tenants/acme", { key })).status, 200);
    clock.at = Date.parse("2026-01-02T04:00:00Z");
    assertProblem(await call("GET", "/v1/tenants/acme", { key }), "unauthorized");
    const headers = [
      "",
      "Bearer",
      "Bearer ",
      "Basic abc",
      `Token ${key}`,
      `Bearer ${"x".repeat(600)}`,
      "Bearer phk_x",
    ];
    for (const authorization of headers) {
      const answer = await call("GET", "/v1/tenants/acme", { key: "", headers: { authorization } });
      assertProblem(answer, "unauthorized");
      assert.equal(answer.headers["www-authenticate"], "Bearer");
    }
  });

  test("an admin key may come from the registry where none is configured", async () => {
    const first = await setUpApp();
    const app = createApp({ ...first.ports, adminKeyHash: undefined });
    const { hash } = await import("node:crypto");
    await first.store.createKey({
      id: "key_admin",
      tenant: undefined,
      name: "admin",
      hash: hash("sha256", "from the registry", "buffer"),
      scopes: undefined,
      ratePerSecond: undefined,
      createdAt: 0,
      expiresAt: undefined,
      lastUsedAt: undefined,
    });
    const headers = { authorization: "Bearer from the registry" };
    assert.equal((await app.inject({ url: "/v1/tenants", headers })).statusCode, 200);
    const configured = { authorization: "Bearer an admin key of thirty-two bytes" };
    assert.equal((await app.inject({ url: "/v1/tenants", headers: configured })).statusCode, 401);
  });

  test("no store is asked about what can be no tenant's id", async () => {
    const first = await setUpApp();
    const asked: string[] = [];
    const registry = {
      ...first.ports.registry,
      findTenant: async (id: string) => void asked.push(id),
    };
    const app = createApp({ ...first.ports, registry });
    const headers = { authorization: `Bearer ${ADMIN_KEY}` };
    for (const id of ["%00", "a%0ab", "%F0%9F%98%80", "..%2facme", "a'--", "x".repeat(65), "acme"]) {
      assert.equal((await app.inject({ url: `/v1/tenants/${id}`, headers })).statusCode, 404, id);
    }
    assert.deepEqual(asked, ["acme"]);
  });

  test("/readyz says when the store does not answer", async () => {
    const first = await setUpApp();
    const registry = {
      ...first.ports.registry,
      findTenant: async () => await Promise.reject(new Error("gone")),
    };
    const app = createApp({ ...first.ports, registry });
    const answer = await app.inject({ url: "/readyz" });
    assert.equal(answer.statusCode, 503);
    assert.equal(answer.json().code, "store_unavailable");
  });

  test("createApp() refuses a default contract that is not there", async () => {
    const { ports } = await setUpApp();
    assert.throws(() => createApp({ ...ports, defaultContract: "gone" }), /got gone/);
  });

  test("GET /v1/contracts shows disciplines, defaults and event types to any key", async () => {
    const setup = await setUpApp();
    const { body } = await setup.call("GET", "/v1/contracts", {
      key: await makeKey(setup, "acme", ["events:read"]),
    });
    const byName = new Map(body.data.map((contract: { name: string }) => [contract.name, contract]));
    assert.deepEqual(
      [...byName.keys()],
      ["standard", "bspk", "spektr", "bubblehouse", "cloudevents", "cloudevents-batch"],
    );
    const bspk = body.data[1];
    assert.equal(bspk.discipline, "each");
    assert.equal(bspk.catalogue, "closed");
    assert.equal(bspk.event_types.length, 11);
    assert.equal(bspk.defaults.timeout_ms, 5000);
    assert.equal(bspk.defaults.retry.delays_ms.length, 19);
    assert.equal(body.data[0].is_default, true);
    assertProblem(await setup.call("GET", "/v1/contracts", { key: "" }), "unauthorized");
  });
});

describe("createApp() on a socket", () => {
  async function listen(t: TestContext) {
    const { app } = await setUpApp();
    await app.listen({ port: 0, host: "127.0.0.1" });
    t.after(() => app.close());
    const { port } = app.server.address() as AddressInfo;
    return async (text: string): Promise<string> => {
      const socket = connect(port, "127.0.0.1");
      const chunks: Buffer[] = [];
      socket.on("data", (chunk: Buffer) => chunks.push(chunk));
      socket.write(text);
      await once(socket, "close");
      return Buffer.concat(chunks).toString();
    };
  }

  test("bytes that are no HTTP, and headers beyond the limit, are answered by a Problem", async (t) => {
    const send = await listen(t);
    const garbage = await send("this is not HTTP\r\n\r\n");
    assert.match(garbage, /^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*"code":"bad_request"/);
    const large = await send(`GET / HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(100_000)}\r\n\r\n`);
    assert.match(large, /^HTTP\/1\.1 431 [\s\S]*"code":"headers_too_large"/);
  });

  test("a length that is none is answered 400", async (t) => {
    const send = await listen(t);
    const head = "POST /v1/tenants/acme/events HTTP/1.1\r\nhost: x\r\nconnection: close\r\n";
    assert.match(await send(`${head}content-length: 5x\r\n\r\nabcde`), /^HTTP\/1\.1 400 /);
    const both = "content-length: 5\r\ntransfer-encoding: chunked\r\n\r\nabcde";
    assert.match(await send(head + both), /^HTTP\/1\.1 400 /);
  });

  test("what is larger than allowed is refused by its length, before it is sent", async (t) => {
    const send = await listen(t);
    const answer = await send(
      "POST /v1/tenants HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n" +
        `authorization: Bearer an admin key of thirty-two bytes\r\ncontent-length: 99999999\r\n\r\n`,
    );
    assert.match(answer, /^HTTP\/1\.1 413 [\s\S]*"code":"payload_too_large"/);
  });
});
