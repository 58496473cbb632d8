import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sampleEvent } from "../samples.ts";
import { hookInput } from "./payload.ts";

function setup(data: string) {
  const input = hookInput(sampleEvent({ type: "Birthday", data, offset: 4_096, shard: 1, occurredAt: 0 }));
  return "kind" in input ? input.reason : Buffer.from(input).toString();
}

describe("hookInput()", () => {
  it("hookInput() writes our members, then the bytes between the braces of data", () => {
    assert.equal(
      setup(' { "customer" : {"shopid":12345678901234567890} , "extra_props":{"bhid":1.0} }\n'),
      '{"bhid":"0000000001000004","time":"1970-01-01T00:00:00.000Z","name":"Birthday",' +
        ' "customer" : {"shopid":12345678901234567890} , "extra_props":{"bhid":1.0} }',
    );
  });

  it("hookInput() cannot say data that is no object", () => {
    for (const data of ["[]", "7", "null", '"customer"', '[{"customer":{}}]']) {
      assert.equal(setup(data), "data_not_an_object", data);
    }
  });

  it("hookInput() cannot say data without an object customer", () => {
    assert.equal(setup("{}"), "customer_missing");
    assert.equal(setup('{"segment_props":{"customer":{}}}'), "customer_missing");
    for (const customer of ["null", "[]", '"{}"', "7"]) {
      assert.equal(setup(`{"customer": ${customer}}`), "customer_not_an_object", customer);
    }
    assert.equal(setup('{"customer":{},"customer":null}'), "customer_not_an_object");
  });

  it("hookInput() cannot say data that brings a member of ours, however it is spelled", () => {
    for (const name of ["bhid", "time", "name"]) {
      assert.equal(setup(`{"customer":{},"${name}":null}`), `data_has_${name}`);
    }
    assert.equal(setup('{"\\u0062hid":"0","customer":{}}'), "data_has_bhid");
  });

  it("hookInput() cannot say flags that are no booleans, and maps that are none", () => {
    for (const name of ["new_user", "referred_user", "customer_only"]) {
      for (const value of ['"true"', "1", "0", "{}", "[]"]) {
        assert.equal(setup(`{"customer":{},"${name}": ${value}}`), `${name}_not_a_boolean`, value);
      }
    }
    for (const name of ["customer_props", "segment_props", "extra_props"]) {
      for (const value of ["[]", '"{}"', "7", "true"]) {
        assert.equal(setup(`{"customer":{},"${name}": ${value}}`), `${name}_not_an_object`, value);
      }
    }
  });

  it("hookInput() says flags and maps that are there, null, or only deeper, as they stand", () => {
    for (const members of [
      '"new_user":true,"referred_user":false,"customer_only":null',
      '"customer_props":{},"segment_props":null,"extra_props":{"customer_only":"yes","new_user":7}',
    ]) {
      assert.ok(setup(`{"customer":{},${members}}`).endsWith(`,"customer":{},${members}}`), members);
    }
  });
});
