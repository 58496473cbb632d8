import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Answer, assertProblem, setUpApp } from "../app-setup.test.ts";

const EVENT = '{"type":"client.updated","data":{"id":1}}';

async function setup() {
  const all = await setUpApp();
  const tenant = await all.store.findTenant("acme");
  return {
    ...all,
    post: (body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
      all.call("POST", "/v1/tenants/acme/events", { body, headers }),
    stored: async () => {
      const query = { tenant: tenant?.number ?? 0, limit: 10_000, scanMax: 10_000 };
      return (await all.store.listEvents(query)).events;
    },
  };
}

describe("POST events with an idempotency key", () => {
  const header = (key: string) => ({ "idempotency-key": key });

  test("a key seen before gives the original answer, whatever the order and spacing of members", async () => {
    const { post, stored, clock } = await setup();
    const first = await post('{"type":"a","data":{"id":1},"subject":"s","idempotency_key":"k"}');
    clock.at += 5000;
    const again = await post('{ "idempotency_key":"k", "subject":"s", "data":{"id":1}, "t\\u0079pe":"a" }');
    assert.deepEqual([again.status, again.body], [202, first.body]);
    assert.equal((await stored()).length, 1);
  });

  test("a key with other content is refused and nothing of the request is stored", async () => {
    const { post, stored } = await setup();
    await post({ type: "a", data: { id: 1 }, idempotency_key: "k" });
    const changes = [
      { type: "b" },
      { data: { id: 2 } },
      { subject: "s" },
      { occurred_at: "2020-01-01T00:00:00Z" },
    ];
    for (const change of [...changes, { expires_at: "2030-01-01T00:00:00Z" }]) {
      const event = { type: "a", data: { id: 1 }, idempotency_key: "k", ...change };
      assertProblem(await post(event), "idempotency_key_reused", ["/idempotency_key"]);
      assertProblem(await post([{ type: "new", data: 1 }, event]), "idempotency_key_reused", [
        "/1/idempotency_key",
      ]);
    }
    assertProblem(
      await post('{"type":"a","data":{"id": 1},"idempotency_key":"k"}'),
      "idempotency_key_reused",
    );
    assert.equal((await stored()).length, 1);
  });

  test("Idempotency-Key covers the request", async () => {
    const { post, stored } = await setup();
    const first = await post(
      [
        { type: "a", data: 1 },
        { type: "b", data: 2 },
      ],
      header("k"),
    );
    const again = await post(
      [
        { type: "a", data: 1 },
        { type: "b", data: 2 },
      ],
      header("k"),
    );
    assert.deepEqual(again.body, first.body);
    assertProblem(await post([{ type: "a", data: 1 }], header("k")), "idempotency_key_reused", []);
    assertProblem(
      await post(
        [
          { type: "a", data: 12 },
          { type: "b", data: 2 },
        ],
        header("k"),
      ),
      "idempotency_key_reused",
    );
    assert.equal((await stored()).length, 2);
  });

  test("a key of another tenant is another key", async () => {
    const { post, call } = await setup();
    const event = { type: "a", data: 1, idempotency_key: "k" };
    const ours = await post(event);
    const theirs = await call("POST", "/v1/tenants/globex/events", { body: event });
    assert.notEqual(theirs.body.id, ours.body.id);
  });

  test("a key is forgotten after 24 hours", async () => {
    const { post, clock } = await setup();
    const first = await post({ type: "a", data: 1 }, header("k"));
    clock.at += 24 * 3_600_000;
    assert.equal((await post({ type: "a", data: 1 }, header("k"))).body.id, first.body.id);
    clock.at += 1;
    assert.notEqual((await post({ type: "a", data: 1 }, header("k"))).body.id, first.body.id);
  });

  test("both kinds of key at once are refused, and so is a header that no key can be", async () => {
    const { post, stored } = await setup();
    const events = [
      { type: "a", data: 1 },
      { type: "a", data: 1, idempotency_key: "k" },
    ];
    assertProblem(await post(events, header("k")), "invalid_request", ["/1/idempotency_key"]);
    for (const key of ["", "x".repeat(256), "é"]) {
      assertProblem(await post(EVENT, header(key)), "invalid_request", []);
    }
    assert.deepEqual(await stored(), []);
    assert.equal((await post(EVENT, header("x".repeat(255)))).status, 202);
  });

  test("the same key twice in one request is one event", async () => {
    const { post, stored } = await setup();
    const event = { type: "a", data: 1, idempotency_key: "k" };
    const { body } = await post([event, event]);
    assert.equal(body.data[0].id, body.data[1].id);
    assert.equal((await stored()).length, 1);
  });
});
