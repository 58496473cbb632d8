import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { exampleOf, kindOf, limitsOf } from "./schema-text.ts";

const NULL = { type: "null" };
const ENDPOINT = { $ref: "#/components/schemas/Endpoint" };

describe("kindOf()", () => {
  for (const [kind, schema] of [
    ["string", { type: "string" }],
    ["time", { type: "string", format: "date-time" }],
    ["Endpoint", ENDPOINT],
    ["array of Endpoint, or null", { anyOf: [{ type: "array", items: ENDPOINT }, NULL] }],
    [`"dead" | "missed"`, { enum: ["dead", "missed"] }],
    [`"ok"`, { const: "ok", type: "string" }],
    ["array of anything", { type: "array" }],
    ["anything", {}],
  ] as const) {
    test(`kindOf() says ${kind}`, () => {
      assert.equal(kindOf(schema), kind);
    });
  }
});

test("limitsOf() says what there is of them, also beside null", () => {
  assert.equal(limitsOf({ type: "string", minLength: 1, maxLength: 128 }), "1 to 128 characters");
  assert.equal(limitsOf({ anyOf: [{ type: "integer", minimum: 1 }, NULL] }), "1 or more");
  assert.equal(limitsOf({ type: "array", maxItems: 100 }), "at most 100 items");
  assert.equal(limitsOf(ENDPOINT), "");
});

test("exampleOf() has what is required, by the shapes there are", () => {
  const schema = {
    type: "object",
    required: ["url", "retry", "state", "at"],
    properties: {
      url: { type: "string" },
      retry: { $ref: "#/components/schemas/Retry" },
      state: { anyOf: [NULL, { enum: ["on", "off"] }] },
      at: { type: "string", format: "date-time" },
      note: { type: "string" },
    },
  };
  const shapes = {
    Retry: { required: ["most"], properties: { most: { type: "integer", minimum: 3 } } },
  };
  assert.deepEqual(exampleOf(schema, shapes), {
    url: "https://example.com/hooks",
    retry: { most: 3 },
    state: "on",
    at: "2026-01-01T00:00:00Z",
  });
});
