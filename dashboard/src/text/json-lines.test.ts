import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { LINE_CHARACTERS_MAX, linesOf } from "./json-lines.ts";
import { laidOut } from "./json-text.ts";

const textOf = (lines: ReturnType<typeof linesOf>) =>
  lines.map((line) => line.map(({ text }) => text).join(""));

describe("linesOf()", () => {
  test("linesOf() loses no character and makes no line longer than one is shown", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat({ max: 2000 }), (value, count) => {
        const tokens = laidOut(JSON.stringify({ value, long: "x".repeat(count) }));
        const whole = tokens.map(({ text }) => text).join("");
        const lines = textOf(linesOf(tokens));
        assert.ok(lines.every((line) => line.length <= LINE_CHARACTERS_MAX));
        assert.equal(lines.join("").length, whole.replaceAll("\n", "").length);
        assert.equal(lines.join(""), whole.replaceAll("\n", ""));
      }),
    );
  });

  test("linesOf() begins a line where the text does", () => {
    assert.deepEqual(textOf(linesOf(laidOut('{"a":[1,2]}'))), [
      "{",
      '  "a": [',
      "    1,",
      "    2",
      "  ]",
      "}",
    ]);
  });
});
