import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assertProblem, makeKey, makeKeyWith, setUpApp } from "../app-setup.test.ts";

const PATH = "/v1/tenants/acme/events";
const ASKING = { "webhook-request-origin": "events.example", "webhook-request-rate": "120" };

describe("OPTIONS events", () => {
  test("gives a sender with a key its permission, and the rate of keys", async () => {
    const setup = await setUpApp({ keyRatePerSecond: 20 });
    const key = await makeKey(setup, "acme", ["events:write"]);
    const { status, headers, text } = await setup.call("OPTIONS", PATH, { key, headers: ASKING });
    assert.deepEqual([status, text], [204, ""]);
    assert.equal(headers["webhook-allowed-origin"], "*");
    assert.equal(headers["webhook-allowed-rate"], "1200");
    assert.equal(headers.allow, "GET, HEAD, OPTIONS, POST");
  });

  test("gives it the rate of its own key, where that has one", async () => {
    const setup = await setUpApp({ keyRatePerSecond: 20 });
    const key = await makeKeyWith(setup, "acme", { rate_per_second: 2 });
    const { headers } = await setup.call("OPTIONS", PATH, { key, headers: ASKING });
    assert.equal(headers["webhook-allowed-rate"], "120");
  });

  test("is no permission for who does not ask for one", async () => {
    const { call } = await setUpApp();
    const { status, headers } = await call("OPTIONS", PATH);
    assert.equal(status, 204);
    assert.equal(headers["webhook-allowed-origin"], undefined);
    assert.equal(headers.allow, "GET, HEAD, OPTIONS, POST");
  });

  test("gives none to who may not submit events here", async () => {
    const setup = await setUpApp();
    const reading = await makeKey(setup, "acme", ["events:read"]);
    const theirs = await makeKey(setup, "globex");
    for (const [key, code] of [
      ["", "unauthorized"],
      [reading, "forbidden"],
      [theirs, "not_found"],
    ] as const) {
      const answer = await setup.call("OPTIONS", PATH, { key, headers: ASKING });
      assertProblem(answer, code);
      assert.equal(answer.headers["webhook-allowed-origin"], undefined);
    }
  });
});
