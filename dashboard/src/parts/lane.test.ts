import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isSkippable } from "./lane.ts";

type Status = Parameters<typeof isSkippable>[0];

const HELD: Status["lane"] = {
  waiting: 3,
  needs_attention: false,
  held_since: "2026-01-01T00:00:00Z",
  reason: "status_503",
  next_probe_at: null,
  failing_since: null,
};

function statusOf(lane: Partial<Status["lane"]>, state: Status["state"] = "enabled"): Status {
  return {
    id: "ep_1",
    url: "https://example.com/hooks",
    contract: "bubblehouse",
    event_types: null,
    description: null,
    enabled: true,
    state,
    state_reason: null,
    headers: {},
    max_in_flight: null,
    rate_per_second: null,
    latest_only_by: null,
    timeout_ms: null,
    retry: null,
    metadata: {},
    settings: {},
    secrets: [],
    public_key: null,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    lane: { ...HELD, ...lane },
    missed: 0,
  };
}

describe("isSkippable()", () => {
  test("isSkippable() offers a skip where a head holds the others, and nowhere else", () => {
    assert.equal(isSkippable(statusOf({}), "ordered"), true);
    assert.equal(isSkippable(statusOf({}), "batched"), true);
    assert.equal(isSkippable(statusOf({}), "each"), false, "there is no head");
    assert.equal(isSkippable(statusOf({}), undefined), false, "it is not known yet");
    assert.equal(isSkippable(statusOf({ held_since: null }), "ordered"), false, "nothing waits for it");
    assert.equal(isSkippable(statusOf({ waiting: 0 }), "ordered"), false, "nothing is there");
    assert.equal(isSkippable(statusOf({}, "paused"), "ordered"), false, "it is not what holds them");
  });

  test("isSkippable() offers a skip past a fault only where the fault goes with the head", () => {
    const stopped = (reason: string) => isSkippable(statusOf({ needs_attention: true, reason }), "ordered");
    assert.equal(stopped("contract_request_threw"), true);
    assert.equal(stopped("secret_unreadable"), false);
    assert.equal(stopped("facts_refused"), false);
  });
});
