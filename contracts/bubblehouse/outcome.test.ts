import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sampleAnswer } from "../samples.ts";
import { outcomeVerdict } from "./outcome.ts";

function setup(body: string, bodyState?: "whole" | "capped" | "broken") {
  const answer = sampleAnswer(200, { body, ...(bodyState && { bodyState }) });
  assert.equal(answer.kind, "status");
  return outcomeVerdict(answer);
}

describe("outcomeVerdict()", () => {
  it("outcomeVerdict() reads each of the vendor's outcomes", () => {
    const verdicts = {
      sent: { kind: "delivered" },
      skipped: { kind: "delivered" },
      invalid_data: { kind: "rejected", reason: "invalid_data" },
      unsubscribed: { kind: "rejected", reason: "unsubscribed" },
      failure: { kind: "hold", reason: "outcome_failure" },
    };
    for (const [outcome, verdict] of Object.entries(verdicts)) {
      assert.deepEqual(setup(JSON.stringify({ more: 1, outcome })), verdict, outcome);
    }
  });

  it("outcomeVerdict() holds where the outcome is missing or unknown", () => {
    for (const body of [
      "{}",
      "[]",
      "null",
      "7",
      '"sent"',
      '["sent"]',
      '{"Outcome":"sent"}',
      '{"result":{"outcome":"sent"}}',
    ]) {
      assert.deepEqual(setup(body), { kind: "hold", reason: "outcome_missing" }, body);
    }
    for (const outcome of ['"SENT"', '"sent "', "null", "true", '["sent"]', '{"sent":1}', '"constructor"']) {
      assert.deepEqual(setup(`{"outcome":${outcome}}`), { kind: "hold", reason: "outcome_unknown" }, outcome);
    }
  });

  it("outcomeVerdict() holds where the body is no JSON, however deep", () => {
    for (const body of ["", "OK", "<html>", '{"outcome":"sent"', '{outcome:"sent"}', "[".repeat(65_536)]) {
      assert.deepEqual(setup(body), { kind: "hold", reason: "body_not_json" }, body.slice(0, 40));
    }
  });

  it("outcomeVerdict() does not trust a body that did not come whole", () => {
    assert.deepEqual(setup('{"outcome":"sent"}', "capped"), { kind: "hold", reason: "body_capped" });
    assert.deepEqual(setup('{"outcome":"sent"}', "broken"), { kind: "hold", reason: "body_broken" });
  });

  it("outcomeVerdict() reads past a byte order mark", () => {
    assert.deepEqual(setup('\ufeff{"outcome":"sent"}'), { kind: "delivered" });
  });
});
