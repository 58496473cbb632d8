import assert from "node:assert/strict";
import { test } from "node:test";
import { ANSWERS, choiceOf, OUTCOMES } from "./test-answers.ts";

const TAKES = { status: 200, body: '{"outcome":"sent"}', retry_after_seconds: null, is_silent: false };

test("choiceOf() finds each answer that can be chosen, as the server shows it", () => {
  for (const choice of [...ANSWERS, ...OUTCOMES]) {
    assert.equal(choiceOf({ ...choice.answer }), choice);
  }
});

test("choiceOf() finds none for what another program has told the receiver", () => {
  assert.equal(choiceOf({ ...TAKES, status: 418 }), undefined);
  assert.equal(choiceOf({ ...TAKES, body: "" }), undefined);
});
