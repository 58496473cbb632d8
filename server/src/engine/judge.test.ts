import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { contractOf } from "./engine-fixture.ts";
import { judge } from "./judge.ts";

describe("judge()", () => {
  const contract = { ...contractOf("each"), verdict: () => ({ kind: "retry", reason: "asked" }) as const };

  test("judge() asks the contract about what the receiver did", () => {
    for (const kind of ["unreachable", "timed_out", "blocked", "bad_response"] as const) {
      const answer = { kind, code: "one", detail: "" };
      assert.deepEqual(judge(contract, answer, 0), { kind: "retry", reason: "asked" });
    }
    const status = { kind: "status", status: 200, headers: {}, body: new Uint8Array() } as const;
    assert.equal(judge(contract, { ...status, bodyState: "whole" }, 0).kind, "retry");
  });

  test("judge() holds the lane, whatever the contract, when the sender's own side failed", () => {
    const answer = { kind: "sender_failed", code: "proxy_unreachable", detail: "" } as const;
    assert.deepEqual(judge(contract, answer, 0), { kind: "hold", reason: "proxy_unreachable" });
  });

  test("judge() rejects what can never be sent", () => {
    const answer = { kind: "unsendable", code: "request_invalid", detail: "" } as const;
    assert.deepEqual(judge(contract, answer, 0), { kind: "rejected", reason: "request_invalid" });
  });
});
