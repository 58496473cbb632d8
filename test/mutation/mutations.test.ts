import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { applied } from "./mutation.ts";
import { MUTATIONS } from "./mutations.ts";

describe("MUTATIONS", () => {
  test("no two mutations of the list have one name", () => {
    const names = MUTATIONS.map(({ name }) => name);
    assert.deepEqual(names, [...new Set(names)]);
  });
});

describe("applied()", () => {
  const edit = { file: "a.ts", find: "if (isSafe) {", replace: "if ($&) {" };

  test("applied() replaces a text that is there once, as it stands", () => {
    assert.equal(applied("x; if (isSafe) { y }", edit), "x; if ($&) { y }");
  });

  test("applied() refuses a text that is not there, or there twice, and one that changes nothing", () => {
    assert.throws(() => applied("x", edit), /a\.ts must have .* exactly once, it has it 0 times/);
    assert.throws(() => applied("if (isSafe) { if (isSafe) {", edit), /it has it 2 times/);
    assert.throws(() => applied("if (isSafe) {", { ...edit, replace: edit.find }), /must change/);
  });
});
