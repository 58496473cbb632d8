import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Verdict } from "@posthorn/contracts/contract.ts";
import { emptyFacts } from "../store.ts";
import type { Outcome } from "./attempt.ts";
import { endpointOf } from "./engine-fixture.ts";
import { failingSinceAfter, noteFailing } from "./failing.ts";

const FAILURES: readonly Verdict[] = [
  { kind: "retry", reason: "status_500" },
  { kind: "hold", reason: "status_429" },
];
const SUCCESSES: readonly Verdict[] = [
  { kind: "delivered" },
  { kind: "rejected", reason: "status_422" },
  { kind: "disable", reason: "status_410" },
];

function outcome(verdict: Verdict, endedAt: number, isSent = true): Outcome {
  const answer = { kind: "unreachable", code: "connection_refused", detail: "" } as const;
  const sent = isSent ? { answer, phases: { endMs: 1 } } : undefined;
  return { verdict, startedAt: endedAt - 1, endedAt, sent, payloadHash: undefined, unrenderable: [] };
}

function setup({
  failing = {},
  updatedAt = 0,
}: {
  failing?: Record<string, number>;
  updatedAt?: number;
} = {}) {
  const known = new Map(Object.entries(failing).map(([endpoint, since]) => [Number(endpoint), since]));
  const endpoint = { ...endpointOf(), updatedAt };
  const facts = emptyFacts(0, 0);
  return {
    known,
    facts,
    after: (verdict: Verdict, endedAt: number, isSent = true) =>
      failingSinceAfter(known, endpoint, outcome(verdict, endedAt, isSent)),
    note: (since: number | undefined) => noteFailing(known, facts, { endpoint: endpoint.number, since }),
  };
}

describe("failingSinceAfter()", () => {
  test("failingSinceAfter() begins with the first failure, and stays with it", () => {
    for (const verdict of FAILURES) {
      assert.equal(setup().after(verdict, 70), 70);
      assert.equal(setup({ failing: { 1: 40 } }).after(verdict, 70), 40);
    }
  });

  test("failingSinceAfter() ends with what the receiver took, refused, or wants no more", () => {
    for (const verdict of SUCCESSES) {
      assert.equal(setup({ failing: { 1: 40 } }).after(verdict, 70), undefined);
    }
  });

  test("failingSinceAfter() learns nothing from what could not be sent", () => {
    const rejected = { kind: "rejected", reason: "subject_missing" } as const;
    assert.equal(setup({ failing: { 1: 40 } }).after(rejected, 70, false), 40);
  });

  test("failingSinceAfter() begins anew where the endpoint was changed since: it may be mended", () => {
    for (const verdict of FAILURES) {
      assert.equal(setup({ failing: { 1: 40 }, updatedAt: 40 }).after(verdict, 70), 70);
      assert.equal(setup({ failing: { 1: 40 }, updatedAt: 39 }).after(verdict, 70), 40);
    }
  });
});

describe("noteFailing()", () => {
  test("noteFailing() writes a fact when an endpoint begins or ends to fail, and none between", () => {
    const { known, facts, note } = setup();
    note(undefined);
    assert.deepEqual(facts.failing, [], "an endpoint that goes well costs nothing");
    note(40);
    note(40);
    assert.deepEqual(facts.failing, [{ endpoint: 1, since: 40 }]);
    assert.deepEqual([...known], [[1, 40]]);
    note(undefined);
    note(undefined);
    assert.deepEqual(facts.failing, [
      { endpoint: 1, since: 40 },
      { endpoint: 1, since: undefined },
    ]);
    assert.equal(known.size, 0);
  });
});
