import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assertProblem, makeKey, setUpApp } from "../app-setup.test.ts";

const BACKED_UP_AT = Date.UTC(2026, 0, 2, 3, 4, 5);

/** A database that was restored, as far as the API knows. */
function restored() {
  const restoration = {
    backedUpAt: BACKED_UP_AT as number | undefined,
    async end() {
      restoration.backedUpAt = undefined;
    },
  };
  return restoration;
}

describe("/v1/sending", () => {
  test("is running where nothing was restored", async () => {
    const { call } = await setUpApp();
    const { status, body } = await call("GET", "/v1/sending");
    assert.equal(status, 200);
    assert.deepEqual(body, {
      state: "running",
      backed_up_at: null,
      endpoints_waiting: 2,
      deliveries_waiting_at_least: 7,
    });
  });

  test("is paused after a restore, shows of when it is, and runs once it is resumed", async () => {
    const restoration = restored();
    const { call, engine } = await setUpApp({ restoration });
    const before = (await call("GET", "/v1/sending")).body;
    assert.deepEqual(
      [before.state, before.backed_up_at, engine.isResumed],
      ["paused", "2026-01-02T03:04:05.000Z", false],
    );

    const { status, body } = await call("POST", "/v1/sending/resume");

    assert.deepEqual([status, body.state, engine.isResumed], [200, "running", true]);
    assert.equal(restoration.backedUpAt, undefined);
  });

  test("is for admins", async () => {
    const setup = await setUpApp();
    const key = await makeKey(setup, "acme");
    assertProblem(await setup.call("GET", "/v1/sending", { key }), "forbidden");
    assertProblem(await setup.call("POST", "/v1/sending/resume", { key }), "forbidden");
    assert.equal(setup.engine.isResumed, false);
  });
});
