import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type Asking,
  askingIn,
  commandResultIn,
  skipResultIn,
  textOfAnswer,
  textOfAsking,
} from "./asking.ts";

const DELIVERY = { tenant: 1, endpoint: 2, offset: 3 };

const ASKED: readonly Asking[] = [
  { kind: "retry", delivery: DELIVERY },
  { kind: "cancel", delivery: DELIVERY },
  { kind: "replay", delivery: DELIVERY },
  { kind: "skip", skipping: { endpoint: 2, to: 3 } },
  { kind: "skip", skipping: { endpoint: 2, to: undefined } },
  { kind: "replay_ranges" },
  { kind: "erase", tenant: 1 },
];

describe("askingIn()", () => {
  for (const asking of ASKED) {
    test(`reads what ${textOfAsking(asking)} asks for`, () => {
      assert.deepEqual(askingIn(textOfAsking(asking)), asking);
    });
  }

  test("leaves alone what only a later version knows", () => {
    assert.equal(askingIn('{"kind":"teleport"}'), undefined);
  });

  test("does nothing to a delivery that is not whole", () => {
    assert.throws(
      () => askingIn('{"kind":"cancel","delivery":{"tenant":1,"endpoint":"2"}}'),
      /whole numbers/,
    );
  });
});

describe("textOfAnswer()", () => {
  test("is read as the same answer", () => {
    assert.equal(commandResultIn(textOfAnswer("in_batch")), "in_batch");
    const skipped = { kind: "skipped", from: 1, to: 2 } as const;
    assert.deepEqual(skipResultIn(textOfAnswer(skipped)), skipped);
    assert.deepEqual(skipResultIn(textOfAnswer({ kind: "no_head" })), { kind: "no_head" });
  });

  test("is not taken for an answer where it is none", () => {
    assert.throws(() => commandResultIn('"toString"'));
    assert.throws(() => skipResultIn("null"));
  });
});
