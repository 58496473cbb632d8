import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { setUpApp } from "../app-setup.test.ts";
import { assertRawProblem, headOf, listen } from "../raw-client.test.ts";

const EVENT = '{"type":"a","data":1}';

async function setup(t: TestContext) {
  const { app, store } = await setUpApp();
  const open = await listen(app, t);
  return {
    async post(headers: readonly string[]): Promise<string> {
      const client = open();
      const all = [`content-length: ${EVENT.length}`, "connection: close", ...headers];
      client.socket.write(headOf("POST", "/v1/tenants/acme/events", all) + EVENT, "utf8");
      return await client.closed();
    },
    async stored(): Promise<number> {
      return (await store.readLog({ lease: 0, after: 0, to: 9e15, limit: 99, bytesMax: 9 })).events.length;
    },
  };
}

describe("POST events with headers that are none", () => {
  test("is refused where the key is ambiguous, or no text of ASCII, and nothing is stored", async (t) => {
    const { post, stored } = await setup(t);
    for (const headers of [
      ["idempotency-key: a", "Idempotency-Key: b"],
      ["idempotency-key: a", "IDEMPOTENCY-KEY: a"],
      ["idempotency-key:"],
      ["idempotency-key: é"],
      ["idempotency-key: 😀"],
      [`idempotency-key: ${"k".repeat(5000)}`],
    ]) {
      assertRawProblem(await post(headers), 422, "invalid_request");
    }
    assert.equal(await stored(), 0);
  });

  test("is no HTTP where a header has a line's end or a null in it", async (t) => {
    const { post, stored } = await setup(t);
    for (const header of [
      "x: a\u0000b",
      "idempotency-key: a\u0001b",
      "x: a\rb",
      "x y: 1",
      "é: 1",
      ": 1",
      "x",
    ]) {
      assertRawProblem(await post([header]), 400, "bad_request");
    }
    assert.equal(await stored(), 0);
  });

  test("takes what nobody reads, however odd it is", async (t) => {
    const { post, stored } = await setup(t);
    const odd = [`${"n".repeat(300)}: v`, "x: é😀", "__proto__: x", "constructor: x", "x: ${x} {{x}} %s"];
    assert.match(await post(odd), /^HTTP\/1\.1 202 /);
    // The first one counts, as it does to every part of Node.
    assert.match(await post(["authorization: Bearer other", "content-type: text/plain"]), /^HTTP\/1\.1 202 /);
    assert.equal(await stored(), 2);
  });
});
