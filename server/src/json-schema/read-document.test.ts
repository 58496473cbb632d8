import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SCHEMA_DEPTH_MAX, SCHEMA_ERRORS_MAX, SCHEMA_PARTS_MAX } from "./limits.ts";
import { readDocument } from "./read-document.ts";

/** Documents with one fault, and where it is. */
const WRONG: readonly (readonly [unknown, string])[] = [
  ["string", ""],
  [null, ""],
  [[], ""],
  [{ requred: ["a"] }, "/requred"],
  [{ nullable: true }, "/nullable"],
  [{ additionalItems: false }, "/additionalItems"],
  [{ dependencies: {} }, "/dependencies"],
  [{ $schema: "http://json-schema.org/draft-07/schema#" }, "/$schema"],
  [{ $anchor: "1" }, "/$anchor"],
  [{ $defs: [] }, "/$defs"],
  [{ $defs: { a: 1 } }, "/$defs/a"],
  [{ type: "text" }, "/type"],
  [{ type: [] }, "/type"],
  [{ type: ["null", "null"] }, "/type"],
  [{ type: "__proto__" }, "/type"],
  [{ enum: [] }, "/enum"],
  [{ minimum: "1" }, "/minimum"],
  [{ multipleOf: 0 }, "/multipleOf"],
  [{ minLength: -1 }, "/minLength"],
  [{ maxLength: 1.5 }, "/maxLength"],
  [{ format: 1 }, "/format"],
  [{ minItems: "1" }, "/minItems"],
  [{ maxItems: null }, "/maxItems"],
  [{ uniqueItems: 1 }, "/uniqueItems"],
  [{ items: [true] }, "/items"],
  [{ items: 1 }, "/items"],
  [{ prefixItems: [] }, "/prefixItems"],
  [{ prefixItems: [1] }, "/prefixItems/0"],
  [{ contains: 1 }, "/contains"],
  [{ minContains: -1 }, "/minContains"],
  [{ maxContains: "1" }, "/maxContains"],
  [{ minProperties: 0.5 }, "/minProperties"],
  [{ maxProperties: -1 }, "/maxProperties"],
  [{ required: "a" }, "/required"],
  [{ required: ["a", "a"] }, "/required"],
  [{ required: [1] }, "/required"],
  [{ dependentRequired: [] }, "/dependentRequired"],
  [{ dependentRequired: { a: "b" } }, "/dependentRequired/a"],
  [{ dependentSchemas: { a: 1 } }, "/dependentSchemas/a"],
  [{ propertyNames: 1 }, "/propertyNames"],
  [{ properties: { "a/b": 1 } }, "/properties/a~1b"],
  [{ additionalProperties: "no" }, "/additionalProperties"],
  [{ unevaluatedItems: 1 }, "/unevaluatedItems"],
  [{ unevaluatedProperties: 1 }, "/unevaluatedProperties"],
  [{ $ref: 1 }, "/$ref"],
  [{ allOf: {} }, "/allOf"],
  [{ anyOf: [] }, "/anyOf"],
  [{ oneOf: [1] }, "/oneOf/0"],
  [{ not: 1 }, "/not"],
  [{ if: 1 }, "/if"],
  [{ then: 1 }, "/then"],
  [{ else: 1 }, "/else"],
];

/** Pointers to what is wrong with a document, and what it is. */
function refused(document: unknown): readonly (readonly [string, string])[] {
  const read = readDocument(document);
  return read.kind === "read" ? [] : read.errors.map(({ pointer, detail }) => [pointer, detail] as const);
}

function nested(depth: number): unknown {
  return depth === 0 ? true : { items: nested(depth - 1) };
}

