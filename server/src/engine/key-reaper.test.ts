import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../clock.ts";
import { systemRandom } from "../random.ts";
import { createMemoryStore } from "../stores/memory.ts";
import { createKeyReaper } from "./key-reaper.ts";

test("runOnce() forgets every expired key, over more steps than one, and no other", async () => {
  const store = createMemoryStore({ clock: systemClock, random: systemRandom });
  const tenant = await store.createTenant({
    id: "t",
    name: "T",
    contract: undefined,
    shard: 0,
    createdAt: 0,
  });
  assert.ok(tenant);
  const submit = (text: string, keysExpireAt: number) => ({
    tenant: tenant.number,
    key: { text, hash: new Uint8Array(32) },
    keysExpireAt,
    events: [
      {
        key: undefined,
        event: {
          type: "a",
          subject: undefined,
          occurredAt: undefined,
          data: new Uint8Array([0x31]),
          expiresAt: undefined,
          to: undefined,
          extensions: undefined,
        },
      },
    ],
  });
  const now = systemClock.now();
  const old = Array.from({ length: 2500 }, (_, place) => submit(`old-${place}`, now - 1));
  await store.append(0, [...old, submit("new", now + 60_000)]);
  const reaper = createKeyReaper({ store, clock: systemClock, onFault: ({ what }) => assert.fail(what) });

  reaper.start();
  const reaped = await reaper.runOnce();
  reaper.stop();

  assert.equal(reaped, 2500);
  assert.ok(await store.readKey(tenant.number, "new"));
});
