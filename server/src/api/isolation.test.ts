/**
 * Invariant 9 over the whole table of routes: a route that is added is tested here without a line of its
 * own.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SCOPES } from "../model/tenant.ts";
import { ADMIN_KEY, type Answer, makeKey } from "./app-setup.test.ts";
import { isOfFace, isOfTenant, makeSession, pathOf, send, twoTenants } from "./every-route-setup.test.ts";

/** What is the same in both answers, whoever asks for whatever: an answer may name what it was asked for. */
function visible({ status, text, headers }: Answer, asked: Readonly<Record<string, string>>) {
  const { "x-request-id": _id, date: _date, "x-ratelimit-remaining": _rate, ...rest } = headers;
  const { "content-length": _length, ...others } = rest;
  const ids = Object.values(asked).toSorted((one, other) => other.length - one.length);
  return { status, text: ids.reduce((said, id) => said.replaceAll(id, "…"), text), headers: others };
}

/** What anyone may ask for; the endpoints of these tests have no public keys to show. */
const PUBLIC: Readonly<Record<string, number>> = {
  "/healthz": 200,
  "/readyz": 200,
  "/openapi.json": 200,
  "/v1/tenants/:tenant/endpoints/:endpoint/jwks.json": 404,
};

type All = Awaited<ReturnType<typeof twoTenants>>;

/** Every route with what lets one in: a tenant's key, and the session of a browser that signed in with it. */
function everyRoute({ routes, acme }: All) {
  const isSignOut = ({ method, path }: All["routes"][number]) => `${method} ${path}` === "DELETE /v1/session";
  return [
    ...routes.map((route) => ({ route, key: acme.key })),
    // Signing out comes last: it does what it says.
    ...routes
      .toSorted((a, b) => Number(isSignOut(a)) - Number(isSignOut(b)))
      .map((route) => {
        return { route, key: acme.session };
      }),
  ];
}

/** Keys and sessions that were right once: revoked, over, ended, and of a tenant that is deleted. */
async function deadKeys(all: All): Promise<readonly string[]> {
  const { call, clock } = all;
  const make = async (tenant: string, member: object = {}) =>
    (await call("POST", `/v1/tenants/${tenant}/keys`, { body: { name: "dead", ...member } })).body;
  const revoked = await make("acme");
  const orphaned = await makeSession(all, revoked.key);
  await call("DELETE", `/v1/tenants/acme/keys/${revoked.id}`);
  const signedOut = await makeSession(all, all.acme.key);
  const headers = { cookie: signedOut, "posthorn-session": "1" };
  assert.equal((await call("DELETE", "/v1/session", { key: "", headers })).status, 204);
  const expired = await make("acme", { expires_at: new Date(clock.now() + 1000).toISOString() });
  clock.at += 1000;
  await call("POST", "/v1/tenants", { body: { id: "ended", name: "Ended" } });
  const ended = await make("ended");
  await call("DELETE", "/v1/tenants/ended");
  return [revoked.key, expired.key, ended.key, orphaned, signedOut];
}

