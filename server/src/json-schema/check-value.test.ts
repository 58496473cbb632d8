import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkValue } from "./check-value.ts";
import { FINDINGS_MAX } from "./limits.ts";
import { readDocument } from "./read-document.ts";
import type { Schema } from "./schema.ts";

function schemaOf(document: unknown): Schema {
  const read = readDocument(document);
  if (read.kind === "refused") {
    assert.fail(JSON.stringify(read.errors));
  }
  return read.schema;
}

/** What is wrong with a value: pointers and details. */
function wrong(document: unknown, value: unknown): readonly (readonly [string, string])[] {
  const checked = checkValue(schemaOf(document), value);
  return checked.kind === "wrong" ? checked.errors.map(({ pointer, detail }) => [pointer, detail]) : [];
}

function times<Each>(count: number, each: Each): readonly Each[] {
  return Array.from({ length: count }, () => each);
}

function nested(depth: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) {
    value = wrap(value);
  }
  return value;
}

const order = {
  type: "object",
  required: ["id", "amount", "lines"],
  additionalProperties: false,
  properties: {
    id: { type: "string", pattern: "^ord_[a-z0-9]+$" },
    amount: { type: "integer", minimum: 0 },
    currency: { enum: ["EUR", "USD"] },
    lines: { type: "array", minItems: 1, items: { $ref: "#/$defs/line" } },
  },
  $defs: {
    line: { required: ["sku"], properties: { sku: { type: "string" }, price: { multipleOf: 0.01 } } },
  },
};

