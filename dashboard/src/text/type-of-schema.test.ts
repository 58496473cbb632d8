import assert from "node:assert/strict";
import { stripTypeScriptTypes } from "node:module";
import { describe, test } from "node:test";
import { bspkCatalogue } from "@posthorn/contracts/bspk/catalogue";
import { typeOfSchema } from "./type-of-schema.ts";

describe("typeOfSchema()", () => {
  test("typeOfSchema() says members, which of them may be missing, and what they are for", () => {
    const schema = {
      type: "object",
      required: ["id", "lines"],
      properties: {
        id: { type: "integer", description: "Of the invoice. */ alert(1)" },
        state: { enum: ["open", "paid", null] },
        lines: { type: "array", items: { type: ["string", "null"] } },
        "due-at": { type: "string", format: "date-time" },
        to: { $ref: "#/$defs/person" },
        pair: { type: "array", prefixItems: [{ const: 1 }, { type: "number" }], items: false },
        any: true,
        rows: { type: "array", items: { type: "object", properties: { at: { type: "null" } } } },
        extra: { type: "object", additionalProperties: { type: "boolean" } },
      },
      $defs: { person: { type: "object", properties: { boss: { $ref: "#/$defs/person" } } } },
    };
    assert.equal(
      typeOfSchema("invoice.paid", schema),
      `export type InvoicePaid = {
  /** Of the invoice. * / alert(1) */
  id: number;
  state?: "open" | "paid" | null;
  lines: (string | null)[];
  "due-at"?: string;
  to?: Person;
  pair?: [1, number];
  any?: unknown;
  rows?: {
    at?: null;
  }[];
  extra?: {
    [name: string]: boolean;
  };
};

type Person = {
  boss?: Person;
};`,
    );
  });

  test("typeOfSchema() combines what a schema combines", () => {
    const some = {
      anyOf: [{ type: "string" }, { type: "array", items: { oneOf: [{ const: 1 }, { const: 2 }] } }],
    };
    assert.equal(typeOfSchema("a", some), "export type A = string | (1 | 2)[];");
    assert.equal(typeOfSchema("1", false), "export type Type1 = never;");
    assert.equal(typeOfSchema("b", { $ref: "#/nowhere" }), "export type B = unknown;");
  });

  test("typeOfSchema() makes TypeScript of every schema of a catalogue", () => {
    for (const { name, schema } of bspkCatalogue.eventTypes) {
      const text = typeOfSchema(name, schema);
      assert.doesNotThrow(() => stripTypeScriptTypes(text), name);
      assert.match(text, /^(\/\*\*.*\n)?export type \w+ = /);
    }
  });
});