describe("readDocument()", () => {
  test("takes what draft 2020-12 says of one document", () => {
    const document = {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      $id: "https://example.com/order",
      title: "Order",
      "x-owner": "billing",
      type: "object",
      properties: {
        id: { $ref: "#/$defs/id" },
        "a/b~c": { type: "integer" },
        same: { $ref: "#/properties/a~1b~0c" },
        encoded: { $ref: "#/properties/a~1b%7E0c" },
        named: { $ref: "#money" },
        tree: { $ref: "#/$defs/tree" },
        whole: { $ref: "#" },
      },
      $defs: {
        id: { type: ["string", "null"], format: "made-up" },
        money: { $anchor: "money", type: "number" },
        tree: { properties: { left: { $ref: "#/$defs/tree" }, right: { $ref: "#/$defs/tree" } } },
      },
    };
    assert.deepEqual(refused(document), []);
    assert.deepEqual(refused(true), []);
  });

  test("refuses what leads out of the document, to nothing, or depends on where one comes from", () => {
    const elsewhere = [
      "https://example.com/schema",
      "http://169.254.169.254/latest/meta-data",
      "file:///etc/passwd",
      "other.json#/$defs/a",
      "urn:uuid:1",
      "",
    ];
    for (const $ref of elsewhere) {
      assert.match(
        refused({ properties: { a: { $ref } } }).join(),
        /^\/properties\/a\/\$ref,.*nothing is fetched/,
      );
    }
    for (const $ref of [
      "#/$defs/b",
      "#/title",
      "#/$defs",
      "#/properties",
      "#nobody",
      "#/%E0%A4%A",
      "#/__proto__",
    ]) {
      const document = { title: "x", $defs: { a: true }, properties: { a: { $ref } } };
      assert.match(
        refused(document).join(),
        /^\/properties\/a\/\$ref,must lead to a schema of this document/,
      );
    }
    const names = ["$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor", "$vocabulary"];
    for (const name of names) {
      assert.match(refused({ items: { [name]: "#a" } }).join(), /^\/items\/.*is not supported/);
    }
    assert.deepEqual(
      refused({ $defs: { a: { $id: "https://example.com/a" } } }).map(([pointer]) => pointer),
      ["/$defs/a/$id"],
    );
  });

  test("refuses schemas that lead back to themselves with the same value", () => {
    const circles = [
      { $ref: "#" },
      { allOf: [{ $ref: "#" }] },
      { $defs: { a: { anyOf: [{ $ref: "#/$defs/b" }] }, b: { not: { $ref: "#/$defs/a" } } } },
      { if: true, then: { $ref: "#/$defs/a" }, $defs: { a: { dependentSchemas: { x: { $ref: "#" } } } } },
    ];
    for (const circle of circles) {
      assert.match(refused(circle).join(), /leads back to itself/, JSON.stringify(circle));
    }
  });

  test("refuses patterns that cannot be matched in linear time, where they stand", () => {
    const document = {
      pattern: "(a)\\1",
      patternProperties: { "(?=x)y": true, "[": true },
      items: { pattern: 7 },
    };
    assert.deepEqual(
      refused(document).map(([pointer]) => pointer),
      ["/pattern", "/items/pattern", "/patternProperties/(?=x)y", "/patternProperties/["],
    );
  });

  test("bounds the patterns of a document together, each counted once", () => {
    const one = "a{600}";
    assert.deepEqual(
      refused({ items: { pattern: one }, pattern: one, patternProperties: { [one]: true } }),
      [],
    );
    assert.deepEqual(
      refused({ pattern: one, items: { pattern: "b{600}" } }).map(([pointer]) => pointer),
      ["/items/pattern"],
    );
  });

  test("refuses keywords that nobody knows, and values that keywords do not have", () => {
    for (const [document, pointer] of WRONG) {
      assert.deepEqual(
        refused(document).map(([place]) => place),
        [pointer],
        JSON.stringify(document),
      );
    }
  });

  test("names every wrong place, up to a limit", () => {
    const properties = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`p${index}`, { type: index }]),
    );
    const found = refused({ properties });
    assert.equal(found.length, SCHEMA_ERRORS_MAX);
    assert.deepEqual(
      found.slice(0, 2).map(([pointer]) => pointer),
      ["/properties/p0/type", "/properties/p1/type"],
    );
  });

  test("bounds how large, how deep and of how many parts a document is", () => {
    assert.match(refused({ description: "x".repeat(65_536) }).join(), /must have at most 65536 bytes/);
    assert.deepEqual(refused(nested(SCHEMA_DEPTH_MAX + 1)), []);
    assert.match(refused(nested(SCHEMA_DEPTH_MAX + 2)).join(), /must stand in at most 64 schemas/);
    const names = Array.from({ length: SCHEMA_PARTS_MAX }, (_, index) => `n${index}`);
    assert.deepEqual(refused({ required: names.slice(1) }), []);
    assert.match(refused({ required: names }).join(), /must have at most 5000 keywords/);
    assert.match(refused({ enum: names }).join(), /must have at most 5000 keywords/);
    assert.match(
      refused({ properties: Object.fromEntries(names.map((name) => [name, true])) }).join(),
      /must have at most 5000 keywords/,
    );
  });
});
