import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { foundIn, replayShare } from "./replay-share.ts";

const AT = "2026-01-02T00:00:00.000Z";

const replay = (
  change: Partial<Parameters<typeof replayShare>[0]> = {},
): Parameters<typeof replayShare>[0] => ({
  id: "rpl_1",
  endpoint_id: "ep_1",
  to_endpoint_id: "ep_1",
  since: "2020-01-01T00:00:00.000Z",
  until: AT,
  only: "dead",
  types: null,
  rate: null,
  state: "running",
  reason: null,
  position: "2026-01-01T23:59:00.000Z",
  looked_at: 10,
  matched: 2,
  delivered: 2,
  failed: 1,
  passed_over: 1,
  created_at: AT,
  ended_at: null,
  ...change,
});

describe("how far a replay is", () => {
  test("replayShare() goes by what was counted, also where its range begins long before all of it", () => {
    assert.equal(replayShare(replay(), 16), 0.25);
    assert.equal(replayShare(replay({ delivered: 40 }), 16), 1);
  });

  test("replayShare() goes by time where nothing was counted, and is whole at the end", () => {
    const day = replay({ since: "2026-01-01T00:00:00.000Z", position: "2026-01-01T06:00:00.000Z" });
    assert.equal(replayShare(day, undefined), 0.25);
    assert.equal(replayShare({ ...day, position: "2025-12-31T00:00:00.000Z" }, undefined), 0);
    assert.equal(replayShare({ ...day, state: "finished" }, 99), 1);
  });

  test("foundIn() is never less than what has ended", () => {
    assert.equal(foundIn(replay()), 4);
    assert.equal(foundIn(replay({ matched: 9 })), 9);
  });
});