describe("every route", () => {
  test("another tenant's path answers as one that never was, to a tenant's key or session", async () => {
    const all = await twoTenants();
    for (const { route, key } of everyRoute(all).filter((each) => isOfTenant(each.route))) {
      const theirs = await send(all, route, { path: pathOf(route, all.globex.parameters), key });
      const parameters = { ...all.globex.parameters, tenant: "never-was" };
      const nobodys = await send(all, route, { path: pathOf(route, parameters), key });
      assert.equal(theirs.status, 404, `${route.method} ${route.path}`);
      assert.deepEqual(visible(theirs, all.globex.parameters), visible(nobodys, parameters));
    }
  });

  test("another tenant's path answers so to a key of any scope, too", async () => {
    const all = await twoTenants();
    for (const scope of SCOPES) {
      const key = await makeKey(all, "acme", [scope]);
      for (const route of all.routes.filter((each) => isOfTenant(each) && PUBLIC[each.path] === undefined)) {
        const theirs = await send(all, route, { path: pathOf(route, all.globex.parameters), key });
        const parameters = { ...all.globex.parameters, tenant: "never-was" };
        const nobodys = await send(all, route, { path: pathOf(route, parameters), key });
        assert.equal(theirs.status, 404, `${route.method} ${route.path} ${scope}`);
        assert.deepEqual(visible(theirs, all.globex.parameters), visible(nobodys, parameters));
      }
    }
  });

  test("another tenant's ids below one's own path answer as ids that never were", async () => {
    const all = await twoTenants();
    const { ids } = all.ports;
    const place = ids.eventPlaceOf(all.globex.parameters.event ?? "");
    assert.ok(place);
    const never = { shard: place.shard, offset: place.offset + 12_345 };
    const nobodys = {
      endpoint: ids.endpoint(999_999),
      event: ids.event(never),
      delivery: ids.delivery(never, 999_999),
      attempt: ids.attempt({ ...never, endpoint: 999_999, cursor: 0, number: 1 }),
      replay: ids.replay(999_999),
      key: "key_never",
      subject: "never",
      type: "never was",
      id: "999999",
    };
    for (const route of all.routes) {
      const inner = [...route.path.matchAll(/:(\w+)/g)]
        .map(([, name]) => name)
        .filter((name) => name !== "tenant");
      if (inner.length === 0) {
        continue;
      }
      for (const key of isOfFace(route) ? [all.acme.key] : [all.acme.key, all.acme.session, ADMIN_KEY]) {
        const mixed = { ...all.globex.parameters, tenant: "acme" };
        const theirs = await send(all, route, { path: pathOf(route, mixed), key });
        const absent = { ...nobodys, tenant: "acme" };
        const missing = await send(all, route, { path: pathOf(route, absent), key });
        // Keys are for admins to look at, whosever they are.
        const missingStatus = inner.includes("subject") ? 204 : 404;
        const expected = inner.includes("key") && key !== ADMIN_KEY ? 403 : missingStatus;
        assert.equal(theirs.status, expected, `${route.method} ${route.path}`);
        assert.deepEqual(visible(theirs, mixed), visible(missing, absent));
        all.clock.at += 1000;
      }
    }
  });

  test("no answer to a tenant's key or session shows anything of another tenant", async () => {
    const all = await twoTenants();
    const secrets = [
      "canary-globex",
      all.globex.key,
      all.globex.session,
      ...Object.values(all.globex.parameters).filter((id) => id.includes("_")),
    ];
    for (const { route, key } of everyRoute(all)) {
      const answer = await send(all, route, { path: pathOf(route, all.acme.parameters), key });
      const shown = answer.text + JSON.stringify(answer.headers);
      for (const secret of secrets) {
        assert.equal(shown.includes(secret), false, `${route.method} ${route.path}`);
      }
      all.clock.at += 1000;
    }
  });

  test("nothing of another tenant is changed by a tenant's key or session", async () => {
    const all = await twoTenants();
    const seen = async () => ({
      tenant: (await all.call("GET", "/v1/tenants/globex")).text,
      endpoints: (await all.call("GET", "/v1/tenants/globex/endpoints")).text,
      events: (await all.call("GET", "/v1/tenants/globex/events")).text,
      replays: (await all.call("GET", "/v1/tenants/globex/replays")).text,
      keys: (await all.call("GET", "/v1/tenants/globex/keys")).text,
      eventTypes: (await all.call("GET", "/v1/tenants/globex/event-types")).text,
    });
    const before = await seen();
    for (const { route, key } of everyRoute(all)) {
      for (const tenant of ["acme", "globex"]) {
        const parameters = { ...all.globex.parameters, tenant };
        await send(all, route, { path: pathOf(route, parameters), key });
        all.clock.at += 1000;
      }
    }
    assert.deepEqual(await seen(), before);
    assert.deepEqual(all.engine.commands, []);
  });

  test("no route answers without a valid key but health, the description and public keys", async () => {
    const all = await twoTenants();
    const wrong = ["", "phk_invalid", `${all.acme.key}x`, all.acme.key.slice(0, -1)];
    wrong.push(`${all.acme.session}x`, `${all.acme.session.split("=")[0]}=x`);
    const keys = [...wrong, ...(await deadKeys(all))];
    for (const route of all.routes) {
      const path = pathOf(route, all.acme.parameters);
      for (const key of keys) {
        const { status, text } = await send(all, route, { path, key });
        assert.equal(status, PUBLIC[route.path] ?? 401, `${route.method} ${route.path}`);
        assert.equal(text.includes("canary"), false);
      }
    }
  });

  test("no secret, payload or key reaches a log line", async () => {
    const all = await twoTenants();
    for (const { route, key } of everyRoute(all)) {
      await send(all, route, { path: pathOf(route, all.acme.parameters), key });
      all.clock.at += 1000;
    }
    const lines = all.logged.join("\n");
    assert.ok(lines.length > 0);
    for (const secret of ["canary", all.acme.key, all.acme.session, ADMIN_KEY, "whsec_"]) {
      assert.equal(lines.includes(secret), false);
    }
  });
});
