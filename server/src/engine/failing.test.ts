import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Verdict } from "@posthorn/contracts/contract.ts";
import { emptyFacts } from "../facts.ts";
import type { Outcome } from "./attempt.ts";
import { endpointOf } from "./engine-fixture.ts";
import { failingSinceAfter, isReceiversDoing, noteFailing } from "./failing.ts";

const FAILURES: readonly Verdict[] = [
  { kind: "retry", reason: "status_500" },
  { kind: "hold", reason: "status_429" },
];
const SUCCESSES: readonly Verdict[] = [
  { kind: "delivered" },
  { kind: "rejected", reason: "status_422" },
  { kind: "disable", reason: "status_410" },
];

type Answer = NonNullable<Outcome["sent"]>["answer"];

const REFUSED: Answer = { kind: "unreachable", code: "connection_refused", detail: "" };

function outcome(verdict: Verdict, endedAt: number, answer: Answer | undefined): Outcome {
  const sent = answer && { answer, phases: { endMs: 1 } };
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
    after: (verdict: Verdict, endedAt: number) =>
      failingSinceAfter(known, endpoint, outcome(verdict, endedAt, REFUSED)),
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

  test("failingSinceAfter() learns nothing from what was not the receiver's doing", () => {
    const unsaid = outcome({ kind: "rejected", reason: "subject_missing" }, 70, undefined);
    const ours: readonly [Verdict, Answer][] = [
      [
        { kind: "hold", reason: "proxy_unreachable" },
        { kind: "sender_failed", code: "proxy_unreachable", detail: "" },
      ],
      [
        { kind: "rejected", reason: "request_invalid" },
        { kind: "unsendable", code: "request_invalid", detail: "" },
      ],
    ];
    for (const one of [unsaid, ...ours.map(([verdict, answer]) => outcome(verdict, 70, answer))]) {
      assert.equal(isReceiversDoing(one), false);
      assert.equal(failingSinceAfter(new Map([[1, 40]]), endpointOf(), one), 40);
      assert.equal(failingSinceAfter(new Map(), endpointOf(), one), undefined);
    }
    assert.equal(
      isReceiversDoing(outcome({ kind: "retry", reason: "connection_refused" }, 70, REFUSED)),
      true,
    );
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
