import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { RetentionChange } from "../../model/retention.ts";
import type { ApiKey } from "../../model/tenant.ts";
import { endpointDraft, keyOf, storedIn, submission, submitted } from "./samples.ts";
import { createEndpoint, createTenant, type Open, START, setUp } from "./setup.ts";

/** Configuration: tenants and API keys. */
export function describeRegistry(open: Open): void {
  describe("tenants", () => describeTenants(open));
  describe("the end of a tenant", () => describeDeletion(open));
  describe("API keys", () => describeApiKeys(open));
}

function sampleKey(change: Partial<ApiKey> & { readonly seed: number }): ApiKey {
  const { seed, ...rest } = change;
  return {
    id: `key_${seed}`,
    tenant: undefined,
    name: "a key",
    hash: new Uint8Array(32).fill(seed),
    scopes: undefined,
    ratePerSecond: undefined,
    createdAt: START,
    expiresAt: undefined,
    lastUsedAt: undefined,
    ...rest,
  };
}

function describeTenants(open: Open): void {
  test("createTenant() numbers tenants and finds them by id and number", async (t) => {
    const { stores, tenant, other } = await setUp(open, t);

    assert.deepEqual([tenant.number, other.number], [1, 2]);
    assert.deepEqual(await stores.findTenant("acme"), tenant);
    assert.deepEqual(await stores.tenantByNumber(2), other);
    assert.equal(await stores.findTenant("Acme"), undefined);
    assert.equal(await stores.tenantByNumber(3), undefined);
  });

  test("createTenant() gives nothing for an id that is taken", async (t) => {
    const { stores } = await setUp(open, t);
    const draft = { id: "acme", name: "Impostor", contract: undefined, shard: 1, createdAt: START };

    assert.equal(await stores.createTenant(draft), undefined);
    assert.equal((await stores.findTenant("acme"))?.name, "acme Inc.");
  });

  test("updateTenant() keeps what is absent", async (t) => {
    const { stores, tenant, other } = await setUp(open, t);

    const contracted = await stores.updateTenant(tenant.number, { contract: "bspk" });
    const renamed = await stores.updateTenant(tenant.number, { name: "New" });

    assert.deepEqual(contracted, { ...tenant, contract: "bspk" });
    assert.deepEqual(renamed, { ...tenant, contract: "bspk", name: "New" });
    assert.deepEqual(await stores.findTenant("acme"), renamed);
    assert.deepEqual(await stores.findTenant("globex"), other);
    assert.equal(await stores.updateTenant(99, { name: "New" }), undefined);
  });

  test("a tenant has times of its own for what is kept, until they are changed", async (t) => {
    const { stores, tenant } = await setUp(open, t);
    const draft = { id: "initech", name: "Initech", contract: undefined, shard: 1, createdAt: START };

    const other = await stores.createTenant({ ...draft, retention: { attempts: 3, dead_letters: 4 } });
    const shorter = await stores.updateTenant(tenant.number, { retention: { payload: 7 } });
    const renamed = await stores.updateTenant(tenant.number, { name: "New" });

    assert.deepEqual(tenant.retention, {});
    assert.deepEqual(other?.retention, { attempts: 3, dead_letters: 4 });
    assert.deepEqual(shorter, { ...tenant, retention: { payload: 7 } });
    assert.deepEqual(renamed?.retention, { payload: 7 });
    const change = async (retention: RetentionChange) =>
      (await stores.updateTenant(tenant.number, { retention }))?.retention;
    assert.deepEqual(await change({ attempts: 5 }), { payload: 7, attempts: 5 });
    assert.deepEqual(await change({}), { payload: 7, attempts: 5 });
    assert.deepEqual(await change({ payload: null, attempts: 6 }), { attempts: 6 });
    assert.deepEqual(await change({ attempts: null }), {});
  });

  test("a tenant validates nothing until it is told to", async (t) => {
    const { stores, tenant } = await setUp(open, t);
    const draft = { id: "initech", name: "Initech", contract: undefined, shard: 1, createdAt: START };

    const strict = await stores.createTenant({ ...draft, validation: "reject" });
    const warned = await stores.updateTenant(tenant.number, { validation: "warn" });

    assert.equal(tenant.validation, "off");
    assert.equal(strict?.validation, "reject");
    assert.deepEqual(await stores.findTenant("initech"), strict);
    assert.deepEqual(warned, { ...tenant, validation: "warn" });
    assert.equal((await stores.updateTenant(tenant.number, { name: "New" }))?.validation, "warn");
  });

  test("listTenants() pages newest first", async (t) => {
    const { stores, tenant, other } = await setUp(open, t);
    const third = await createTenant(stores, "initech");

    assert.deepEqual(await stores.listTenants({ before: undefined, limit: 2 }), [third, other]);
    assert.deepEqual(await stores.listTenants({ before: other.number, limit: 2 }), [tenant]);
  });
}

