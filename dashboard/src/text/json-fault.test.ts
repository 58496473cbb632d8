import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { jsonFault } from "./json-fault.ts";

const said = (text: string) => {
  const fault = jsonFault(text);
  return fault === undefined ? "JSON" : `${fault.line}:${fault.column} ${fault.expected}`;
};

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("jsonFault()", () => {
  test("jsonFault() says where a text stops being JSON, and what could stand there", () => {
    assert.equal(said(""), "1:1 a value");
    assert.equal(said("{"), "1:2 a name in double quotes or }");
    assert.equal(said('{\n  "id": 42,\n  name: 1\n}'), "3:3 a name in double quotes");
    assert.equal(said('{"id" 42}'), "1:7 a colon");
    assert.equal(said('{"id": 42'), "1:10 a comma or }");
    assert.equal(said("[1 2]"), "1:4 a comma or ]");
    assert.equal(said("[1,]"), "1:4 a value");
    assert.equal(said("[01]"), "1:3 a comma or ]");
    assert.equal(said('{"a": [}'), "1:8 a value or ]");
    assert.equal(said('"a\nb"'), "1:1 a value");
    assert.equal(said("{} {}"), "1:4 nothing more");
  });

  test("jsonFault() finds none in any JSON, however it is laid out", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 1, "\t"), (value, space) => {
        assert.equal(jsonFault(JSON.stringify(value, undefined, space)), undefined);
      }),
    );
  });

  test("jsonFault() finds one exactly where a parser does, whatever is taken out or put in", () => {
    const put = fc.constantFrom("", "{", "]", ",", ":", '"', "\\", "1", "-", ".", "e", " ", "\n", "\u00a0");
    const changes = fc.record({ value: fc.jsonValue(), place: fc.nat(), put, taken: fc.nat(1) });
    fc.assert(
      fc.property(changes, ({ value, place, put: between, taken }) => {
        const text = JSON.stringify(value);
        const at = place % (text.length + 1);
        const changed = text.slice(0, at) + between + text.slice(at + taken);
        assert.equal(jsonFault(changed) === undefined, isJson(changed), changed);
      }),
      { numRuns: 2000 },
    );
  });

  test("jsonFault() reads a long text and a deep one", () => {
    assert.equal(said(`"${"a\\n".repeat(500_000)}"`), "JSON");
    assert.equal(said(`"${"a\\n".repeat(500_000)}`), "1:1 a value");
    assert.equal(said("[".repeat(100_000) + "]".repeat(100_000)), "JSON");
  });
});
