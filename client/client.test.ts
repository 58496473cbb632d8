import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createClient } from "./client.ts";
import { PosthornError } from "./posthorn-error.ts";

interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: unknown;
}

type Step = Response | Error;

const ACCEPTED = { id: "evt_1", type: "a.b", accepted_at: "2026-01-01T00:00:00.000Z" };

const json = (status: number, body: object, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });

const problem = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  json(status, { code, detail: "Because.", errors: [{ pointer: "/url", detail: "must be" }] }, headers);

/** A client whose server answers these one after the other, and what it was asked. */
function clientOf(...steps: readonly Step[]) {
  const asked: Request[] = [];
  const client = createClient({
    url: "http://posthorn.example/",
    key: "phk_1",
    retries: 1,
    fetch: async (input, init) => {
      const { method, headers, body } = init ?? {};
      const text = typeof body === "string" ? JSON.parse(body) : undefined;
      asked.push({ method: String(method), url: String(input), headers: new Headers(headers), body: text });
      const step = steps[asked.length - 1];
      if (step === undefined || step instanceof Error) {
        throw step ?? new Error("nothing more was expected");
      }
      return step.clone();
    },
  });
  return { client, asked };
}

describe("createClient()", () => {
  it("hands events over under a key where there is no randomUUID, as on pages by plain http", async (t) => {
    t.mock.method(crypto, "randomUUID", () => {
      throw new TypeError("crypto.randomUUID is not a function");
    });
    const { client, asked } = clientOf(json(202, ACCEPTED), json(202, ACCEPTED));
    await client.sendEvent("acme", { type: "a.b", data: 1 });
    await client.sendEvent("acme", { type: "a.b", data: 1 });
    const [first, second] = asked.map(({ headers }) => headers.get("idempotency-key") ?? "");
    assert.match(first ?? "", /^[0-9a-f]{32}$/);
    assert.notEqual(first, second);
  });

  it("asks with the key, and puts texts into paths as they are", async () => {
    const { client, asked } = clientOf(json(200, { id: "a b" }));
    assert.equal((await client.getTenant("a b/c")).id, "a b");
    const [request] = asked;
    assert.equal(request?.url, "http://posthorn.example/v1/tenants/a%20b%2Fc");
    assert.equal(request?.headers.get("authorization"), "Bearer phk_1");
    assert.equal(request?.headers.get("content-type"), null);
  });

  it("refuses a url that is none, such as a variable that is not set, and does not say what it is", () => {
    for (const url of ["undefined", "posthorn.example:8080", "phk_1", "ftp://posthorn.example"]) {
      assert.throws(() => createClient({ url }), {
        name: "TypeError",
        message: /^url must be where a server is/,
      });
    }
    const unset: { readonly url: string } = JSON.parse("{}");
    assert.throws(() => createClient(unset), TypeError);
    createClient({ url: "" });
    createClient({ url: "/hooks" });
  });

  it("says nothing of a key that it does not have, where `fetch` says who asks", async () => {
    const asked: Headers[] = [];
    const client = createClient({
      url: "http://posthorn.example",
      fetch: async (_, init) => {
        asked.push(new Headers(init?.headers));
        return problem(403, "forbidden");
      },
    });
    await assert.rejects(client.getTenant("acme"));
    await assert.rejects(client.watch("acme")[Symbol.asyncIterator]().next());
    assert.deepEqual(
      asked.map((headers) => headers.has("authorization")),
      [false, false],
    );
  });

  it("sends an event with a key that it makes, the same when it asks again", async () => {
    const { client, asked } = clientOf(new TypeError("fetch failed"), json(202, ACCEPTED));
    assert.deepEqual(await client.sendEvent("acme", { type: "a.b", data: 1 }), ACCEPTED);
    const keys = asked.map(({ headers }) => headers.get("idempotency-key"));
    assert.equal(keys.length, 2);
    assert.match(String(keys[0]), /^[0-9a-f]{32}$/);
    assert.equal(keys[0], keys[1]);
    assert.deepEqual(asked[1]?.body, { type: "a.b", data: 1 });
  });

  it("makes no key where events have their own, and asks again only where all have", async () => {
    const all = clientOf(problem(503, "store_unavailable"), json(202, { data: [] }));
    await all.client.sendEvents("acme", [{ type: "a", data: 1, idempotency_key: "k" }]);
    assert.deepEqual(
      all.asked.map(({ headers }) => headers.get("idempotency-key")),
      [null, null],
    );
    const some = clientOf(problem(503, "store_unavailable"));
    const events = [
      { type: "a", data: 1, idempotency_key: "k" },
      { type: "a", data: 2 },
    ];
    await assert.rejects(some.client.sendEvents("acme", events), { code: "store_unavailable" });
    assert.equal(some.asked.length, 1);
  });

  it("does not repeat what may have been done", async () => {
    for (const step of [new TypeError("fetch failed"), problem(503, "store_unavailable")]) {
      const { client, asked } = clientOf(step);
      await assert.rejects(client.createEndpoint("acme", { url: "https://a.example" }), PosthornError);
      await assert.rejects(clientOf(step).client.deleteTenant("acme"), PosthornError);
      assert.equal(asked.length, 1);
    }
  });

  it("repeats what was not done, as often as it may", async () => {
    const refusals = [problem(429, "rate_limited", { "retry-after": "0" }), problem(503, "overloaded")];
    for (const refusal of refusals) {
      const { client, asked } = clientOf(refusal, json(201, { id: "ep_1" }));
      assert.equal((await client.createEndpoint("acme", { url: "https://a.example" })).id, "ep_1");
      assert.equal(asked.length, 2);
    }
    const { client, asked } = clientOf(problem(503, "shutting_down"), problem(503, "shutting_down"));
    await assert.rejects(client.getTenant("acme"), { code: "shutting_down", status: 503 });
    assert.equal(asked.length, 2);
  });

  it("fails with the code, the members and the id of the request", async () => {
    const { client } = clientOf(problem(422, "invalid_request", { "x-request-id": "req-7" }));
    await assert.rejects(client.createEndpoint("acme", { url: "a" }), (error) => {
      assert.ok(error instanceof PosthornError);
      assert.equal(error.code, "invalid_request");
      assert.equal(error.status, 422);
      assert.equal(error.requestId, "req-7");
      assert.deepEqual(error.errors, [{ pointer: "/url", detail: "must be" }]);
      assert.match(error.message, /invalid_request: Because\.\n {2}\/url must be/);
      return true;
    });
  });

  it("says of an answer that is not Posthorn's what it is", async () => {
    for (const answer of [
      new Response("<html>", { status: 502 }),
      new Response("welcome", { status: 200 }),
    ]) {
      const { client } = clientOf(answer, answer);
      await assert.rejects(client.getTenant("acme"), { code: "not_posthorn", status: answer.status });
    }
  });

  it("says of a list that is no page that it is not Posthorn's", async () => {
    for (const answer of [json(200, { received: true }), new Response(null, { status: 204 })]) {
      const { client } = clientOf(answer);
      await assert.rejects(client.listEvents("acme").page(), { code: "not_posthorn" });
    }
  });

  it("iterates over all pages, with the query of the first", async () => {
    const { client, asked } = clientOf(
      json(200, { data: [{ id: "evt_3" }, { id: "evt_2" }], next_cursor: "c/1" }),
      json(200, { data: [], next_cursor: "c/2" }),
      json(200, { data: [{ id: "evt_1" }], next_cursor: null }),
    );
    const ids: string[] = [];
    for await (const { id } of client.listEvents("acme", { type: "a.b", limit: 2 })) {
      ids.push(id);
    }
    assert.deepEqual(ids, ["evt_3", "evt_2", "evt_1"]);
    assert.deepEqual(
      asked.map(({ url }) => new URL(url).search),
      ["?type=a.b&limit=2", "?type=a.b&limit=2&cursor=c%2F1", "?type=a.b&limit=2&cursor=c%2F2"],
    );
  });

  it("ends when its signal does, and does not ask again", async () => {
    const controller = new AbortController();
    const { client, asked } = clientOf(new TypeError("fetch failed"), json(200, {}));
    const call = client.getTenant("acme", { signal: controller.signal });
    controller.abort(new Error("no more"));
    await assert.rejects(call, /no more/);
    assert.equal(asked.length, 1);
  });

  it("resolves with nothing where nothing is answered", async () => {
    const { client, asked } = clientOf(new Response(null, { status: 204 }));
    assert.equal(await client.deleteEndpoint("acme", "ep_1"), undefined);
    assert.equal(asked[0]?.method, "DELETE");
  });
});
