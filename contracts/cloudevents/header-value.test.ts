import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decodeHeaderValue, encodeHeaderValue } from "./header-value.ts";

describe("encodeHeaderValue()", () => {
  it("encodeHeaderValue() writes the binding's own example as the binding does", () => {
    assert.equal(encodeHeaderValue("Euro € 😀"), "Euro%20%E2%82%AC%20%F0%9F%98%80");
  });

  it("encodeHeaderValue() leaves visible ASCII as it is, but for the quote and the percent sign", () => {
    const visible = Array.from({ length: 0x5e }, (_, at) => String.fromCharCode(0x21 + at)).join("");
    const expected = visible.replace("%", "%25").replace('"', "%22");
    assert.equal(encodeHeaderValue(visible), expected);
    assert.equal(encodeHeaderValue(" \u007f\u0000"), "%20%7F%00");
    assert.equal(encodeHeaderValue("\ud800"), "%EF%BF%BD");
  });

  it("encodeHeaderValue() writes visible ASCII whatever it is given, and decodes to the same", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const value = encodeHeaderValue(text);
        assert.match(value, /^[\x21\x23-\x7e]*$/);
        assert.equal(decodeHeaderValue(value), text.toWellFormed());
      }),
    );
  });
});

describe("decodeHeaderValue()", () => {
  it("decodeHeaderValue() decodes once, in either case, and what needed no encoding", () => {
    assert.equal(decodeHeaderValue("Euro%20%e2%82%ac"), "Euro €");
    assert.equal(decodeHeaderValue("%41%2541"), "A%41");
    assert.equal(decodeHeaderValue("order paid"), "order paid");
  });

  it("decodeHeaderValue() unquotes before it decodes", () => {
    assert.equal(decodeHeaderValue('"a \\"b\\" \\\\ %41"'), 'a "b" \\ A');
    assert.equal(decodeHeaderValue('"'), '"');
    assert.equal(decodeHeaderValue('"a\\"'), '"a\\"');
  });

  it("decodeHeaderValue() takes nothing that is not encoded as the binding says", () => {
    for (const value of ["%C0%A0", "%ED%A0%80", "%E2%82", "%", "50%", "%zz", "Zo\u00eb", "a\tb"]) {
      assert.equal(decodeHeaderValue(value), undefined, value);
    }
  });
});
