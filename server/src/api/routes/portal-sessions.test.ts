import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  ADMIN_KEY,
  assertProblem,
  makeEndpoint,
  makeKey,
  postEvent,
  type Sent,
  type Setup,
  setUpApp,
} from "../app-setup.test.ts";
import { makeSession } from "../every-route-setup.test.ts";
import type { ApiPorts } from "../ports.ts";

const PATH = "/v1/tenants/acme/portal-sessions";

const make = async ({ call }: Setup, body?: object, key = ADMIN_KEY) =>
  await call("POST", PATH, { key, ...(body === undefined ? {} : { body }) });

const linkIn = (url: string) => new URL(url).hash.replace("#link=", "");

const exchange = async (
  { call }: Setup,
  link: string,
  sent: { more?: object; headers?: Record<string, string> } = {},
) =>
  await call("POST", "/v1/session", {
    key: "",
    body: { portal_link: link, ...sent.more },
    headers: sent.headers ?? {},
  });

/** As a page of the portal asks. */
const shown = (cookie: string): Sent => ({ key: "", headers: { cookie, "posthorn-session": "portal" } });

/** Opens a portal and returns its cookie. */
async function open(setup: Setup, body?: object, key = ADMIN_KEY): Promise<string> {
  const made = await make(setup, body, key);
  assert.equal(made.status, 201, made.text);
  const { status, text, headers } = await exchange(setup, linkIn(made.body.url));
  assert.equal(status, 201, text);
  return String(headers["set-cookie"]).split(";")[0] ?? "";
}

