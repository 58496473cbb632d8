import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assertProblem, makeKey, makeKeyWith, type Setup, setUpApp } from "./app-setup.test.ts";

const RATE = 20;
const EVENT = { type: "a", data: 1 };

async function setup() {
  const app = await setUpApp({ keyRatePerSecond: RATE });
  const key = await makeKey(app, "acme");
  const submit = (by: string, tenant = "acme") =>
    app.call("POST", `/v1/tenants/${tenant}/events`, { key: by, body: EVENT });
  return { ...app, app, key, submit };
}

async function storedIn({ call }: Setup, tenant: string): Promise<number> {
  const { body } = await call("GET", `/v1/tenants/${tenant}/events?limit=100`);
  return body.data.length;
}

describe("the rate of a key", () => {
  test("ten times of it gets what it allows and 429 for the rest; others get all they ask for", async () => {
    const { app, key, submit } = await setup();
    const other = await makeKey(app, "globex");
    const second = await makeKey(app, "acme");

    const statuses: number[] = [];
    for (let count = 0; count < 10 * RATE; count += 1) {
      statuses.push((await submit(key)).status);
    }

    assert.deepEqual(statuses.slice(0, RATE), Array(RATE).fill(202));
    assert.deepEqual(statuses.slice(RATE), Array(9 * RATE).fill(429));
    assert.equal(await storedIn(app, "acme"), RATE);
    for (const [by, tenant] of [
      [other, "globex"],
      [second, "acme"],
    ] as const) {
      for (let count = 0; count < RATE; count += 1) {
        assert.equal((await submit(by, tenant)).status, 202);
      }
    }
  });

  test("every answer tells what is left, and 429 when to come again", async () => {
    const { call, clock, key, submit } = await setup();
    const first = await submit(key);
    const notFound = await call("GET", "/v1/tenants/globex", { key });
    const contracts = await call("GET", "/v1/contracts", { key });
    for (let count = 3; count < RATE; count += 1) {
      await submit(key);
    }

    const refused = await submit(key);

    const policy = `"key";q=${RATE};w=1`;
    for (const [answer, left] of [
      [first, RATE - 1],
      [notFound, RATE - 2],
      [contracts, RATE - 3],
      [refused, 0],
    ] as const) {
      assert.equal(answer.headers["ratelimit-policy"], policy);
      assert.equal(answer.headers["ratelimit"], `"key";r=${left};t=1`);
    }
    assertProblem(refused, "rate_limited");
    assert.equal(refused.status, 429);
    assert.equal(refused.headers["retry-after"], "1");
    assert.equal(first.headers["retry-after"], undefined);

    clock.at += 1000;
    assert.equal((await submit(key)).status, 202);
  });

  test("a key that has a rate of its own is held to that, above the installation's and below", async () => {
    const { app, key, submit } = await setup();
    for (const own of [RATE / 4, RATE * 4]) {
      const rated = await makeKeyWith(app, "acme", { rate_per_second: own });
      const answers = [];
      for (let count = 0; count <= own; count += 1) {
        answers.push(await submit(rated));
      }
      const refused = answers.pop();
      assert.ok(answers.every(({ status }) => status === 202));
      assert.equal(answers[0]?.headers["ratelimit"], `"key";r=${own - 1};t=1`);
      assert.ok(refused);
      assertProblem(refused, "rate_limited");
      assert.equal(refused.headers["ratelimit-policy"], `"key";q=${own};w=1`);
      assert.match(refused.body.detail, new RegExp(`may make ${own} requests`));
    }
    assert.equal((await submit(key)).headers["ratelimit-policy"], `"key";q=${RATE};w=1`);
  });

  test("a key's own rate holds where the installation has none", async () => {
    const app = await setUpApp({ keyRatePerSecond: 0 });
    const own = await makeKeyWith(app, "acme", { rate_per_second: 1 });
    const other = await makeKeyWith(app, "acme", { rate_per_second: null });
    const ask = (key: string) => app.call("GET", "/v1/contracts", { key });

    assert.deepEqual([(await ask(own)).status, (await ask(own)).status], [200, 429]);
    const { status, headers } = await ask(other);
    assert.deepEqual(
      [status, headers["ratelimit"], headers["ratelimit-policy"]],
      [200, undefined, undefined],
    );
  });

  test("the list of keys shows the rate that each has of its own", async () => {
    const { app } = await setup();
    await makeKeyWith(app, "acme", { rate_per_second: 7 });
    const { body } = await app.call("GET", "/v1/tenants/acme/keys");
    const rates = body.data.map(({ rate_per_second }: { rate_per_second: unknown }) => rate_per_second);
    assert.deepEqual(rates, [7, null]);
  });

  test("a rate that no key can have is refused by its name", async () => {
    const { app } = await setup();
    for (const rate of [0, -1, 1.5, 1_000_001, "20"]) {
      const body = { name: "test", rate_per_second: rate };
      assertProblem(await app.call("POST", "/v1/tenants/acme/keys", { body }), "invalid_request", [
        "/rate_per_second",
      ]);
    }
  });

  test("what is refused does not count: who keeps asking gets through at the rate", async () => {
    const { clock, key, submit } = await setup();
    for (let count = 0; count < RATE; count += 1) {
      await submit(key);
    }
    let through = 0;
    for (let count = 0; count < 100; count += 1) {
      clock.at += 10;
      through += (await submit(key)).status === 202 ? 1 : 0;
    }
    assert.equal(through, RATE);
  });

  test("admin keys, wrong keys and BSPK's own limit are left alone", async () => {
    const { call, key } = await setup();
    const asAdmin = await call("GET", "/v1/tenants/acme");
    const asNobody = await call("GET", "/v1/tenants/acme", { key: "nobody's key" });
    const atFace = await call("GET", "/api/platform/v1/webhook_endpoints", { key });
    for (const { headers } of [asAdmin, asNobody, atFace]) {
      assert.equal(headers["ratelimit"], undefined);
      assert.equal(headers["ratelimit-policy"], undefined);
    }
    assert.equal(atFace.headers["x-ratelimit-limit"], "30");
    assert.match(String((await call("GET", "/v1/contracts", { key })).headers["ratelimit"]), /;r=19;/);
  });

  test("spektr's list counts, and refuses in the vendor's shape", async () => {
    const { app, call } = await setup();
    await call("POST", "/v1/tenants", { body: { id: "bank", name: "Bank", contract: "spektr" } });
    const key = await makeKey(app, "bank");
    const list = () => call("GET", "/v1/events?delivered=false", { key: "", headers: { "x-api-key": key } });
    for (let count = 0; count < RATE; count += 1) {
      assert.equal((await list()).status, 200);
    }
    const refused = await list();
    assert.equal(refused.status, 429);
    assert.equal(refused.headers["retry-after"], "1");
  });
});
