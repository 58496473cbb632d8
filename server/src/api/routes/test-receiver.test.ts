import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { TAKES_ALL, type TestAnswer } from "../../test-receiver.ts";
import { makeKey, setUpApp } from "../app-setup.test.ts";

const PATH = "/v1/tenants/acme/test-receiver";
const SHOWN = { status: 200, body: '{"outcome":"sent"}', retry_after_seconds: null, is_silent: false };

async function setUp() {
  const answers = new Map<string, TestAnswer>();
  const setup = await setUpApp({
    testReceiver: {
      urlOf: (tenant) => `http://127.0.0.1:1/${tenant}`,
      answerTo: (tenant) => answers.get(tenant) ?? TAKES_ALL,
      answer: (tenant, answer) => void answers.set(tenant, answer),
      stop: async () => undefined,
    },
  });
  return { ...setup, answers };
}

describe("…/test-receiver", () => {
  test("says where it is and what it answers, and is told otherwise, by tenant", async () => {
    const { call, answers } = await setUp();
    const url = "http://127.0.0.1:1/acme";
    assert.deepEqual((await call("GET", PATH)).body, { url, answer: SHOWN });

    const failing = { status: 503, body: "no", retry_after_seconds: 30 };
    const { status, body } = await call("PUT", PATH, { body: failing });
    assert.deepEqual([status, body], [200, { url, answer: { ...SHOWN, ...failing } }]);
    assert.deepEqual((await call("GET", PATH)).body, body);
    assert.deepEqual((await call("GET", "/v1/tenants/globex/test-receiver")).body.answer, SHOWN);
    assert.deepEqual([...answers.keys()], ["acme"]);

    assert.deepEqual((await call("PUT", PATH, { body: {} })).body, { url, answer: SHOWN });
  });

  test("names the member that is not as it must be", async () => {
    const { call, answers } = await setUp();
    for (const [pointer, wrong] of [
      ["/status", { status: 99 }],
      ["/body", { body: "x".repeat(4097) }],
      ["/retry_after_seconds", { retry_after_seconds: -1 }],
      ["/is_silent", { is_silent: "yes" }],
      ["/hangs", { hangs: true }],
    ] as const) {
      const { status, body } = await call("PUT", PATH, { body: wrong });
      assert.deepEqual([status, body.errors[0].pointer], [422, pointer]);
    }
    assert.equal(answers.size, 0);
  });

  test("is not there but in development", async () => {
    const { call } = await setUpApp();
    assert.deepEqual((await call("GET", PATH)).body, { url: null, answer: SHOWN });
    const { status, body } = await call("PUT", PATH, { body: {} });
    assert.deepEqual([status, body.code], [409, "no_test_receiver"]);
  });

  test("is told by those who may change endpoints, and seen by those who may see them", async () => {
    const setup = await setUp();
    const key = await makeKey(setup, "acme", ["endpoints:read"]);
    assert.equal((await setup.call("GET", PATH, { key })).status, 200);
    assert.equal((await setup.call("PUT", PATH, { key, body: {} })).status, 403);
    assert.equal((await setup.call("GET", "/v1/tenants/globex/test-receiver", { key })).status, 404);
  });
});