describe("POST …/portal-sessions", () => {
  test("makes a link to the portal, whose secret no server is sent", async () => {
    const setup = await setUpApp();
    const { status, body } = await make(setup);
    assert.equal(status, 201);
    assert.match(body.url, /^http:\/\/localhost(:80)?\/portal\/#link=[\w-]+$/);
    assert.equal(body.expires_in, 3600);
    assert.equal(Date.parse(body.url_expires_at), setup.clock.now() + 5 * 60_000);
    const there = await setUpApp({ publicUrl: "https://hooks.example.com/posthorn" });
    assert.match((await make(there)).body.url, /^https:\/\/hooks\.example\.com\/posthorn\/portal\/#link=/);
  });

  test("a link opens one session, once, within five minutes", async () => {
    const setup = await setUpApp();
    const link = linkIn((await make(setup)).body.url);
    assertProblem(await exchange(setup, `${link}x`), "unauthorized");
    assert.equal((await exchange(setup, link)).status, 201);
    assertProblem(await exchange(setup, link), "unauthorized");
    const late = linkIn((await make(setup)).body.url);
    setup.clock.at += 5 * 60_000;
    assertProblem(await exchange(setup, late), "unauthorized");
  });

  test("of two that open a link at once, one is let in", async () => {
    const setup = await setUpApp();
    const link = linkIn((await make(setup)).body.url);
    const answers = await Promise.all([exchange(setup, link), exchange(setup, link)]);
    assert.deepEqual(
      answers.map(({ status }) => status).toSorted((a, b) => a - b),
      [201, 401],
    );
  });

  test("a link is no key and no cookie, and neither opens the other's place", async () => {
    const setup = await setUpApp();
    const link = linkIn((await make(setup)).body.url);
    const secret = setup.ports.seal.unseal(Buffer.from(link, "base64url"), "portal link").split(" ")[0];
    assertProblem(await setup.call("GET", "/v1/session", { key: secret }), "unauthorized");
    assertProblem(await setup.call("GET", "/v1/session", { key: link }), "unauthorized");
    const cookie = await open(setup);
    const [, value = ""] = cookie.split("=");
    const asDashboard = { cookie: `posthorn_${setup.ports.seal.keyId}=${value}`, "posthorn-session": "1" };
    assertProblem(await setup.call("GET", "/v1/session", { key: "", headers: asDashboard }), "unauthorized");
    const [, sessions = ""] = (await makeSession(setup, ADMIN_KEY)).split("=");
    const asPortal = shown(`posthorn_portal_${setup.ports.seal.keyId}=${sessions}`);
    assertProblem(await setup.call("GET", "/v1/session", asPortal), "unauthorized");
  });

  test("its session is of one tenant, for as long as was asked, and can see no other", async () => {
    const setup = await setUpApp();
    const cookie = await open(setup, { expires_in: 60 });
    const session = await setup.call("GET", "/v1/session", shown(cookie));
    assert.deepEqual(
      [session.body.kind, session.body.tenant, session.body.is_portal],
      ["tenant", "acme", true],
    );
    assert.equal((await setup.call("GET", "/v1/tenants/acme/endpoints", shown(cookie))).status, 200);
    for (const path of ["/v1/tenants/globex", "/v1/tenants/globex/endpoints", "/v1/tenants/globex/events"]) {
      assertProblem(await setup.call("GET", path, shown(cookie)), "not_found");
    }
    assertProblem(await setup.call("GET", "/v1/tenants", shown(cookie)), "forbidden");
    setup.clock.at += 60_000;
    assertProblem(await setup.call("GET", "/v1/session", shown(cookie)), "unauthorized");
  });

  test("its session makes endpoints and mends, and sends, erases and lets in nobody", async () => {
    const setup = await setUpApp();
    const endpoint = await makeEndpoint(setup, "acme");
    const event = await postEvent(setup, "acme");
    const cookie = await open(setup);
    const ask = async (method: "GET" | "POST" | "DELETE" | "PATCH", path: string, body?: object) =>
      await setup.call(method, `/v1/tenants/acme${path}`, {
        ...shown(cookie),
        ...(body === undefined ? {} : { body }),
      });
    const made = await ask("POST", "/endpoints", { url: "https://example.com/mine" });
    assert.match(made.body.secret, /^whsec_/);
    assert.equal((await ask("GET", `/endpoints/${made.body.id}`)).text.includes(made.body.secret), false);
    const [delivery] = (await ask("GET", "/deliveries")).body.data;
    assert.equal((await ask("POST", `/deliveries/${delivery.id}/replay`)).status, 202);
    assert.equal((await ask("POST", `/endpoints/${endpoint.id}/test`)).status, 202);
    assertProblem(await ask("POST", "/events", { type: "forged", data: 1 }), "forbidden");
    assertProblem(await ask("DELETE", `/events/${event.id}`), "forbidden");
    assertProblem(await ask("POST", "/event-types", { name: "x" }), "forbidden");
    assertProblem(await ask("GET", "/keys"), "forbidden");
    assertProblem(await ask("POST", "/portal-sessions"), "forbidden");
    assertProblem(await ask("DELETE", "/portal-sessions"), "forbidden");
    assertProblem(await ask("PATCH", "", { name: "x" }), "forbidden");
  });

  test("a key hands on nothing that it may not do itself", async () => {
    const setup = await setUpApp();
    const key = await makeKey(setup, "acme", ["endpoints:read", "deliveries:read", "events:write"]);
    assert.deepEqual((await make(setup, {}, key)).body.scopes, ["deliveries:read", "endpoints:read"]);
    assertProblem(await make(setup, { scopes: ["endpoints:read", "events:read"] }, key), "forbidden");
    assertProblem(await make(setup, {}, await makeKey(setup, "acme", ["events:write"])), "forbidden");
    assertProblem(await make(setup, { scopes: ["events:write"] }), "invalid_request");
    assertProblem(await make(setup, {}, await makeKey(setup, "globex")), "not_found");
    const cookie = await open(setup, { scopes: ["deliveries:read"] });
    const listed = await setup.call("GET", "/v1/tenants/acme/endpoints", shown(cookie));
    assertProblem(listed, "forbidden");
  });

  test("a session of the portal ends with the key that made it, and so does a link", async () => {
    const setup = await setUpApp();
    const made = await setup.call("POST", "/v1/tenants/acme/keys", { body: { name: "k" } });
    const cookie = await open(setup, {}, made.body.key);
    const link = linkIn((await make(setup, {}, made.body.key)).body.url);
    assert.equal((await setup.call("GET", "/v1/session", shown(cookie))).status, 200);
    await setup.call("DELETE", `/v1/tenants/acme/keys/${made.body.id}`);
    assertProblem(await setup.call("GET", "/v1/session", shown(cookie)), "unauthorized");
    assertProblem(await exchange(setup, link), "unauthorized");
  });

  test("an administrator ends all of a tenant's, and no dashboard's", async () => {
    const setup = await setUpApp();
    const dashboard = await makeSession(setup, await makeKey(setup, "acme"));
    const cookie = await open(setup);
    const link = linkIn((await make(setup)).body.url);
    assert.equal((await setup.call("DELETE", PATH)).status, 204);
    assertProblem(await setup.call("GET", "/v1/session", shown(cookie)), "unauthorized");
    assertProblem(await exchange(setup, link), "unauthorized");
    const headers = { cookie: dashboard, "posthorn-session": "1" };
    assert.equal((await setup.call("GET", "/v1/session", { key: "", headers })).status, 200);
  });

  test("a tenant has a hundred of the portal's at most, which end none of the dashboard's", async () => {
    const setup = await setUpApp();
    const dashboard = await makeSession(setup, await makeKey(setup, "acme"));
    const first = await open(setup);
    for (let count = 1; count < 101; count += 1) {
      setup.clock.at += 1;
      await open(setup);
    }
    assertProblem(await setup.call("GET", "/v1/session", shown(first)), "unauthorized");
    const headers = { cookie: dashboard, "posthorn-session": "1" };
    assert.equal((await setup.call("GET", "/v1/session", { key: "", headers })).status, 200);
  });
});

describe("the portal's cookie", () => {
  const origin = "https://hooks.example.com";
  const cookieOf = async (change: Partial<ApiPorts>, is_embedded: boolean) => {
    const setup = await setUpApp(change);
    const link = linkIn((await make(setup)).body.url);
    const { headers } = await exchange(setup, link, { more: { is_embedded }, headers: { origin } });
    return String(headers["set-cookie"]);
  };

  test("goes to no other site's page, unless that may show the portal in a frame", async () => {
    const listed = { portalOrigins: ["https://app.example.com"] };
    assert.match(
      await cookieOf({}, false),
      /^posthorn_portal_[0-9a-f]{8}=[\w-]+; Path=\/; HttpOnly; SameSite=Strict; Secure; Max-Age=3600$/,
    );
    assert.match(await cookieOf({}, true), /; SameSite=Strict; Secure; /);
    assert.match(await cookieOf(listed, false), /; SameSite=Strict; Secure; /);
    assert.match(await cookieOf(listed, true), /; HttpOnly; SameSite=None; Secure; Partitioned; /);
  });

  test("counts only with a header that no other site's page can send", async () => {
    const setup = await setUpApp();
    const cookie = await open(setup);
    const asked = await setup.call("GET", "/v1/tenants/acme/endpoints", { key: "", headers: { cookie } });
    assertProblem(asked, "unauthorized");
  });
});
