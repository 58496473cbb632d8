import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { endpointDraft, rotationOf } from "./samples.ts";
import { createEndpoint, type Open, type Setup, START, setUp } from "./setup.ts";

/** Sealed secrets of every tenant, and how they are put under another master key. */
export function describeSealedSecrets(open: Open): void {
  describe("sealed secrets", () => {
    test("readSealed() pages through every tenant's secrets, also those of deleted endpoints", async (t) => {
      const setup = await setUp(open, t);
      const { stores, tenant } = setup;
      const all = await storeSecrets(setup);
      await stores.updateEndpoint({ tenant: tenant.number, endpoint: 1, state: "deleted", now: START });

      const first = await stores.readSealed(undefined, 2);
      const second = await stores.readSealed(first.at(-1), 2);

      assert.deepEqual([...first, ...second], all);
      assert.deepEqual(await stores.readSealed(second.at(-1), 2), []);
    });

    test("replaceSealed() replaces what is as it was seen, and changes nothing else", async (t) => {
      const setup = await setUp(open, t);
      const { stores, tenant } = setup;
      const [first, second] = await storeSecrets(setup);
      assert.ok(first && second);
      const before = await stores.findEndpoint(tenant.number, 1);
      const head = await stores.readHead(0);

      const replaced = await stores.replaceSealed([
        { endpoint: 1, number: 1, seen: first.sealed, sealed: Uint8Array.of(7) },
        { endpoint: 1, number: 2, seen: first.sealed, sealed: Uint8Array.of(7) },
        { endpoint: 1, number: 9, seen: first.sealed, sealed: Uint8Array.of(7) },
        { endpoint: 99, number: 1, seen: first.sealed, sealed: Uint8Array.of(7) },
      ]);

      assert.equal(replaced, 1);
      const after = await stores.findEndpoint(tenant.number, 1);
      assert.deepEqual(
        after?.secrets.map(({ sealed }) => sealed),
        [second.sealed, Uint8Array.of(7)],
      );
      assert.deepEqual({ ...after, secrets: [] }, { ...before, secrets: [] });
      assert.deepEqual(await stores.readHead(0), head);
      assert.equal(await stores.replaceSealed([]), 0);
    });
  });
}

/** Two secrets of one endpoint, one of another, one of another tenant; and an endpoint without any. */
async function storeSecrets({ stores, tenant, other }: Setup) {
  const secret = { seal: (number: number) => Uint8Array.of(1, number), publicKey: undefined };
  await createEndpoint(stores, endpointDraft(tenant.number, { secret }));
  await createEndpoint(stores, endpointDraft(other.number, { secret }));
  await createEndpoint(stores, endpointDraft(tenant.number, { secret }));
  await createEndpoint(stores, endpointDraft(tenant.number));
  await stores.rotateSecret(rotationOf(tenant.number, 1, { sealed: Uint8Array.of(1, 1, 2) }));
  return [
    { tenant: tenant.number, endpoint: 1, number: 1, sealed: Uint8Array.of(1, 1) },
    { tenant: tenant.number, endpoint: 1, number: 2, sealed: Uint8Array.of(1, 1, 2) },
    { tenant: other.number, endpoint: 2, number: 1, sealed: Uint8Array.of(1, 2) },
    { tenant: tenant.number, endpoint: 3, number: 1, sealed: Uint8Array.of(1, 3) },
  ];
}
