import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { jsonPlaceAt } from "./json-place.ts";
import { schemaHints } from "./schema-hints.ts";
import { WORDS_OF_SCHEMAS } from "./words-of-schemas.ts";

/** Reads a text in which `|` says where somebody writes. */
function placeIn(marked: string) {
  const at = marked.indexOf("|");
  return jsonPlaceAt(marked.slice(0, at) + marked.slice(at + 1), at);
}

describe("jsonPlaceAt()", () => {
  const said = (marked: string) => {
    const place = placeIn(marked);
    return place && `${place.wants} at /${place.path.join("/")}`;
  };

  test("jsonPlaceAt() says what goes where, also in a text that is not whole yet", () => {
    assert.equal(said("|"), "value at /");
    assert.equal(said("{|"), "name at /");
    assert.equal(said('{"a": 1, |}'), "name at /");
    assert.equal(said('{"a": |'), "value at /a");
    assert.equal(said('{"a": {"b|'), "name at /a");
    assert.equal(said('{"lines": [{"x": 1}, {"price": |}]}'), "value at /lines/1/price");
    assert.equal(said('{"a": tr|}'), "value at /a");
    assert.equal(said('{"a": {"}": "{,"}, "b|"'), "name at /");
  });

  test("jsonPlaceAt() finds nothing to say behind a whole value", () => {
    assert.equal(said("{} |"), undefined);
    assert.equal(said('{"a": "x" |}'), undefined);
    assert.equal(said('{"a" |}'), undefined);
  });

  test("jsonPlaceAt() takes in what is written of a name, and the names the object has", () => {
    const place = placeIn('{"a": {"a": 1}, "na|me": 2, "c": {"d": 3}, "e": [4]}');
    assert.ok(place);
    assert.deepEqual([place.from, place.to, place.hasColon], [16, 22, true]);
    assert.deepEqual([...place.taken], ["a", "c", "e"]);
    const bare = placeIn("{na|");
    assert.deepEqual([bare?.from, bare?.to], [1, 3]);
  });

  test("jsonPlaceAt() reads any text, and never beyond its ends", () => {
    const char = fc.constantFrom("{", "}", "[", "]", ",", ":", '"', "\\", "a", "1", " ", "\n", "é");
    fc.assert(
      fc.property(fc.string({ unit: char, maxLength: 40 }), fc.nat(), (text, place) => {
        const at = place % (text.length + 1);
        const found = jsonPlaceAt(text, at);
        assert.ok(found === undefined || (found.from >= 0 && found.from <= at && at <= found.to));
        assert.ok(found === undefined || found.to <= text.length);
      }),
    );
  });
});

describe("schemaHints()", () => {
  const schema = {
    type: "object",
    required: ["id"],
    properties: {
      id: { type: "integer", description: "Of the invoice." },
      state: { enum: ["open", "paid"] },
      isTest: { type: ["boolean", "null"] },
      customer: { $ref: "#/$defs/customer" },
      lines: { type: "array", items: { $ref: "#/$defs/line" } },
    },
    $defs: {
      customer: { properties: { name: { type: "string" }, parent: { $ref: "#/$defs/customer" } } },
      line: { anyOf: [{ properties: { price: { type: "number" } } }, { properties: { sku: {} } }] },
    },
  };
  const literals = (marked: string) => {
    const place = placeIn(marked);
    assert.ok(place);
    return schemaHints(schema, place).map(({ literal }) => literal);
  };

  test("schemaHints() names members that are not there yet", () => {
    assert.deepEqual(literals("{|"), ['"id"', '"state"', '"isTest"', '"customer"', '"lines"']);
    assert.deepEqual(literals('{"id": 1, "|", "lines": []}'), ['"state"', '"isTest"', '"customer"']);
  });

  test("schemaHints() follows references, lists and choices", () => {
    assert.deepEqual(literals('{"customer": {"parent": {"parent": {|'), ['"name"', '"parent"']);
    assert.deepEqual(literals('{"lines": [{}, {|'), ['"price"', '"sku"']);
    assert.deepEqual(literals('{"unknown": {|'), []);
  });

  test("schemaHints() offers the values of a choice", () => {
    assert.deepEqual(literals('{"state": |'), ['"open"', '"paid"']);
    assert.deepEqual(literals('{"isTest": |'), ["true", "false", "null"]);
  });

  test("schemaHints() says what a member is, and whether it must be there", () => {
    const place = placeIn("{|");
    assert.ok(place);
    const [id, state] = schemaHints(schema, place);
    assert.deepEqual(id, {
      literal: '"id"',
      detail: "integer required",
      description: "Of the invoice.",
      isRequired: true,
    });
    assert.equal(state?.isRequired, false);
  });

  test("schemaHints() ends where a schema refers to itself, and knows nothing of what is no schema", () => {
    const place = placeIn('{"a": {"b|');
    assert.ok(place);
    assert.deepEqual(schemaHints({ $ref: "#" }, place), []);
    assert.deepEqual(schemaHints({ allOf: [{ $ref: "#" }, { $ref: "#" }] }, place), []);
    assert.deepEqual(schemaHints(7, place), []);
  });
});

test("WORDS_OF_SCHEMAS are offered at any depth of a schema, and are a schema themselves", () => {
  const offered = (marked: string) => {
    const place = placeIn(marked);
    assert.ok(place);
    return schemaHints(WORDS_OF_SCHEMAS, place).map(({ literal }) => literal);
  };
  assert.ok(offered("{|").includes('"properties"'));
  assert.ok(offered('{"properties": {"id": {"items": {"|').includes('"minimum"'));
  assert.deepEqual(offered('{"properties": {|'), []);
  assert.ok(offered('{"properties": {"id": {"type": |').includes('"integer"'));
  assert.ok(new Ajv2020({ strict: false }).validateSchema(WORDS_OF_SCHEMAS) === true);
});
