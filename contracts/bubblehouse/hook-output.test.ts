import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { answersWithoutStatus, sampleAnswer } from "../samples.ts";
import { hookOutput } from "./hook-output.ts";

describe("hookOutput()", () => {
  it("hookOutput() gives the members of an object in an answer of 200, 201 or 202", () => {
    for (const status of [200, 201, 202]) {
      const output = hookOutput(sampleAnswer(status, { body: '{"ok":true}' }));
      assert.deepEqual(output, { kind: "output", members: { ok: true } });
    }
  });

  it("hookOutput() says why there is none", () => {
    for (const status of [203, 204, 301, 404, 500]) {
      const output = hookOutput(sampleAnswer(status, { body: "{}" }));
      assert.deepEqual(output, { kind: "none", reason: `status_${status}` });
    }
    for (const answer of answersWithoutStatus) {
      assert.deepEqual(hookOutput(answer), { kind: "none", reason: answer.code });
    }
    const half = hookOutput(sampleAnswer(200, { body: "{}", bodyState: "broken" }));
    assert.deepEqual(half, { kind: "none", reason: "body_broken" });
    assert.deepEqual(hookOutput(sampleAnswer(200, { body: "OK" })), {
      kind: "none",
      reason: "body_not_json",
    });
  });
});
