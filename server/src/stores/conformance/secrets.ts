import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Endpoint } from "../../model/endpoint.ts";
import { LIVE_SECRETS_MAX } from "../../model/secret.ts";
import { endpointDraft, rotationOf } from "./samples.ts";
import { createEndpoint, type Open, type Setup, START, setUp } from "./setup.ts";

/** Secrets of endpoints: as they are created, and as they follow one another. */
export function describeSecrets(open: Open): void {
  describe("secrets", () => {
    describeFirst(open);
    describeRotation(open);
    describeRefusal(open);
  });
}

async function createOne({ stores, tenant }: Setup, publicKey?: string): Promise<Endpoint> {
  const secret = { seal: (number: number) => Uint8Array.of(1, 2, number), publicKey };
  return await createEndpoint(stores, endpointDraft(tenant.number, { secret }));
}

function changedOf(result: Endpoint | string | undefined): Endpoint {
  assert.ok(typeof result === "object", `the endpoint, not ${result}`);
  return result;
}

function describeFirst(open: Open): void {
  test("createEndpoint() seals the secret under the endpoint's number", async (t) => {
    const setup = await setUp(open, t);
    await createOne(setup);

    const endpoint = await createOne(setup, "whpk_a");

    assert.equal(endpoint.number, 2);
    assert.deepEqual(endpoint.secrets, [
      {
        number: 1,
        sealed: Uint8Array.of(1, 2, 2),
        publicKey: "whpk_a",
        createdAt: START,
        expiresAt: undefined,
      },
    ]);
    assert.deepEqual(await setup.stores.findEndpoint(setup.tenant.number, 2), endpoint);
  });

  test("createEndpoint() leaves nothing when sealing fails", async (t) => {
    const { stores, tenant } = await setUp(open, t);
    const seal = () => {
      throw new Error("no master key");
    };
    const draft = endpointDraft(tenant.number, { secret: { seal, publicKey: undefined } });

    await assert.rejects(createEndpoint(stores, draft), /no master key/);

    assert.deepEqual(await stores.readHead(0), { head: 0, changes: 0 });
    const page = { tenant: tenant.number, before: undefined, limit: 9 };
    assert.deepEqual(await stores.listEndpoints(page), []);
    const created = await createEndpoint(stores, endpointDraft(tenant.number));
    assert.deepEqual(await stores.listEndpoints(page), [created]);
  });
}

function describeRotation(open: Open): void {
  test("rotateSecret() puts the new secret first, ends the others, and is a change", async (t) => {
    const setup = await setUp(open, t);
    const { stores, tenant } = setup;
    const created = await createOne(setup);
    const rotation = { sealed: Uint8Array.of(9, 0, 9), publicKey: "whpk_b", now: START + 7 };

    const result = await stores.rotateSecret(rotationOf(tenant.number, created.number, rotation));

    const [version] = created.versions;
    const [first] = created.secrets;
    const rotated = changedOf(result);
    assert.ok(version && first);
    const { sealed, publicKey } = rotation;
    assert.deepEqual(rotated, {
      ...created,
      secrets: [
        { number: 2, sealed, publicKey, createdAt: START + 7, expiresAt: undefined },
        { ...first, expiresAt: START + 1007 },
      ],
      versions: [version, { ...version, since: version.since + 1, change: 2 }],
      updatedAt: START + 7,
    });
    assert.deepEqual(await stores.findEndpoint(tenant.number, created.number), rotated);
    assert.deepEqual(await stores.readEndpoint(created.number), rotated);
    assert.deepEqual(await stores.readChanged(0, 1), [rotated]);
    assert.deepEqual((await stores.readRoutes(tenant.number))?.endpoints, [rotated]);
  });

  test("rotateSecret() gives an endpoint without a secret its first", async (t) => {
    const { stores, tenant } = await setUp(open, t);
    const { number } = await createEndpoint(stores, endpointDraft(tenant.number));

    const { secrets } = changedOf(await stores.rotateSecret(rotationOf(tenant.number, number)));

    assert.deepEqual(
      secrets.map((secret) => [secret.number, secret.expiresAt]),
      [[1, undefined]],
    );
  });

  test("rotateSecret() removes what has expired, and gives no number again", async (t) => {
    const setup = await setUp(open, t);
    const { stores, tenant } = setup;
    const { number } = await createOne(setup);
    const rotate = async (change: { now: number; overlapMs?: number }) =>
      changedOf(await stores.rotateSecret(rotationOf(tenant.number, number, change))).secrets;

    await rotate({ now: START + 1 });
    await rotate({ now: START + 2, overlapMs: 5000 });
    const third = await rotate({ now: START + 1001, overlapMs: 5000 });
    const last = await rotate({ now: START + 1002, overlapMs: 0 });

    const endsOf = (secrets: typeof third) => secrets.map((secret) => [secret.number, secret.expiresAt]);
    assert.deepEqual(endsOf(third), [
      [4, undefined],
      [3, START + 6001],
      [2, START + 5002],
    ]);
    assert.deepEqual(endsOf(last), [[5, undefined]]);
    assert.deepEqual((await stores.findEndpoint(tenant.number, number))?.secrets, last);
  });

  test("rotateSecret() works on an endpoint that is paused or disabled, and leaves it so", async (t) => {
    const setup = await setUp(open, t);
    const { stores, tenant } = setup;
    const { number } = await createOne(setup);
    for (const state of ["paused", "disabled"] as const) {
      await stores.updateEndpoint({
        tenant: tenant.number,
        endpoint: number,
        state,
        reason: "r",
        now: START,
      });

      const rotated = changedOf(await stores.rotateSecret(rotationOf(tenant.number, number)));

      const version = rotated.versions.at(-1);
      assert.deepEqual([version?.state, version?.reason], [state, "r"]);
    }
  });
}

function describeRefusal(open: Open): void {
  test("rotateSecret() changes nothing where too many would be live, two at once too", async (t) => {
    const setup = await setUp(open, t);
    const { stores, tenant } = setup;
    const { number } = await createOne(setup);
    const rotate = () => stores.rotateSecret(rotationOf(tenant.number, number));

    const results = await Promise.all(Array.from({ length: LIVE_SECRETS_MAX + 1 }, rotate));

    const refused = results.filter((result) => result === "too_many_secrets");
    assert.equal(refused.length, 2);
    const full = await stores.findEndpoint(tenant.number, number);
    assert.equal(full?.secrets.length, LIVE_SECRETS_MAX);
    const head = await stores.readHead(0);
    assert.equal(await rotate(), "too_many_secrets");
    assert.deepEqual(await stores.findEndpoint(tenant.number, number), full);
    assert.deepEqual(await stores.readHead(0), head);
  });

  test("rotateSecret() finds no other tenant's endpoint and no deleted one (invariant 9)", async (t) => {
    const setup = await setUp(open, t);
    const { stores, tenant, other } = setup;
    const endpoint = await createOne(setup);
    const { number } = endpoint;

    assert.equal(await stores.rotateSecret(rotationOf(other.number, number)), undefined);
    assert.equal(await stores.rotateSecret(rotationOf(tenant.number, 99)), undefined);
    assert.deepEqual(await stores.findEndpoint(tenant.number, number), endpoint);

    await stores.updateEndpoint({ tenant: tenant.number, endpoint: number, state: "deleted", now: START });
    assert.equal(await stores.rotateSecret(rotationOf(tenant.number, number)), undefined);
  });
}
