import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  ADMIN_KEY,
  type Answer,
  makeEndpoint,
  makeKey,
  type Sent,
  type Setup,
  setUpApp,
} from "../../app-setup.test.ts";

const PATH = "/api/platform/v1/webhook_endpoints";
const TARGET = "https://mycompany.com/incoming_webhooks/shoppers";

async function setup() {
  const all = await setUpApp();
  const key = await makeKey(all, "acme");
  /** Asks with the tenant's key. */
  const ask = async (method: Parameters<Setup["call"]>[0], path: string, sent: Sent = {}) => {
    // The limit has its own tests: here time goes on.
    all.clock.at += 1000;
    return await all.call(method, path, { key, ...sent });
  };
  return { ...all, key, ask };
}

/** Checks BSPK's form of an error, with the headers that are on every answer of its. */
function assertErrors(answer: Answer, status: number, title?: RegExp): void {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.headers["x-ratelimit-limit"], "30");
  assert.match(String(answer.headers["x-ratelimit-remaining"]), /^\d+$/);
  assert.match(String(answer.headers["content-type"]), /^application\/json/);
  assert.deepEqual(Object.keys(answer.body), ["errors"]);
  assert.ok(answer.body.errors.length > 0);
  for (const error of answer.body.errors) {
    assert.deepEqual(Object.keys(error), ["title", "code"]);
  }
  if (title !== undefined) {
    assert.match(answer.body.errors[0].title, title);
  }
}

const CREATE = { target_url: TARGET, events: ["shopper.created", "file_import.finished"], is_enabled: true };

