import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createTable } from "./table.ts";

describe("lines()", () => {
  test("has the headings once, and columns as wide as what is in them", () => {
    const table = createTable(["id", "state"]);
    assert.deepEqual(table.lines([{ id: "a long id", state: "dead" }]), [
      "ID         STATE",
      "a long id  dead",
    ]);
    assert.deepEqual(table.lines([{ id: "b", state: "x" }]), ["b   x"]);
  });

  test("shows what is not there as a dash, lists with commas, and cuts what is long", () => {
    const [, line] = createTable(["a", "b", "c"]).lines([{ a: null, b: ["x", "y"], c: "z".repeat(99) }]);
    assert.equal(line, `–  x,y  ${"z".repeat(59)}…`);
  });

  test("lets no value move the cursor", () => {
    const [, line] = createTable(["a"]).lines([{ a: "one\u001B[2Jtwo\nthree" }]);
    assert.equal(line, "one [2Jtwo three");
  });
});
