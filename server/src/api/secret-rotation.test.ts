import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DAY_MS } from "../model/duration.ts";
import { LIVE_SECRETS_MAX } from "../model/secret.ts";
import { secretContext } from "../seal.ts";
import { type Answer, assertProblem, makeEndpoint, makeKey, type Setup, setUpApp } from "./app-setup.test.ts";

const LIST = "/v1/tenants/acme/endpoints";
const SECRET = `whsec_${Buffer.alloc(32, 3).toString("base64")}`;

/** An application with one endpoint, whose secrets can be rotated and read. */
async function setUpEndpoint(asked: object = {}) {
  const setup = await setUpApp();
  const made = await makeEndpoint(setup, "acme", asked);
  const path = `${LIST}/${made.id}`;
  return {
    ...setup,
    made,
    path,
    rotate: (body?: object): Promise<Answer> => setup.call("POST", `${path}/rotate-secret`, { body }),
    stored: () => storedSecrets(setup, made.id),
  };
}

/** Secrets in clear, newest first. */
async function storedSecrets({ ports, store }: Setup, id: string): Promise<readonly string[]> {
  const number = ports.ids.endpointNumberOf(id) ?? 0;
  const endpoint = await store.readEndpoint(number);
  assert.ok(endpoint);
  return endpoint.secrets.map(({ sealed }) =>
    ports.seal.unseal(sealed, secretContext(endpoint.tenant, number)),
  );
}

describe("rotate-secret", () => {
  test("rotate-secret answers with a new secret, and the older one lives for a day", async () => {
    const { clock, made, path, rotate, stored, call } = await setUpEndpoint();
    clock.at += 1000;

    const answer = await rotate();

    const { secret, ...shown } = answer.body;
    assert.equal(answer.status, 200);
    assert.match(secret, /^whsec_/);
    assert.deepEqual(await stored(), [secret, made.secret]);
    const secrets = [
      { created_at: "2026-01-02T03:04:06.006Z", expires_at: null },
      { created_at: "2026-01-02T03:04:05.006Z", expires_at: "2026-01-03T03:04:06.006Z" },
    ];
    const { secret: _, ...before } = made;
    assert.deepEqual(shown, { ...before, secrets, updated_at: "2026-01-02T03:04:06.006Z" });
    const one = await call("GET", path);
    assert.deepEqual(one.body, { ...shown, lane: one.body.lane, missed: 0 });
    assert.deepEqual((await call("GET", LIST)).body.data, [shown]);
    assert.equal(one.text.includes(secret), false);
  });

  test("rotate-secret is told to the engine", async () => {
    const { engine, rotate } = await setUpEndpoint();
    await rotate();
    assert.equal(engine.noted.length, 2);
  });

  test("rotate-secret takes a secret and an overlap; null and nothing are the defaults", async () => {
    const { rotate, stored, call, path } = await setUpEndpoint();
    const asked = await rotate({ secret: SECRET, overlap_seconds: 60 });
    assert.equal(asked.body.secret, SECRET);
    assert.equal(asked.body.secrets[1].expires_at, "2026-01-02T03:05:05.006Z");
    for (const body of [{}, { secret: null, overlap_seconds: null }]) {
      assert.equal((await rotate(body)).status, 200);
    }
    assert.equal((await call("POST", `${path}/rotate-secret`, { body: "" })).status, 200);
    assert.equal(new Set(await stored()).size, LIVE_SECRETS_MAX);
  });

  test("an overlap of 0 ends every older secret at once", async () => {
    const { rotate, stored } = await setUpEndpoint();
    await rotate();
    const { body } = await rotate({ overlap_seconds: 0 });
    assert.equal(body.secrets.length, 1);
    assert.deepEqual(await stored(), [body.secret]);
  });

  test("a secret whose overlap is over is shown no more, and removed by the next rotation", async () => {
    const { clock, rotate, stored, call, path } = await setUpEndpoint();
    const second = await rotate({ overlap_seconds: 60 });
    clock.at += 59_999;
    assert.equal((await call("GET", path)).body.secrets.length, 2);
    clock.at += 1;
    assert.equal((await call("GET", path)).body.secrets.length, 1);
    const third = await rotate();
    assert.deepEqual(await stored(), [third.body.secret, second.body.secret]);
  });

  test("more live secrets than may be are refused, until one ends or all do", async () => {
    const { clock, rotate, stored } = await setUpEndpoint();
    for (let count = 1; count < LIVE_SECRETS_MAX; count += 1) {
      assert.equal((await rotate()).status, 200);
      clock.at += 1000;
    }
    const before = await stored();
    const refused = await rotate();
    assert.equal(refused.status, 409);
    assertProblem(refused, "too_many_secrets");
    assert.match(refused.body.detail, /at most 5 live secrets/);
    assert.deepEqual(await stored(), before);
    clock.at += DAY_MS;
    assert.equal((await rotate()).body.secrets.length, 2);
    assert.equal((await rotate({ overlap_seconds: 0 })).body.secrets.length, 1);
  });

  test("what is wrong is refused by its member, and nothing changes", async () => {
    const { engine, rotate, stored, made } = await setUpEndpoint();
    const wrong: readonly (readonly [object, string])[] = [
      [{ secret: "canary" }, "/secret"],
      [{ secret: "" }, "/secret"],
      [{ secret: 7 }, "/secret"],
      [{ secret: "x".repeat(513) }, "/secret"],
      [{ overlap_seconds: -1 }, "/overlap_seconds"],
      [{ overlap_seconds: 604_801 }, "/overlap_seconds"],
      [{ overlap_seconds: 1.5 }, "/overlap_seconds"],
      [{ overlap_seconds: "60" }, "/overlap_seconds"],
      [{ overlap: 60 }, "/overlap"],
      [[], ""],
    ];
    for (const [body, pointer] of wrong) {
      const answer = await rotate(body);
      assertProblem(answer, "invalid_request", [pointer]);
      assert.doesNotMatch(answer.text, /canary/);
    }
    assert.equal((await rotate({ overlap_seconds: 604_800 })).status, 200);
    assert.equal((await stored())[1], made.secret);
    assert.equal(engine.noted.length, 2);
  });

  test("a rotation judges the secret alone, not settings that are refused by now", async () => {
    const setup = await setUpEndpoint();
    const number = setup.ports.ids.endpointNumberOf(setup.made.id) ?? 0;
    const tenant = await setup.store.findTenant("acme");
    const stored = await setup.store.readEndpoint(number);
    assert.ok(tenant && stored);
    const config = { ...stored.config, settings: { color: "red" } };
    const { store, clock } = setup;
    await store.updateEndpoint({ tenant: tenant.number, endpoint: number, config, now: clock.now() });
    assert.equal((await setup.rotate({ secret: SECRET })).status, 200);
  });

  test("spektr: a secret is made where hmac asks for one or there is one, else given", async () => {
    const plain = await setUpEndpoint({ contract: "spektr" });
    assertProblem(await plain.rotate(), "invalid_request", ["/secret"]);
    const given = await plain.rotate({ secret: "a given secret of spektr" });
    assert.deepEqual(given.body.secrets, [{ created_at: "2026-01-02T03:04:05.006Z", expires_at: null }]);
    assert.match((await plain.rotate()).body.secret, /^[0-9a-f]{64}$/);
    const signed = await setUpEndpoint({ contract: "spektr", settings: { hmac: true } });
    assert.match((await signed.rotate()).body.secret, /^[0-9a-f]{64}$/);
  });

  test("bspk and bubblehouse make secrets of their own form", async () => {
    const bspk = await setUpEndpoint({ contract: "bspk" });
    assert.match((await bspk.rotate()).body.secret, /^[0-9a-f]{32}$/);
    const bubblehouse = await setUpEndpoint({ contract: "bubblehouse", url: "https://example.com/:name" });
    assert.match((await bubblehouse.rotate()).body.secret, /^[A-Za-z0-9+/]{43}=$/);
  });

  test("rotate-secret needs a key that may write endpoints", async () => {
    const setup = await setUpEndpoint();
    const path = `${setup.path}/rotate-secret`;
    const reader = await makeKey(setup, "acme", ["endpoints:read"]);
    const writer = await makeKey(setup, "acme", ["endpoints:write"]);
    assertProblem(await setup.call("POST", path, { key: reader }), "forbidden");
    assert.equal((await setup.call("POST", path, { key: writer })).status, 200);
  });
});