describe("BSPK's webhook_endpoints", () => {
  test("creating answers the documented object with a secret of 32 hexadecimal digits", async () => {
    const { ask, ports, store, clock } = await setup();
    const { status, body } = await ask("POST", PATH, { body: CREATE });
    assert.equal(status, 201);
    assert.match(body.secret, /^[0-9a-f]{32}$/);
    assert.equal(Number.isInteger(body.id), true);
    const at = new Date(clock.at).toISOString();
    assert.deepEqual(body, { id: body.id, ...CREATE, created_at: at, updated_at: at, secret: body.secret });
    const tenant = await store.findTenant("acme");
    const stored = await store.findEndpoint(tenant?.number ?? 0, body.id);
    assert.equal(stored?.contract, "bspk");
    const ours = await ask("GET", `/v1/tenants/acme/endpoints/${ports.ids.endpoint(body.id)}`);
    assert.equal(ours.body.url, TARGET);
  });

  test("is_enabled is true where it is absent, and false disables", async () => {
    const { ask } = await setup();
    const { is_enabled: _, ...rest } = CREATE;
    assert.equal((await ask("POST", PATH, { body: rest })).body.is_enabled, true);
    assert.equal(
      (await ask("POST", PATH, { body: { ...CREATE, is_enabled: false } })).body.is_enabled,
      false,
    );
  });

  test("the list is a bare array, newest first, without secrets or other contracts", async () => {
    const all = await setup();
    const { ask } = all;
    assert.deepEqual((await ask("GET", PATH)).body, []);
    const first = (await ask("POST", PATH, { body: CREATE })).body;
    await makeEndpoint(all, "acme");
    await makeEndpoint(all, "globex", { contract: "bspk" });
    const second = (await ask("POST", PATH, { body: CREATE })).body;
    const { body, text } = await ask("GET", PATH);
    assert.deepEqual(
      body.map(({ id }: { id: number }) => id),
      [second.id, first.id],
    );
    assert.equal(text.includes("secret"), false);
  });

  test("a list longer than a page of the registry is whole", async () => {
    const all = await setup();
    for (let count = 0; count < 205; count += 1) {
      await makeEndpoint(all, "acme", { contract: count % 2 === 0 ? "bspk" : "standard" });
    }
    assert.equal((await all.ask("GET", PATH)).body.length, 103);
  });

  test("globs and all types of our own API are shown as the names they stand for", async () => {
    const all = await setup();
    await makeEndpoint(all, "acme", { contract: "bspk", event_types: ["cart.*", "client.*"] });
    await makeEndpoint(all, "acme", { contract: "bspk" });
    const { body } = await all.ask("GET", PATH);
    assert.equal(body[0].events.length, 11);
    assert.deepEqual(body[1].events, ["cart.created", "client.created", "client.updated", "client.deleted"]);
  });

  test("a change leaves what is absent, is_enabled too", async () => {
    const { ask } = await setup();
    const { secret: _, ...made } = (await ask("POST", PATH, { body: CREATE })).body;
    const path = `${PATH}/${made.id}`;
    const disabled = await ask("PATCH", path, { body: { is_enabled: false } });
    assert.deepEqual(disabled.body, { ...made, is_enabled: false, updated_at: disabled.body.updated_at });
    const moved = await ask("PATCH", path, { body: { target_url: "https://example.org" } });
    assert.equal(moved.body.is_enabled, false, "the documented default of true does not enable it");
    assert.equal(moved.body.target_url, "https://example.org");
    const all = await ask("PATCH", path, { body: { ...CREATE, events: ["cart.created"] } });
    assert.deepEqual([all.body.is_enabled, all.body.events], [true, ["cart.created"]]);
    assert.deepEqual((await ask("GET", path)).body, all.body);
    assert.equal((await ask("DELETE", path)).status, 204);
    assertErrors(await ask("GET", path), 404);
  });

  test("an endpoint that failed for too long is not enabled, until it is enabled again", async () => {
    const { ask, flush } = await setup();
    const { id } = (await ask("POST", PATH, { body: CREATE })).body;

    await flush({ disabled: [{ endpoint: id, reason: "failing_for_too_long" }] });

    assert.equal((await ask("GET", PATH)).body[0].is_enabled, false);
    const enabled = await ask("PATCH", `${PATH}/${id}`, { body: { is_enabled: true } });
    assert.equal(enabled.body.is_enabled, true);
    assert.equal((await ask("GET", `${PATH}/${id}`)).body.is_enabled, true);
  });

  test("a paused endpoint is enabled, and stays paused", async () => {
    const all = await setup();
    const { id } = await makeEndpoint(all, "acme", { contract: "bspk" });
    await all.ask("POST", `/v1/tenants/acme/endpoints/${id}/pause`);
    const [shown] = (await all.ask("GET", PATH)).body;
    assert.equal(shown.is_enabled, true);
    await all.ask("PATCH", `${PATH}/${shown.id}`, { body: { is_enabled: true } });
    assert.equal((await all.ask("GET", `/v1/tenants/acme/endpoints/${id}`)).body.state, "paused");
  });

  test("wrong members are 422 and say which", async () => {
    const { ask } = await setup();
    const cases: readonly (readonly [unknown, RegExp])[] = [
      [
        { ...CREATE, events: ["shopper.created", "shopper.gone"] },
        /"shopper\.gone", which is none of shopper\.created/,
      ],
      [{ ...CREATE, events: "shopper.created" }, /events must be a list/],
      [{ ...CREATE, events: [5] }, /events\.0 is number/],
      [{ ...CREATE, is_enabled: "yes" }, /is_enabled must be true or false/],
      [{ ...CREATE, is_enabled: null }, /is_enabled/],
      [{ ...CREATE, target_url: 5 }, /target_url must be a text/],
      [{ ...CREATE, target_url: "ftp://x" }, /target_url A URL starts with/],
      [{ events: [] }, /target_url is missing/],
      [{ target_url: TARGET }, /events is missing/],
      [[], /body must be an object/],
      ["null", /body must be an object/],
    ];
    for (const [body, title] of cases) {
      assertErrors(await ask("POST", PATH, { body }), 422, title);
    }
    assertErrors(await ask("POST", PATH), 422);
    const made = (await ask("POST", PATH, { body: CREATE })).body;
    assertErrors(await ask("PATCH", `${PATH}/${made.id}`, { body: { events: ["x"] } }), 422);
    assert.equal((await ask("POST", PATH, { body: { ...CREATE, name: "ignored" } })).status, 201);
  });

  test("what cannot be read is 400", async () => {
    const { ask } = await setup();
    assertErrors(await ask("POST", PATH, { body: "{" }), 400);
    assertErrors(await ask("POST", PATH, { body: "a=b", headers: { "content-type": "text/plain" } }), 400);
    assertErrors(await ask("POST", PATH, { body: CREATE, headers: { "content-encoding": "gzip" } }), 400);
    assertErrors(await ask("POST", PATH, { body: `{"a":"${"x".repeat(300_000)}"}` }), 400);
  });

  test("unknown routes, methods and ids are 404 in BSPK's form", async () => {
    const all = await setup();
    const ours = await makeEndpoint(all, "acme");
    const theirs = await makeEndpoint(all, "globex", { contract: "bspk" });
    const { ids } = all.ports;
    const numbers = [ours.id, theirs.id].map((id) => ids.endpointNumberOf(id));
    const wrong = [
      ...numbers,
      999,
      0,
      "01",
      "-1",
      "1.0",
      "1e3",
      "x",
      "%00",
      "9007199254740993",
      ours.id,
      "%ZZ",
    ];
    for (const id of wrong) {
      assertErrors(await all.ask("GET", `${PATH}/${id}`), 404);
    }
    for (const path of ["/api/platform/v1/clients", "/api/platform/v1", "/api/platform/v1/", `${PATH}/1/x`]) {
      assertErrors(await all.ask("GET", path), 404);
    }
    assertErrors(await all.ask("PUT", PATH, { body: CREATE }), 404);
    assert.equal((await all.ask("GET", "/api/platform/v2/webhook_endpoints")).body.code, "not_found");
  });

  test("only a tenant's key with the scope is let in; everything else is 401", async () => {
    const all = await setup();
    const keys = ["", "x", ADMIN_KEY, await makeKey(all, "acme", ["events:read"])];
    for (const key of keys) {
      for (const path of [PATH, `${PATH}/1`, "/api/platform/v1/clients"]) {
        assertErrors(await all.ask("GET", path, { key }), 401);
      }
    }
    const reader = await makeKey(all, "acme", ["endpoints:read"]);
    assert.equal((await all.ask("GET", PATH, { key: reader })).status, 200);
    assertErrors(await all.ask("POST", PATH, { key: reader, body: CREATE }), 401);
  });

  test("every method on every path of the face answers in BSPK's form, with a key and without", async () => {
    const all = await setup();
    const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] as const;
    for (const path of [PATH, `${PATH}/999`, `${PATH}/%ZZ`, "/api/platform/v1/stores", "/api/platform/v1"]) {
      for (const method of methods) {
        for (const key of ["", "phk_wrong", all.key]) {
          all.clock.at += 1000;
          const authorization = key === "" ? {} : { authorization: `Bearer ${key}` };
          const answer = await all.app.inject({ method, url: path, headers: authorization });
          const { statusCode: status, headers, body: text } = answer;
          if (status >= 400) {
            const isUnread = path.endsWith("%ZZ");
            const expected = key === all.key || isUnread ? [404, 422] : [401];
            assert.ok(expected.includes(status), `${method} ${path} with ${key}: ${status}`);
            assertErrors({ status, headers, text, body: JSON.parse(text) }, status);
          } else {
            assert.deepEqual([method, path, key], ["GET", PATH, all.key]);
          }
        }
      }
    }
  });

  test("who may not ask is told so before anything of the body is looked at", async () => {
    const { ask } = await setup();
    const gzip = { "content-encoding": "gzip" };
    assertErrors(await ask("POST", PATH, { key: "phk_wrong", body: CREATE, headers: gzip }), 401);
    assertErrors(await ask("POST", PATH, { key: "phk_wrong", body: "{" }), 401);
    assertErrors(await ask("POST", PATH, { body: CREATE, headers: gzip }), 400);
  });

  test("subscribing to deprecated events warns in a header, and is answered like any other", async () => {
    const { ask } = await setup();
    const plain = await ask("POST", PATH, { body: CREATE });
    assert.equal(plain.headers["warning"], undefined);
    const events = ["client.created", "client.deleted", "shopper.created"];
    const made = await ask("POST", PATH, { body: { ...CREATE, events } });
    assert.equal(made.status, 201);
    assert.deepEqual(Object.keys(made.body), Object.keys(plain.body));
    assert.deepEqual(made.body.events, events);
    const warning =
      '299 posthorn "client.created is deprecated: use shopper.created", ' +
      '299 posthorn "client.deleted is deprecated: use shopper.deleted"';
    assert.equal(made.headers["warning"], warning);
    const path = `${PATH}/${made.body.id}`;
    assert.equal((await ask("PATCH", path, { body: { events } })).headers["warning"], warning);
    assert.equal((await ask("PATCH", path, { body: { is_enabled: true } })).headers["warning"], undefined);
  });

  test("a fault of ours is 500 in BSPK's form, and logged", async () => {
    const all = await setup();
    all.engine.noteChanges = () => {
      throw new Error("canary");
    };
    const answer = await all.ask("POST", PATH, { body: CREATE });
    assertErrors(answer, 500);
    assert.equal(answer.text.includes("canary"), false);
    assert.ok(all.logged.some((line) => line.includes("canary")));
  });
});

