import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ApiKey } from "../model/tenant.ts";
import type { KeyUse } from "../registry.ts";
import { setUpApp } from "./app-setup.test.ts";
import { createKeyUses } from "./key-uses.ts";

async function setup() {
  const { ports } = await setUpApp();
  const written: (readonly KeyUse[])[] = [];
  const rings: (() => void)[] = [];
  const faults: unknown[] = [];
  const uses = createKeyUses({
    registry: {
      ...ports.registry,
      async noteKeyUses(step) {
        if (faults.length > 0) {
          throw faults.pop();
        }
        written.push(step);
      },
    },
    clock: {
      ...ports.clock,
      after(_delayMs, ring) {
        rings.push(ring);
        return { cancel: () => rings.splice(0) };
      },
    },
    log: ports.log,
  });
  return { uses, written, rings, faults };
}

function keyOf(number: number): ApiKey {
  return {
    id: `key_${number}`,
    tenant: 1,
    name: "a key",
    hash: new Uint8Array(32),
    scopes: undefined,
    ratePerSecond: undefined,
    createdAt: 0,
    expiresAt: undefined,
    lastUsedAt: undefined,
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("key uses", () => {
  test("note() writes nothing; a key used often is written once, with its last use", async () => {
    const { uses, written, rings } = await setup();
    uses.start();
    assert.equal(rings.length, 0, "nothing waits");
    for (let at = 1; at <= 1000; at += 1) {
      uses.note(keyOf(1), at);
    }
    await settled();
    assert.deepEqual(written, []);
    assert.equal(uses.lastUseOf(keyOf(1)), 1000);

    rings.shift()?.();
    await settled();
    assert.deepEqual(written, [[{ id: "key_1", at: 1000 }]]);
    assert.equal(rings.length, 0, "an idle key is not written again");
    uses.note(keyOf(1), 1001);
    rings.shift()?.();
    await settled();
    assert.deepEqual(written.slice(1), [[{ id: "key_1", at: 1001 }]]);
  });

  test("runOnce() writes bounded steps, and forgets uses beyond its limit", async () => {
    const { uses, written } = await setup();
    for (let number = 0; number < 12_000; number += 1) {
      uses.note(keyOf(number), 1);
    }
    await uses.runOnce();
    assert.equal(Math.max(...written.map(({ length }) => length)), 500);
    assert.equal(written.flat().length, 10_000);
  });

  test("what could not be stored is stored the next time; stop() stores what waits", async () => {
    const { uses, written, rings, faults } = await setup();
    uses.start();
    uses.note(keyOf(1), 7);
    faults.push(new Error("no"));
    rings.shift()?.();
    await settled();
    assert.deepEqual(written, []);
    assert.equal(rings.length, 1);
    await uses.stop();
    assert.deepEqual(written, [[{ id: "key_1", at: 7 }]]);
    assert.deepEqual(rings, [], "nothing rings after stop()");
  });
});
