/** Keeps the list of mutations in step with the source; `run.ts` sees the tests fail. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { applied } from "./mutation.ts";
import { MUTATIONS } from "./mutations.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

describe("MUTATIONS", () => {
  for (const { name, edits, tests } of MUTATIONS) {
    test(`the list of test/mutation can still make it so that ${name}`, () => {
      for (const edit of edits) {
        const text = readFileSync(join(ROOT, edit.file), "utf8");
        assert.notEqual(applied(text, edit), text);
      }
      assert.deepEqual(
        tests.filter((path) => !existsSync(join(ROOT, path))),
        [],
      );
    });
  }

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

  test("applied() refuses a text that is not there, or there twice", () => {
    assert.throws(() => applied("x", edit), /a\.ts must have .* exactly once, it has it 0 times/);
    assert.throws(() => applied("if (isSafe) { if (isSafe) {", edit), /it has it 2 times/);
  });
});
