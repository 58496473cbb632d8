import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { happeningOf } from "./happening.ts";

const said = (message: Parameters<typeof happeningOf>[0]) => {
  const happening = happeningOf(message, { number: 1, at: "2026-01-01T00:00:00Z" });
  return happening && [happening.tone, happening.what, happening.about];
};

const lane = { endpoint_id: "ep_1", next_probe_at: null };
const delivery = {
  id: "dlv_1",
  event_id: "evt_1",
  type: "a.b",
  endpoint_id: "ep_1",
  next_attempt_at: null,
  reason: null,
  accepted_at: "2026-01-01T00:00:00Z",
} as const;

describe("happeningOf()", () => {
  test("happeningOf() says that a lane is held and why, and that it is let go", () => {
    const since = "2026-01-01T00:00:00Z";
    const held = { ...lane, held_since: since, reason: "outcome_failure" };
    assert.deepEqual(said({ kind: "lane", tenant_id: "acme", lane: held }), [
      "warn",
      "held",
      "outcome failure",
    ]);
    const free = { ...lane, held_since: null, reason: null };
    assert.deepEqual(said({ kind: "lane", tenant_id: "acme", lane: free }), ["good", "let go", "it goes on"]);
  });

  test("happeningOf() says of a delivery only what no attempt says", () => {
    const of = (state: "delivered" | "retrying" | "dead" | "cancelled") =>
      said({ kind: "delivery", tenant_id: "acme", delivery: { ...delivery, state } });
    assert.deepEqual([of("delivered"), of("retrying")], [undefined, undefined]);
    assert.deepEqual(of("dead"), ["bad", "dead", "a.b"]);
    assert.deepEqual(of("cancelled"), ["bad", "cancelled", "a.b"]);
  });

  test("happeningOf() says how much was more than can be told, and nothing of a beginning", () => {
    assert.deepEqual(said({ kind: "left_out", count: 1200 }), [
      "idle",
      "more",
      "1,200 more than can be told",
    ]);
    assert.equal(said({ kind: "started", has_missed: false }), undefined);
  });
});
