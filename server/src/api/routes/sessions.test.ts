import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { describe, test } from "node:test";
import { makeApiKey } from "../../api-key.ts";
import { HOUR_MS } from "../../model/duration.ts";
import { ADMIN_KEY, assertProblem, makeKey, type Setup, setUpApp } from "../app-setup.test.ts";
import { makeSession } from "../every-route-setup.test.ts";

const LINK = "what stands in the link";
const OF_ADMIN = { token: LINK, keyDigest: hash("sha256", ADMIN_KEY, "buffer") };

const shown = (cookie: string) => ({ key: "", headers: { cookie, "posthorn-session": "1" } });

const signIn = (setup: Setup, body: object, headers = {}) =>
  setup.call("POST", "/v1/session", { key: "", body, headers });

describe("/v1/session", () => {
  test("a key opens a session, whose cookie no script reads and no other site sends", async () => {
    const setup = await setUpApp();
    const { status, body, headers } = await signIn(setup, { key: ADMIN_KEY });
    assert.equal(status, 201);
    assert.equal(body.kind, "admin");
    assert.match(
      String(headers["set-cookie"]),
      /^posthorn_[0-9a-f]{8}=[\w-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/,
    );
    assert.equal(String(headers["set-cookie"]).includes(ADMIN_KEY), false);
    const key = await makeKey(setup, "acme", ["events:read"]);
    const session = await setup.call("GET", "/v1/session", shown(await makeSession(setup, key)));
    const { expires_at, ...who } = session.body;
    assert.deepEqual(who, { kind: "tenant", is_portal: false, tenant: "acme", scopes: ["events:read"] });
    assert.equal(Date.parse(expires_at), setup.clock.now() + 12 * HOUR_MS);
  });

  test("the cookie is for https alone where the page came by it", async () => {
    const setup = await setUpApp();
    const origin = "https://posthorn.example.com";
    const { headers } = await signIn(setup, { key: ADMIN_KEY }, { origin });
    assert.match(String(headers["set-cookie"]), /; Secure; /);
  });

  test("a session may do what its key may, and no more", async () => {
    const setup = await setUpApp();
    const session = await makeSession(setup, await makeKey(setup, "acme", ["events:read"]));
    assert.equal((await setup.call("GET", "/v1/tenants/acme/events", shown(session))).status, 200);
    assertProblem(await setup.call("GET", "/v1/tenants/acme/endpoints", shown(session)), "forbidden");
    assertProblem(await setup.call("GET", "/v1/tenants", shown(session)), "forbidden");
    assertProblem(await setup.call("GET", "/v1/tenants/globex/events", shown(session)), "not_found");
  });

  test("a cookie without the header that no other site can send opens nothing", async () => {
    const setup = await setUpApp();
    const cookie = await makeSession(setup, ADMIN_KEY);
    for (const [method, path] of [
      ["GET", "/v1/tenants"],
      ["POST", "/v1/tenants"],
      ["DELETE", "/v1/session"],
    ] as const) {
      const body = method === "POST" ? { body: { name: "x" } } : {};
      assertProblem(
        await setup.call(method, path, { key: "", headers: { cookie }, ...body }),
        "unauthorized",
      );
    }
  });

  test("a key goes before a session; a password that a proxy asks for does not", async () => {
    const setup = await setUpApp();
    const { headers } = shown(await makeSession(setup, ADMIN_KEY));
    const key = await makeKey(setup, "acme");
    const asked = async (authorization: string) =>
      await setup.call("GET", "/v1/session", { key: "", headers: { ...headers, authorization } });
    assert.equal((await asked(`Bearer ${key}`)).body.kind, "tenant");
    assertProblem(await asked("Bearer wrong"), "unauthorized");
    assert.equal((await asked("Basic dXNlcjpwYXNz")).body.kind, "admin");
  });

  test("signing out ends the session and no other of the same key", async () => {
    const setup = await setUpApp();
    const [one, other] = [await makeSession(setup, ADMIN_KEY), await makeSession(setup, ADMIN_KEY)];
    const { status, headers } = await setup.call("DELETE", "/v1/session", shown(one));
    assert.equal(status, 204);
    assert.match(String(headers["set-cookie"]), /^posthorn_[0-9a-f]{8}=; .*Max-Age=0/);
    assertProblem(await setup.call("GET", "/v1/session", shown(one)), "unauthorized");
    assert.equal((await setup.call("GET", "/v1/session", shown(other))).status, 200);
  });

  test("a session is over with its time", async () => {
    const setup = await setUpApp();
    const session = await makeSession(setup, ADMIN_KEY);
    setup.clock.at += 12 * HOUR_MS - 1;
    assert.equal((await setup.call("GET", "/v1/session", shown(session))).status, 200);
    setup.clock.at += 1;
    assertProblem(await setup.call("GET", "/v1/session", shown(session)), "unauthorized");
  });

  test("a session is over when its key is revoked", async () => {
    const setup = await setUpApp();
    const made = await setup.call("POST", "/v1/tenants/acme/keys", { body: { name: "k" } });
    const session = await makeSession(setup, made.body.key);
    await setup.call("DELETE", `/v1/tenants/acme/keys/${made.body.id}`);
    assertProblem(await setup.call("GET", "/v1/tenants/acme", shown(session)), "unauthorized");
  });

  test("a link opens one session, once", async () => {
    const setup = await setUpApp({ signIn: OF_ADMIN });
    assertProblem(await signIn(setup, { link: "another" }), "unauthorized");
    const { status, body } = await signIn(setup, { link: LINK });
    assert.deepEqual([status, body.kind], [201, "admin"]);
    assertProblem(await signIn(setup, { link: LINK }), "unauthorized");
  });

  test("a link's session ends with the key that it counts by, which the store may have", async () => {
    const first = await setUpApp();
    const key = makeApiKey(first.ports.random);
    const admin = { id: "key_first", tenant: undefined, name: "first", hash: hash("sha256", key, "buffer") };
    const setup = await setUpApp({ signIn: { token: LINK, keyDigest: admin.hash } });
    const rest = { scopes: undefined, ratePerSecond: undefined, expiresAt: undefined, lastUsedAt: undefined };
    assert.ok(await setup.store.createKey({ ...admin, ...rest, createdAt: 0 }));
    const { headers } = await signIn(setup, { link: LINK });
    const [session = ""] = String(headers["set-cookie"]).split(";");
    assert.equal((await setup.call("GET", "/v1/tenants", shown(session))).status, 200);
    assert.ok(await setup.store.revokeKey(undefined, "key_first"));
    assertProblem(await setup.call("GET", "/v1/tenants", shown(session)), "unauthorized");
  });

  test("a link opens nothing after an hour, and none without one", async () => {
    const setup = await setUpApp({ signIn: OF_ADMIN });
    setup.clock.at += HOUR_MS;
    assertProblem(await signIn(setup, { link: LINK }), "unauthorized");
    assertProblem(await signIn(await setUpApp(), { link: LINK }), "unauthorized");
  });

  test("what is stored of a session is no key: not listed, not let in, and without scopes", async () => {
    const setup = await setUpApp();
    const key = await makeKey(setup, "acme");
    const session = await makeSession(setup, key);
    const acme = await setup.store.findTenant("acme");
    const rows = await setup.store.listKeys(acme?.number);
    assert.deepEqual(
      rows.map(({ id, scopes }) => [id.slice(0, 4), scopes]),
      [
        ["ses_", []],
        ["key_", undefined],
      ],
    );
    const listed = await setup.call("GET", "/v1/tenants/acme/keys");
    assert.equal(listed.body.data.length, 1);
    const [, sealed = ""] = session.split("=");
    const [secret = ""] = setup.ports.seal.unseal(Buffer.from(sealed, "base64url"), "session").split(" ");
    assertProblem(await setup.call("GET", "/v1/tenants/acme", { key: secret }), "unauthorized");
  });

  test("a tenant has a hundred sessions at most, and what is over makes room", async () => {
    const setup = await setUpApp();
    const key = await makeKey(setup, "acme");
    const first = await makeSession(setup, key);
    for (let count = 1; count < 101; count += 1) {
      setup.clock.at += 1;
      await makeSession(setup, key);
    }
    assertProblem(await setup.call("GET", "/v1/session", shown(first)), "unauthorized");
    const acme = await setup.store.findTenant("acme");
    assert.equal((await setup.store.listKeys(acme?.number)).length, 101);
    setup.clock.at += 13 * HOUR_MS;
    await makeSession(setup, key);
    assert.equal((await setup.store.listKeys(acme?.number)).length, 2);
  });
});
