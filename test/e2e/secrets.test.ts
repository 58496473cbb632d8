import assert from "node:assert/strict";
import { after, before, describe, type TestContext, test } from "node:test";
import { createStandardReceiver } from "@posthorn/receiver/standard";
import { type Installation, install, until } from "./installation.ts";
import { type Arrival, startReceiver } from "./receiver.ts";
import { deliveryOf, makeEndpoint, postEvents } from "./steps.ts";

// Long enough that only a person brings it forward.
const LATER = { retry: { delays_ms: [3_600_000], jitter: 0 } };

interface RotatedShape {
  readonly secret: string;
  readonly public_key: string | null;
  readonly secrets: readonly { readonly expires_at: string | null }[];
}

/** The status that a customer's program with these secrets answers. */
async function statusOf({ path, headers, body }: Arrival, secrets: readonly string[]): Promise<number> {
  const receiver = createStandardReceiver({ secrets, onEvent: () => "sent" });
  const named = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  const request = {
    method: "POST",
    url: path,
    headers: Object.fromEntries(named),
    payload: Buffer.from(body),
  };
  return (await receiver.receive(request)).status;
}

async function assertTaken(arrivals: readonly Arrival[], ...secrets: readonly string[]): Promise<void> {
  for (const arrival of arrivals) {
    assert.equal(await statusOf(arrival, secrets), 204);
  }
}

async function assertRefused(arrivals: readonly Arrival[], ...secrets: readonly string[]): Promise<void> {
  for (const arrival of arrivals) {
    assert.equal(await statusOf(arrival, secrets), 401);
  }
}

describe("secrets of a real server", { concurrency: 1 }, () => {
  let posthorn: Installation;

  before(async () => {
    posthorn = await install();
  });
  after(async () => {
    await posthorn.close();
  });

  async function setup(t: TestContext, body: object = {}) {
    const receiver = await startReceiver();
    t.after(() => receiver.close());
    const place = { posthorn, tenant: await posthorn.tenant("standard") };
    const endpoint = await makeEndpoint(place, { url: receiver.url, ...LATER, ...body });
    const path = `${place.tenant}/endpoints/${endpoint.id}`;
    return {
      receiver,
      endpoint,
      path,
      async rotate(asked: object = {}): Promise<RotatedShape> {
        const rotated = await posthorn.call<RotatedShape>("POST", `${path}/rotate-secret`, asked);
        assert.equal(rotated.status, 200, JSON.stringify(rotated.json));
        return rotated.json;
      },
      /** Posts an event, waits until its delivery is in a state, and returns its id. */
      async post(state: string): Promise<string> {
        const event = await postEvents(place, { type: "a", data: {} });
        await until(`it is ${state}`, async () => (await deliveryOf(place, event)).state === state);
        return (await deliveryOf(place, event)).id;
      },
      async retry(delivery: string): Promise<void> {
        const one = `${place.tenant}/deliveries/${delivery}`;
        await posthorn.call("POST", `${one}/retry`);
        await until("it is delivered", async () => {
          const { json } = await posthorn.call<{ state: string }>("GET", one);
          return json.state === "delivered";
        });
      },
    };
  }

  test("a rotation while retries wait: who has both secrets takes everything", async (t) => {
    const { endpoint, post, receiver, retry, rotate } = await setup(t);
    receiver.answer(() => ({ status: 500 }));
    const waiting = [await post("retrying"), await post("retrying")];
    const { secret } = await rotate();
    receiver.answer(() => ({ status: 200 }));
    await post("delivered");
    for (const delivery of waiting) {
      await retry(delivery);
    }

    const [earlier, later] = [receiver.arrivals.slice(0, 2), receiver.arrivals.slice(2)];
    assert.equal(later.length, 3);
    await assertTaken(receiver.arrivals, secret, endpoint.secret);
    await assertRefused(earlier, secret);
    await assertTaken(later, secret);
    await assertTaken(later, endpoint.secret);
  });

  test("after a rotation without an overlap the old secret signs nothing, no retry either", async (t) => {
    const { endpoint, path, post, receiver, retry, rotate } = await setup(t);
    receiver.answer(() => ({ status: 500 }));
    const waiting = await post("retrying");
    const second = await rotate();
    const { secret, secrets } = await rotate({ overlap_seconds: 0 });
    receiver.answer(() => ({ status: 200 }));
    await post("delivered");
    await retry(waiting);
    await posthorn.restart();
    await post("delivered");

    const later = receiver.arrivals.slice(1);
    assert.equal(secrets.length, 1);
    assert.equal(later.length, 3);
    await assertTaken(later, secret);
    await assertRefused(later, second.secret, endpoint.secret);
    const shown = await posthorn.call<object>("GET", path);
    assert.equal(JSON.stringify(shown.json).includes("whsec_"), false);
  });

  test("an endpoint moves to public keys: they are shown, published, and verify what is sent", async (t) => {
    const { endpoint, path, post, receiver, rotate } = await setup(t);
    await posthorn.call("PATCH", path, { settings: { signature: "v1a" } });
    await post("delivered");
    const { public_key } = await rotate();
    await post("delivered");
    await rotate({ overlap_seconds: 0 });
    await post("delivered");

    const [first, second, third] = receiver.arrivals.map((arrival) => [arrival]);
    assert.ok(first && second && third && public_key !== null);
    await assertTaken([...first, ...second], endpoint.secret);
    await assertRefused(first, public_key);
    await assertTaken(second, public_key);
    await assertRefused(third, public_key, endpoint.secret);
    const { x } = await publishedKey(path);
    await assertTaken(third, `whpk_${Buffer.from(x, "base64url").toString("base64")}`);
  });

  /** Asks for an endpoint's one public key as anyone may, without a key to the API. */
  async function publishedKey(path: string): Promise<{ readonly x: string }> {
    const answer = await fetch(`${posthorn.url}${path}/jwks.json`);
    const { keys } = (await answer.json()) as { keys: readonly { x: string }[] };
    const [key] = keys;
    assert.equal(answer.headers.get("cache-control"), "public, max-age=300");
    assert.ok(key && keys.length === 1);
    return key;
  }
});
