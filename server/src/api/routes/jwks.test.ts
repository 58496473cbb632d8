import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { calculateJwkThumbprint, createLocalJWKSet, importJWK } from "jose";
import { assertProblem, makeEndpoint, setUpApp } from "../app-setup.test.ts";

const LIST = "/v1/tenants/acme/endpoints";

async function setUpKeys(body: object = { settings: { signature: "v1a" } }) {
  const setup = await setUpApp();
  const made = await makeEndpoint(setup, "acme", body);
  const path = `${LIST}/${made.id}`;
  return {
    ...setup,
    made,
    path,
    jwks: () => setup.call("GET", `${path}/jwks.json`, { key: "" }),
    rotate: async (asked: object) =>
      (await setup.call("POST", `${path}/rotate-secret`, { body: asked })).body,
  };
}

/** What `x` of a JWK must be. */
function coordinateOf(publicKey: string): string {
  return Buffer.from(publicKey.slice("whpk_".length), "base64").toString("base64url");
}

describe("jwks.json", () => {
  test("it answers the endpoint's public key as a JWK Set, to whoever asks", async () => {
    const { jwks, made } = await setUpKeys();
    const { status, headers, body } = await jwks();
    assert.equal(status, 200);
    assert.match(String(headers["content-type"]), /^application\/jwk-set\+json/);
    assert.equal(headers["cache-control"], "public, max-age=300");
    const required = { kty: "OKP", crv: "Ed25519", x: coordinateOf(made.public_key) };
    const kid = await calculateJwkThumbprint(required);
    assert.deepEqual(body, { keys: [{ ...required, kid, alg: "EdDSA", use: "sig" }] });
    assert.ok((await importJWK({ ...body.keys[0] }, "EdDSA")) instanceof CryptoKey);
    await createLocalJWKSet(body)({ alg: "EdDSA", kid });
  });

  test("nothing private is ever in it", async () => {
    const { jwks, made, rotate } = await setUpKeys();
    const { secret } = await rotate({});
    const { text, body } = await jwks();
    for (const { d, ...rest } of body.keys) {
      assert.equal(d, undefined);
      assert.deepEqual(Object.keys(rest).sort(), ["alg", "crv", "kid", "kty", "use", "x"]);
    }
    for (const key of [made.secret, secret]) {
      const bytes = Buffer.from(key.slice("whsk_".length), "base64");
      for (const encoding of ["base64", "base64url", "hex"] as const) {
        assert.equal(text.includes(bytes.toString(encoding).slice(0, 40)), false);
      }
    }
  });

  test("a rotation adds the new key, and the old one goes when its overlap ends", async () => {
    const { clock, jwks, made, rotate } = await setUpKeys();
    const next = await rotate({ overlap_seconds: 400 });
    const keys = async () => (await jwks()).body.keys.map(({ x }: { x: string }) => x);
    const [newKey, oldKey] = [next.public_key, made.public_key].map(coordinateOf);
    assert.deepEqual(await keys(), [newKey, oldKey]);
    assert.equal((await jwks()).headers["cache-control"], "public, max-age=300");
    clock.at += 399_500;
    assert.deepEqual(await keys(), [newKey, oldKey]);
    assert.equal((await jwks()).headers["cache-control"], "public, max-age=0");
    clock.at += 500;
    assert.deepEqual(await keys(), [newKey]);
  });

  test("an answer is fresh no longer than the keys in it", async () => {
    const { clock, jwks, rotate } = await setUpKeys();
    await rotate({ overlap_seconds: 100 });
    clock.at += 10_400;
    assert.equal((await jwks()).headers["cache-control"], "public, max-age=89");
  });

  test("shared secrets are not in it, while a rotation from them overlaps", async () => {
    const { call, jwks, path, rotate } = await setUpKeys({});
    await call("PATCH", path, { body: { settings: { signature: "v1a" } } });
    const { public_key } = await rotate({});
    assert.deepEqual(
      (await jwks()).body.keys.map(({ x }: { x: string }) => x),
      [coordinateOf(public_key)],
    );
  });

  test("an endpoint without public keys, a deleted one and one that never was look the same", async () => {
    const shared = await setUpKeys({});
    const missing = await shared.jwks();
    assertProblem(missing, "not_found");
    assert.equal(missing.headers["cache-control"], "no-store");
    const { call, jwks, path } = await setUpKeys();
    assert.equal((await call("DELETE", path)).status, 204);
    const others = [
      jwks(),
      call("GET", `${LIST}/ep_0000000000000000/jwks.json`, { key: "" }),
      call("GET", `/v1/tenants/never-was/endpoints/ep_0000000000000000/jwks.json`, { key: "" }),
      call("GET", `${path.replace("acme", "globex")}/jwks.json`, { key: "" }),
    ];
    for (const { status, text } of await Promise.all(others)) {
      assert.deepEqual([status, text], [404, missing.text]);
    }
  });
});
