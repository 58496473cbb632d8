import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkDescribed, ROUTE_HEADER } from "./described-fixture.ts";

describe("checkDescribed()", () => {
  const headers = { [ROUTE_HEADER]: "/v1/sending" };
  const body = {
    state: "running",
    backed_up_at: null,
    endpoints_waiting: 0,
    deliveries_waiting_at_least: 0,
  };
  const answer = (change: object) => ({ status: 200, headers, text: "…", body: { ...body, ...change } });

  test("takes what is described", () => {
    checkDescribed("GET", answer({}));
  });

  test("refuses a member that is not described, one that is missing, and one of another type", () => {
    for (const change of [{ more: 1 }, { state: undefined }, { backed_up_at: "yesterday" }]) {
      assert.throws(() => checkDescribed("GET", answer(change)), /\/v1\/sending/);
    }
  });

  test("refuses a status of which nothing is said", () => {
    assert.throws(() => checkDescribed("GET", { ...answer({}), status: 201 }), /says nothing of 201/);
  });
});