function describeDeletion(open: Open): void {
  test("deleteTenant() ends its keys and endpoints, and keeps its id taken", async (t) => {
    const { stores, tenant, other } = await setUp(open, t);
    const mine = sampleKey({ seed: 1, tenant: tenant.number });
    const theirs = sampleKey({ seed: 2, tenant: other.number });
    await stores.createKey(mine);
    await stores.createKey(theirs);
    const endpoint = await createEndpoint(stores, endpointDraft(tenant.number));
    const kept = await createEndpoint(stores, endpointDraft(other.number));

    await stores.deleteTenant(tenant.number, START + 5);

    assert.equal(await stores.findTenant("acme"), undefined);
    assert.equal(await stores.tenantByNumber(tenant.number), undefined);
    assert.deepEqual(await stores.listTenants({ before: undefined, limit: 9 }), [other]);
    assert.equal(await stores.createTenant({ ...tenant, createdAt: START }), undefined);
    assert.equal(await stores.findKey(mine.hash), undefined);
    assert.deepEqual(await stores.listKeys(tenant.number), []);
    assert.deepEqual(await stores.findKey(theirs.hash), theirs);
    assert.equal(await stores.findEndpoint(tenant.number, endpoint.number), undefined);
    assert.deepEqual(await stores.findEndpoint(other.number, kept.number), kept);
    const version = (await stores.readEndpoint(endpoint.number))?.versions.at(-1);
    assert.deepEqual([version?.state, version?.change], ["deleted", 3]);
  });

  test("deleteTenant() changes nothing the second time", async (t) => {
    const { stores, tenant } = await setUp(open, t);
    await createEndpoint(stores, endpointDraft(tenant.number));
    await stores.deleteTenant(tenant.number, START);
    const head = await stores.readHead(0);

    await stores.deleteTenant(tenant.number, START);
    await stores.deleteTenant(99, START);

    assert.deepEqual(await stores.readHead(0), head);
  });

  test("nothing is created or changed for a deleted tenant", async (t) => {
    const { stores, tenant } = await setUp(open, t);
    await stores.deleteTenant(tenant.number, START);

    const { number } = tenant;
    const before = await stores.readHead(0);
    const key = sampleKey({ seed: 1, tenant: number });
    assert.equal(await stores.createEndpoint(endpointDraft(number)), undefined);
    assert.equal(await stores.createKey(key), false);
    assert.equal(await stores.updateTenant(number, { name: "New" }), undefined);
    assert.equal(await stores.findKey(key.hash), undefined);
    assert.deepEqual(await stores.readHead(0), before);
  });

  test("append() refuses a deleted tenant's events alone, and stores nothing of theirs", async (t) => {
    const { stores, tenant, other } = await setUp(open, t);
    await stores.deleteTenant(tenant.number, START);

    const appended = await stores.append(0, [
      submission(tenant.number, [submitted({}, keyOf("k"))]),
      submission(other.number, [submitted()]),
    ]);

    assert.deepEqual(
      appended.results.map(({ kind }) => kind),
      ["no_tenant", "accepted"],
    );
    assert.deepEqual(
      storedIn(appended).map((event) => event.tenant),
      [other.number],
    );
    assert.equal(await stores.readKey(tenant.number, "k"), undefined);
  });
}

