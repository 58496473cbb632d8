import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { systemClock } from "./clock.ts";
import { systemRandom } from "./random.ts";
import { createSeal, type Seal, secretContext } from "./seal.ts";
import type { SecretRegistry } from "./secret-registry.ts";
import { resealSecrets, surveySecrets } from "./stored-secrets.ts";
import { endpointDraft } from "./stores/conformance/samples.ts";
import { createEndpoint, createTenant } from "./stores/conformance/setup.ts";
import { createMemoryStore } from "./stores/memory.ts";

const OLD = new Uint8Array(32).fill(1);
const NEW = new Uint8Array(32).fill(2);
// Three steps of 500.
const COUNT = 1001;

async function setup() {
  const old = createSeal({ key: OLD, random: systemRandom });
  const both = createSeal({ key: NEW, olderKeys: [OLD], random: systemRandom });
  const store = createMemoryStore({ clock: systemClock, random: systemRandom });
  const { number: tenant } = await createTenant(store, "acme");
  const seal = (endpoint: number) => old.seal(`secret ${endpoint}`, secretContext(tenant, endpoint));
  for (let count = 0; count < COUNT; count += 1) {
    await createEndpoint(store, endpointDraft(tenant, { secret: { seal, publicKey: undefined } }));
  }
  const opened = async (by: Seal): Promise<readonly string[]> => {
    const secrets = await store.readSealed(undefined, COUNT);
    return secrets.map(({ endpoint, sealed }) => by.unseal(sealed, secretContext(tenant, endpoint)));
  };
  return { store, old, both, opened, tenant };
}

const EVERY = Array.from({ length: COUNT }, (_, index) => `secret ${index + 1}`);

/** A registry that breaks off at the step of a number, before it is written. */
function breakingAt(step: number, registry: SecretRegistry): SecretRegistry {
  let steps = 0;
  return {
    readSealed: registry.readSealed,
    async replaceSealed(replacements) {
      steps += 1;
      assert.notEqual(steps, step, "broken off");
      return await registry.replaceSealed(replacements);
    },
  };
}

describe("resealSecrets()", () => {
  test("puts every secret under the new key, which opens them alone from then on", async () => {
    const { store, both, opened } = await setup();

    assert.deepEqual(await resealSecrets(store, both), { resealed: COUNT, unopened: new Set() });

    assert.deepEqual(await opened(createSeal({ key: NEW, random: systemRandom })), EVERY);
    assert.deepEqual(await resealSecrets(store, both), { resealed: 0, unopened: new Set() });
  });

  test("goes on where it broke off, and both keys open everything meanwhile", async () => {
    const { store, both, opened } = await setup();

    await assert.rejects(resealSecrets(breakingAt(2, store), both), /broken off/);

    assert.deepEqual(await surveySecrets(store, both), {
      current: 500,
      older: 501,
      unknownKeyIds: new Set(),
    });
    assert.deepEqual(await opened(both), EVERY);
    assert.equal((await resealSecrets(store, both)).resealed, 501);
    assert.deepEqual(await opened(both), EVERY);
  });

  test("leaves alone what was replaced while it ran, and looks at it again", async () => {
    const { store, old, both, opened, tenant } = await setup();
    const sealed = old.seal("newer", secretContext(tenant, 7));
    let isFirst = true;
    const racing: SecretRegistry = {
      readSealed: store.readSealed,
      async replaceSealed(replacements) {
        const [seventh] = (await store.readSealed({ endpoint: 6, number: 1 }, 1)).slice(0, 1);
        if (isFirst && seventh !== undefined) {
          isFirst = false;
          await store.replaceSealed([{ endpoint: 7, number: 1, seen: seventh.sealed, sealed }]);
        }
        return await store.replaceSealed(replacements);
      },
    };

    assert.equal((await resealSecrets(racing, both)).resealed, COUNT);

    assert.equal((await opened(createSeal({ key: NEW, random: systemRandom })))[6], "newer");
  });

  test("leaves what does not open as it is, and says whose it is", async () => {
    const { store, both } = await setup();
    const [first, second] = await store.readSealed(undefined, 2);
    assert.ok(first && second);
    const third = createSeal({ key: new Uint8Array(32).fill(3), random: systemRandom });
    const lost = third.seal("lost", secretContext(first.tenant, 1));
    await store.replaceSealed([
      { ...first, seen: first.sealed, sealed: lost },
      { ...second, seen: second.sealed, sealed: Uint8Array.of(1, 2) },
    ]);

    assert.deepEqual((await surveySecrets(store, both)).unknownKeyIds, new Set([third.keyId]));
    assert.deepEqual(await resealSecrets(store, both), { resealed: COUNT - 2, unopened: new Set([1, 2]) });
    assert.deepEqual(
      (await store.readSealed(undefined, 2)).map(({ sealed }) => sealed),
      [lost, Uint8Array.of(1, 2)],
    );
  });
});