describe("checkValue()", () => {
  test("takes a value that fits", () => {
    const value = { id: "ord_1", amount: 5, currency: "EUR", lines: [{ sku: "a", price: 19.99 }] };
    assert.equal(checkValue(schemaOf(order), value).kind, "fits");
  });

  test("tells every wrong member by its pointer, and repeats no value", () => {
    const value = {
      id: "hunter2",
      amount: "five",
      currency: "CHF",
      extra: 1,
      lines: [{ sku: "a" }, { price: 1.005 }, { sku: 7 }],
    };
    const found = wrong(order, value);
    assert.deepEqual(
      found.toSorted(([one], [other]) => (one < other ? -1 : 1)),
      [
        ["/amount", "must be a whole number, got a text"],
        ["/currency", 'must be "EUR" or "USD"'],
        ["/extra", "is not a name that is known here"],
        ["/id", "must match the pattern ^ord_[a-z0-9]+$"],
        ["/lines/1/price", "must be a multiple of 0.01"],
        ["/lines/1/sku", "is missing"],
        ["/lines/2/sku", "must be a text, got a number"],
      ],
    );
    assert.doesNotMatch(JSON.stringify(found), /hunter2|five|CHF|1\.005/);
  });

  test("tells by each keyword what the value must do", () => {
    const told: readonly (readonly [unknown, unknown, string, string])[] = [
      [{ const: { a: 1 } }, { a: 2 }, "", 'must be {"a":1}'],
      [{ minimum: 5 }, 4, "", "must be at least 5"],
      [{ exclusiveMinimum: 5 }, 5, "", "must be more than 5"],
      [{ maximum: 5 }, 6, "", "must be at most 5"],
      [{ exclusiveMaximum: 5 }, 5, "", "must be less than 5"],
      [{ minLength: 2 }, "😀", "", "must have at least 2 characters"],
      [{ maxLength: 1 }, "ab", "", "must have at most 1 characters"],
      [{ format: "date-time" }, "yesterday", "", "must have the format date-time"],
      [{ minItems: 1 }, [], "", "must have at least 1 items"],
      [{ maxItems: 1 }, [1, 2], "", "must have at most 1 items"],
      [
        { uniqueItems: true },
        [{ a: 1, b: 2 }, 3, { b: 2, a: 1 }],
        "/2",
        "must be unique: it is the same as item 0",
      ],
      [{ prefixItems: [true], items: false }, [1, 2], "/1", "is one item too many"],
      [{ contains: { type: "string" } }, [1], "", "must contain at least 1 items as contains says"],
      [{ contains: true, maxContains: 1 }, [1, 2], "", "must contain at most 1 items as contains says"],
      [{ minProperties: 1 }, {}, "", "must have at least 1 members"],
      [{ maxProperties: 0 }, { a: 1 }, "", "must have at most 0 members"],
      [{ dependentRequired: { a: ["b"] } }, { a: 1 }, "/b", "is missing beside what else is there"],
      [{ propertyNames: { maxLength: 1 } }, { ab: 1 }, "/ab", "has a name that may not be"],
      [
        { patternProperties: { "^n": { type: "number" } } },
        { n1: "" },
        "/n1",
        "must be a number, got a text",
      ],
      [{ properties: { a: false } }, { a: 1 }, "/a", "must not be here"],
      [{ unevaluatedProperties: false }, { "a/b": 1 }, "/a~1b", "is not a name that is known here"],
      [{ prefixItems: [true], unevaluatedItems: false }, [1, 2], "/1", "is one item too many"],
      [{ not: { type: "null" } }, null, "", "must not fit the schema of not"],
      [{ if: { required: ["a"] }, then: { required: ["b"] } }, { a: 1 }, "/b", "is missing"],
      [{ dependentSchemas: { a: { required: ["b"] } } }, { a: 1 }, "/b", "is missing"],
      [false, 1, "", "must not be"],
    ];
    for (const [document, value, pointer, detail] of told) {
      assert.deepEqual(wrong(document, value), [[pointer, detail]], JSON.stringify(document));
    }
  });

  test("tells of each member the first rule that it breaks", () => {
    const document = { properties: { a: { type: "integer", minimum: 1, enum: [2] }, b: false } };
    assert.deepEqual(wrong(document, { a: 0.5, b: 1 }), [
      ["/a", "must be a whole number, got a number"],
      ["/b", "must not be here"],
    ]);
  });

  test("tells of alternatives what is wrong by the closest one, or that none is", () => {
    const shapes = {
      oneOf: [
        {
          properties: { kind: { const: "circle" }, radius: { type: "number" } },
          required: ["kind", "radius"],
        },
        { properties: { kind: { const: "square" }, side: { type: "number" } }, required: ["kind", "side"] },
      ],
    };
    assert.deepEqual(wrong(shapes, { kind: "circle", radius: "1" }), [
      ["/radius", "must be a number, got a text"],
    ]);
    assert.deepEqual(wrong({ anyOf: [{ required: ["a"] }, { type: "null" }] }, { b: 1 }), [
      ["/a", "is missing"],
    ]);
    const generic = "must fit at least one of the schemas of anyOf";
    assert.deepEqual(wrong({ anyOf: [{ type: "string" }, { type: "null" }] }, 1), [["", generic]]);
    assert.deepEqual(wrong({ oneOf: [true, { type: "number" }] }, 1), [
      ["", "must fit exactly one of the schemas of oneOf, and fits more than one"],
    ]);
  });

  test("sees members that objects inherit as absent, and members of any name as what they are", () => {
    assert.deepEqual(
      wrong({ required: ["toString", "__proto__"] }, {}).map(([pointer]) => pointer),
      ["/toString", "/__proto__"],
    );
    const document: unknown = JSON.parse(
      '{"properties":{"__proto__":{"type":"string"}},"additionalProperties":false}',
    );
    assert.deepEqual(wrong(document, JSON.parse('{"__proto__":1}')), [
      ["/__proto__", "must be a text, got a number"],
    ]);
    assert.deepEqual(wrong(document, JSON.parse('{"__proto__":""}')), []);
    assert.deepEqual(wrong({ additionalProperties: false }, JSON.parse('{"constructor":1}')).length, 1);
  });

  test("sees what a schema and those it leads to have looked at, and nobody else", () => {
    const rest = { unevaluatedProperties: false };
    const a = { properties: { a: true } };
    const b = { properties: { b: true } };
    const both = { a: 1, b: 1 };
    const seen: readonly (readonly [unknown, unknown])[] = [
      [{ ...rest, allOf: [a], properties: { b: true } }, both],
      [{ ...rest, anyOf: [a, b] }, both],
      [{ ...rest, oneOf: [a, { required: ["c"], ...b }], properties: { b: true } }, both],
      [{ ...rest, if: a, else: false, properties: { b: true } }, both],
      [{ ...rest, if: false, else: a, properties: { b: true } }, both],
      [{ ...rest, dependentSchemas: { a: b }, ...a }, both],
      [{ ...rest, $ref: "#/$defs/a", $defs: { a }, properties: { b: true } }, both],
      [{ ...rest, patternProperties: { "^[ab]$": true } }, both],
      [{ unevaluatedItems: false, contains: { type: "string" } }, ["a"]],
      [{ unevaluatedItems: false, prefixItems: [true] }, [1]],
    ];
    for (const [document, value] of seen) {
      assert.deepEqual(wrong(document, value), [], JSON.stringify(document));
    }
    const unseen: readonly (readonly [unknown, unknown, string])[] = [
      [{ ...rest, allOf: [a, rest] }, { a: 1 }, "/a"],
      [{ ...rest, anyOf: [{ ...a, not: true }, b] }, both, "/a"],
      [{ ...rest, not: { ...a, not: true } }, { a: 1 }, "/a"],
      [{ ...rest, if: { ...a, not: true } }, { a: 1 }, "/a"],
      [{ ...rest, properties: { a: b } }, { a: { b: 1 }, b: 1 }, "/b"],
      [{ unevaluatedItems: false, contains: { type: "string" } }, ["a", 1], "/1"],
    ];
    for (const [document, value, pointer] of unseen) {
      assert.deepEqual(
        wrong(document, value).map(([place]) => place),
        [pointer],
        JSON.stringify(document),
      );
    }
  });

  test("divides decimals as they are written", () => {
    const multiples = [
      [19.99, 0.01],
      [0.0075, 0.0001],
      [1e300, 0.5],
      [4.35, 0.05],
      [-1.1, 0.1],
      [1e-7, 1e-8],
      [0, 0.3],
    ] as const;
    for (const [value, multipleOf] of multiples) {
      assert.deepEqual(wrong({ multipleOf }, value), [], `${value} ${multipleOf}`);
    }
    for (const [value, multipleOf] of [
      [19.995, 0.01],
      [0.00751, 0.0001],
      [1e-9, 1e-8],
      [7, 2],
    ] as const) {
      assert.equal(wrong({ multipleOf }, value).length, 1, `${value} ${multipleOf}`);
    }
  });

  test("tells so many wrong members and no more, and that there are more", () => {
    const value = times(FINDINGS_MAX + 1, 1);
    const exact = checkValue(schemaOf({ items: { type: "string" } }), value.slice(1));
    const more = checkValue(schemaOf({ items: { type: "string" } }), value);
    assert.ok(exact.kind === "wrong" && more.kind === "wrong");
    assert.deepEqual([exact.errors.length, exact.isCut], [FINDINGS_MAX, false]);
    assert.deepEqual([more.errors.length, more.isCut], [FINDINGS_MAX, true]);
  });

  test("cuts pointers that are too long, between characters", () => {
    const name = "😀".repeat(2_000);
    const pointer = wrong({ additionalProperties: false }, { [name]: 1 })[0]?.[0];
    assert.equal(pointer?.length, 1_024 + 1);
    assert.ok(pointer?.isWellFormed());
  });
});

