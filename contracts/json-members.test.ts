import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { findMembers } from "./json-members.ts";

function find(text: string, ...names: string[]): Record<string, string> | undefined {
  const json = Buffer.from(text);
  const object = findMembers(json, new Set(names));
  return (
    object && Object.fromEntries([...object.found].map(([name, at]) => [name, json.toString("utf8", at)]))
  );
}

describe("findMembers()", () => {
  it("findMembers() finds where values begin, past any space", () => {
    assert.deepEqual(find('\t{ "a"\n:\r\n 1 , "b":{"c":2} }', "a", "b"), {
      a: '1 , "b":{"c":2} }',
      b: '{"c":2} }',
    });
  });

  it("findMembers() is not misled by strings, escapes and deeper names", () => {
    for (const text of [
      '{"x":"a"}',
      '{"x":"\\"a\\":1"}',
      '{"x":"\\\\","y":"{\\"a\\":1"}',
      '{"x":{"a":1}}',
      '{"x":[{"a":1},"a"]}',
      '{"x":[1,"a"]}',
      '{"x":{"y":1,"a":2},"z":"a"}',
      '{"\\\\a":1,"A":2,"aa":3,"":4}',
      '{"x":"}","y":"]"}',
    ]) {
      assert.deepEqual(find(text, "a"), {}, text);
    }
  });

  it("findMembers() finds a name spelled with escapes", () => {
    assert.deepEqual(find('{"\\u0061":1}', "a"), { a: "1}" });
    assert.deepEqual(find('{"\\u00e9\\/":1}', "é/"), { "é/": "1}" });
  });

  it("findMembers() gives the last of a name that occurs twice", () => {
    assert.deepEqual(find('{"a":1,"a":2}', "a"), { a: "2}" });
  });

  it("findMembers() gives undefined where the text is no object", () => {
    for (const text of ["", " ", "[]", '["a"]', '"{}"', "1", "null", "true", "{", '{"a":1']) {
      assert.equal(find(text, "a"), undefined, text);
    }
  });

  it("findMembers() bounds the members, without the braces", () => {
    const json = Buffer.from('x {"a":{},"b":[]} ').subarray(1);
    const object = findMembers(json, new Set());
    assert.equal(json.toString("utf8", object?.from, object?.to), '"a":{},"b":[]');
  });

  it("findMembers() finds exactly the members that JSON.parse finds, of any value", () => {
    const object = fc.dictionary(fc.constantFrom("a", "b", "ab", "\\", '"', "é", "😀"), fc.jsonValue());
    const indent = fc.constantFrom("", " ", "\t\n");
    fc.assert(
      fc.property(object, indent, (value, space) => {
        const json = Buffer.from(JSON.stringify(value, null, space));
        const found =
          findMembers(json, new Set(["a", "b", "\\", '"', "é"]))?.found ?? new Map<string, number>();
        const names = Object.keys(value).filter((name) => name !== "ab" && name !== "😀");
        assert.deepEqual([...found.keys()].sort(), names.sort());
        for (const [name, at] of found) {
          const text = JSON.stringify(value[name], null, space);
          assert.equal(json.toString("utf8", at, at + 1), text[0], name);
        }
      }),
    );
  });
});
