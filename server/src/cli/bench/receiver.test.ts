import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type Receiver, startReceiver } from "./receiver.ts";
import { signedRequest } from "./sample.ts";

const SECRET = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;
const OTHER_SECRET = `whsec_${Buffer.alloc(32, 6).toString("base64")}`;
const EVENTS = { secret: SECRET, count: "events", isTimed: false } as const;

/** Posts an event to it, signed with a secret. */
async function post(receiver: Receiver, id: string, secret = SECRET): Promise<void> {
  const { headers, payload: body } = signedRequest(secret, id);
  const { status } = await fetch(receiver.url, { method: "POST", headers, body: new Uint8Array(body) });
  assert.equal(status, 200);
}

async function setup(it: TestContext, stallMs?: number) {
  const seen: number[] = [];
  const receiver = await startReceiver({
    onProgress: (arrived) => seen.push(arrived),
    ...(stallMs === undefined ? {} : { stallMs }),
  });
  it.after(() => receiver.close());
  return { receiver, seen };
}

test("expect() counts different events whose signature is right, and says what was not", async (it) => {
  const { receiver } = await setup(it);
  const { complete } = await receiver.expect({ ...EVENTS, number: 2 });
  await post(receiver, "evt_a");
  await post(receiver, "evt_a");
  await post(receiver, "evt_b", OTHER_SECRET);
  await post(receiver, "evt_b");
  assert.deepEqual(await complete, { counted: 3, distinct: 2, refused: 1, latenciesMs: [] });
});

test("expect() rejects where nothing else comes, and says how much did", async (it) => {
  const { receiver, seen } = await setup(it, 500);
  const { complete } = await receiver.expect({ ...EVENTS, number: 3 });
  await post(receiver, "evt_a");
  await post(receiver, "evt_b", OTHER_SECRET);
  await assert.rejects(complete, {
    name: "Stalled",
    message: /^1 of 3 deliveries arrived and were verified/,
  });
  assert.equal(seen.at(-1), 1);
});