describe("checkValue() of a schema that means harm", () => {
  const doubling = {
    $ref: "#/$defs/d0",
    $defs: Object.fromEntries([
      ...Array.from({ length: 50 }, (_, n) => [`d${n}`, { allOf: times(2, { $ref: `#/$defs/d${n + 1}` }) }]),
      ["d50", { type: "number" }],
    ]),
  };
  const branching = {
    oneOf: [1, 2].map((k) => ({ properties: { k: { const: k }, inner: { $ref: "#" } }, required: ["k"] })),
  };

  test("ends after its work where schemas double, whatever the value", () => {
    assert.equal(checkValue(schemaOf(doubling), 1).kind, "too_costly");
    assert.equal(
      checkValue(
        schemaOf(branching),
        nested(400, (inner) => ({ k: 1, inner })),
      ).kind,
      "too_costly",
    );
    assert.equal(
      checkValue(
        schemaOf(branching),
        nested(8, (inner) => ({ k: 2, inner })),
      ).kind,
      "wrong",
    );
  });

  test("follows schemas into themselves as deep as data goes", () => {
    const list = schemaOf({ properties: { next: { $ref: "#" } } });
    assert.equal(
      checkValue(
        list,
        nested(511, (next) => ({ next })),
      ).kind,
      "fits",
    );
    const array = schemaOf({ items: { $ref: "#" } });
    assert.equal(
      checkValue(
        array,
        nested(511, (inner) => [inner]),
      ).kind,
      "fits",
    );
  });

  test("leaves the stack room, whichever way schemas lead deeper", () => {
    const ways = [
      { patternProperties: { "": { oneOf: [{ oneOf: [{ $ref: "#" }] }] } } },
      { additionalProperties: { anyOf: [{ anyOf: [{ $ref: "#" }] }] } },
      { unevaluatedProperties: { oneOf: [{ allOf: [{ $ref: "#" }] }] } },
      { dependentSchemas: { a: { properties: { a: { $ref: "#" } } } } },
      { properties: { a: { if: { if: { $ref: "#" } } } } },
      { items: { allOf: [{ allOf: [{ $ref: "#" }] }] } },
      { prefixItems: [{ not: { not: { $ref: "#" } } }] },
      { contains: { allOf: [{ $ref: "#" }] } },
    ];
    for (const way of ways) {
      for (const wrap of [(a: unknown) => ({ a }), (a: unknown) => [a]]) {
        const { kind } = checkValue(schemaOf(way), nested(512, wrap));
        assert.ok(kind === "fits" || kind === "too_costly", JSON.stringify(way));
      }
    }
  });

  test("looks at nothing more once its work is used up", () => {
    let looks = 0;
    const items = new Proxy(times<unknown>(1_000, 1).with(0, "wrong at once"), {
      get(target, name) {
        looks += 1;
        return Reflect.get(target, name);
      },
    });
    const { kind } = checkValue(schemaOf({ items: { $ref: "#/$defs/d0" }, $defs: doubling.$defs }), items);
    assert.equal(kind, "wrong");
    assert.ok(looks < 100, String(looks));
  });

  test("counts as work whatever takes time in proportion to the value", () => {
    const many = Array.from({ length: 2_000 }, (_, index) => ({ index }));
    const members = Object.fromEntries(many.map(({ index }) => [`m${index}`, index]));
    const text = "ab".repeat(16_000);
    const costly: readonly (readonly [unknown, unknown])[] = [
      [{ allOf: times(100, { uniqueItems: true }) }, many.map(({ index }) => index)],
      [{ allOf: times(100, { enum: [[1]] }) }, many],
      [{ allOf: times(100, { additionalProperties: false }) }, members],
      [{ allOf: times(100, { maxProperties: 1e9 }) }, members],
      [{ allOf: times(100, { propertyNames: { maxLength: 9 } }) }, members],
      [{ allOf: times(100, { minLength: 1 }) }, text],
      [{ allOf: times(100, { format: "email" }) }, text],
      [{ allOf: times(100, { enum: ["a"] }) }, text],
      [{ allOf: times(100, { contains: false, minContains: 0 }) }, many],
      [{ anyOf: times(100, { items: { properties: { index: { minimum: 1_999 } } } }) }, many],
      [{ items: { pattern: "[ab]*a[ab]{400}[^ab]" } }, times(200, "ab")],
      [{ patternProperties: { "[0-9]*1[0-9]{300}x": true } }, members],
      [{ allOf: times(100, { properties: { m1: true } }), unevaluatedProperties: true }, members],
      [{ items: { required: Array.from({ length: 100 }, (_, n) => `n${n}`) } }, many],
    ];
    for (const [document, value] of costly) {
      const { work } = checkValue(schemaOf(document), value);
      // A fault found at once, or a hundred looks at 2,000 members or 32,000 characters.
      assert.ok(work > 10_000, `${JSON.stringify(document).slice(0, 60)} ${work}`);
    }
  });
});