describe("BSPK's rate limit", () => {
  test("30 requests in any 10 seconds are let through, and every answer says how many remain", async () => {
    const all = await setup();
    const { key, clock } = all;
    const get = (path = PATH, asking = key) =>
      all.app.inject({ url: path, headers: { authorization: `Bearer ${asking}` } });
    for (let count = 1; count <= 30; count += 1) {
      const answer = await get(count % 2 === 0 ? PATH : `${PATH}/999`);
      assert.equal(answer.statusCode, count % 2 === 0 ? 200 : 404);
      assert.equal(answer.headers["x-ratelimit-limit"], "30");
      assert.equal(answer.headers["x-ratelimit-remaining"], String(30 - count));
      assert.equal(answer.headers["x-ratelimit-reset"], undefined);
      assert.equal(answer.headers["ratelimit-reset"], undefined);
      clock.at += 100;
    }
    const refused = await get();
    assert.equal(refused.statusCode, 429);
    assert.equal(refused.headers["x-ratelimit-remaining"], "0");
    assert.match(refused.json().errors[0].title, /Throttle limit/);
    const resetAt = Number(refused.headers["x-ratelimit-reset"]);
    assert.equal(resetAt, Math.ceil((clock.at - 3000 + 10_000) / 1000));
    assert.equal(refused.headers["ratelimit-reset"], refused.headers["x-ratelimit-reset"]);
    assert.equal((await get(PATH, await makeKey(all, "globex"))).statusCode, 200);
    clock.at = resetAt * 1000;
    assert.equal((await get()).statusCode, 200);
  });
});