function describeApiKeys(open: Open): void {
  test("findKey() finds a key by its hash, with every member", async (t) => {
    const { stores, tenant } = await setUp(open, t);
    const admin = sampleKey({ seed: 1 });
    const scoped = sampleKey({
      seed: 2,
      tenant: tenant.number,
      scopes: ["events:write", "endpoints:read"],
      ratePerSecond: 20,
      expiresAt: START - 1,
      lastUsedAt: START - 2,
    });
    await stores.createKey(admin);
    await stores.createKey(scoped);

    assert.deepEqual(await stores.findKey(admin.hash), admin);
    assert.deepEqual(await stores.findKey(scoped.hash), scoped, "expiry is the caller's to judge");
    assert.equal(await stores.findKey(new Uint8Array(32)), undefined);
  });

  test("createKey() refuses an id or a hash that there is", async (t) => {
    const { stores } = await setUp(open, t);
    await stores.createKey(sampleKey({ seed: 1 }));

    await assert.rejects(stores.createKey(sampleKey({ seed: 1, id: "key_new" })));
    await assert.rejects(stores.createKey(sampleKey({ seed: 2, id: "key_1" })));
    assert.equal((await stores.listKeys(undefined)).length, 1);
  });

  test("createKey() refuses a rate at which no request could be made", async (t) => {
    const { stores } = await setUp(open, t);

    await assert.rejects(stores.createKey(sampleKey({ seed: 1, ratePerSecond: 0 })));
    assert.deepEqual(await stores.listKeys(undefined), []);
  });

  test("listKeys() has one tenant's keys, or the admin's, newest first", async (t) => {
    const { stores, tenant, other } = await setUp(open, t);
    const of = [undefined, tenant.number, other.number, tenant.number, undefined];
    const keys = of.map((number, seed) => sampleKey({ seed, tenant: number }));
    for (const key of keys) {
      await stores.createKey(key);
    }

    assert.deepEqual(await stores.listKeys(tenant.number), [keys[3], keys[1]]);
    assert.deepEqual(await stores.listKeys(undefined), [keys[4], keys[0]]);
  });

  test("revokeKey() ends a key of this tenant, and no other's", async (t) => {
    const { stores, tenant, other } = await setUp(open, t);
    const key = sampleKey({ seed: 1, tenant: tenant.number });
    const admin = sampleKey({ seed: 2 });
    await stores.createKey(key);
    await stores.createKey(admin);

    assert.equal(await stores.revokeKey(other.number, key.id), false);
    assert.equal(await stores.revokeKey(undefined, key.id), false);
    assert.equal(await stores.revokeKey(tenant.number, admin.id), false);
    assert.deepEqual(await stores.findKey(key.hash), key);

    assert.equal(await stores.revokeKey(tenant.number, key.id), true);
    assert.equal(await stores.revokeKey(tenant.number, key.id), false);
    assert.equal(await stores.findKey(key.hash), undefined);
    assert.deepEqual(await stores.listKeys(tenant.number), []);
    assert.equal(await stores.revokeKey(undefined, admin.id), true);
  });

  test("deleteKey() ends a key of this tenant, tells one of two, and leaves nothing of it", async (t) => {
    const { stores, tenant, other } = await setUp(open, t);
    const key = sampleKey({ seed: 1, tenant: tenant.number });
    const admin = sampleKey({ seed: 2 });
    await stores.createKey(key);
    await stores.createKey(admin);
    assert.equal(await stores.deleteKey(other.number, key.id), false);
    assert.equal(await stores.deleteKey(tenant.number, admin.id), false);

    const deleted = await Promise.all([1, 2].map(() => stores.deleteKey(tenant.number, key.id)));

    assert.deepEqual(new Set(deleted), new Set([false, true]));
    assert.equal(await stores.findKey(key.hash), undefined);
    assert.equal(await stores.deleteKey(undefined, admin.id), true);
    // Of one that is revoked a row stays, and nobody can have its id again.
    assert.equal(await stores.createKey(key), true);
  });

  test("deleteTenant() leaves nothing of its sessions, whose ids begin with ses_", async (t) => {
    const { stores, tenant, other } = await setUp(open, t);
    const session = { ...sampleKey({ seed: 1, tenant: tenant.number }), id: "ses_1" };
    await stores.createKey(session);

    await stores.deleteTenant(tenant.number, START);

    assert.equal(await stores.findKey(session.hash), undefined);
    // As of one that is deleted.
    assert.equal(await stores.createKey({ ...session, tenant: other.number }), true);
  });

  test("noteKeyUses() keeps the last use of each key, and knows no key that is not there", async (t) => {
    const { stores, tenant, reopen } = await setUp(open, t);
    const [used, unused] = [sampleKey({ seed: 1, tenant: tenant.number }), sampleKey({ seed: 2 })];
    await stores.createKey(used);
    await stores.createKey(unused);

    await stores.noteKeyUses([
      { id: used.id, at: START + 5 },
      { id: "key_never", at: START + 5 },
      { id: used.id, at: START + 3 },
    ]);
    await stores.noteKeyUses([{ id: used.id, at: START + 4 }]);
    await stores.noteKeyUses([]);

    const next = await reopen();
    assert.deepEqual(await next.findKey(used.hash), { ...used, lastUsedAt: START + 5 });
    assert.deepEqual(await next.findKey(unused.hash), unused);
  });
}
