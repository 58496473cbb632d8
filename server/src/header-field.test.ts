import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { headerProblem } from "./header-field.ts";

describe("headerProblem()", () => {
  it("finds nothing wrong with ordinary headers", () => {
    assert.equal(headerProblem("X-Api-Key", "s3cret value"), undefined);
    assert.equal(headerProblem("authorization", ""), undefined);
  });

  const REFUSED: readonly (readonly [string, string])[] = [
    ["", "1"],
    ["x y", "1"],
    ["x:", "1"],
    ["x\r\ny", "1"],
    ["x".repeat(129), "1"],
    ["__proto__", "1"],
    ["HOST", "evil.example"],
    ["Content-Length", "1"],
    ["Proxy-Authorization", "1"],
    ["x", "s3cret\r\ny: 1"],
    ["x", "s3cret\0"],
    ["x", "s3crét"],
    ["x", " s3cret"],
    ["x", "s3cret\t"],
    ["x", "s".repeat(4_097)],
  ];

  for (const [name, value] of REFUSED) {
    const header = JSON.stringify([name.slice(0, 20), value.slice(0, 20)]);
    it(`refuses ${header} without repeating the value`, () => {
      const problem = headerProblem(name, value);
      assert.equal(typeof problem, "string");
      assert.doesNotMatch(problem ?? "", /s3c/);
    });
  }
});