describe("an endpoint's public key", () => {
  test("settings ask for a key pair, and its public key is shown with the endpoint", async () => {
    const { call, made, path } = await setUpEndpoint({ settings: { signature: "v1a" } });
    assert.match(made.secret, /^whsk_/);
    assert.match(made.public_key, /^whpk_[A-Za-z0-9+/]{43}=$/);
    const one = await call("GET", path);
    assert.equal(one.body.public_key, made.public_key);
    assert.equal(one.text.includes("whsk_"), false);
  });

  test("a private key that is given asks for itself, and contradicts no setting", async () => {
    const secret = `whsk_${Buffer.alloc(32, 9).toString("base64")}`;
    const { made, rotate } = await setUpEndpoint({ secret });
    assert.equal(made.secret, secret);
    assert.match(made.public_key, /^whpk_/);
    const next = await rotate();
    assert.match(next.body.secret, /^whsk_/, "a rotation stays with the scheme");
    assert.notEqual(next.body.public_key, made.public_key);
    const setup = await setUpApp();
    for (const [given, signature] of [
      [secret, "v1"],
      [SECRET, "v1a"],
    ]) {
      const body = { url: "https://example.com", secret: given, settings: { signature } };
      assertProblem(await setup.call("POST", LIST, { body }), "invalid_request", ["/secret"]);
    }
  });

  test("an endpoint goes from one scheme to the other by a setting and a rotation", async () => {
    const { call, made, path, rotate } = await setUpEndpoint();
    assert.equal(made.public_key, null);
    const changed = await call("PATCH", path, { body: { settings: { signature: "v1a" } } });
    assert.equal(changed.body.public_key, null, "the secret there is signs as before");
    const rotated = await rotate();
    assert.match(rotated.body.secret, /^whsk_/);
    assert.match(rotated.body.public_key, /^whpk_/);
    await call("PATCH", path, { body: { settings: { signature: "v1" } } });
    const back = await rotate();
    assert.match(back.body.secret, /^whsec_/);
    assert.equal(back.body.public_key, null);
  });
});
