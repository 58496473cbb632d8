import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { breakingChanges } from "./breaking-changes.ts";

const thing = {
  type: "object",
  required: ["id", "state"],
  properties: { id: { type: "string" }, state: { enum: ["on", "off"] }, note: { type: "string" } },
};
const asked = {
  type: "object",
  required: ["name"],
  properties: { name: { type: "string" }, kind: { anyOf: [{ enum: ["a", "b"] }, { type: "null" }] } },
};

interface Change {
  readonly answer?: object;
  readonly request?: object;
  readonly parameters?: readonly object[];
}

function described({ answer = thing, request = asked, parameters = [] }: Change = {}) {
  return {
    paths: {
      "/things": {
        post: {
          parameters: [{ in: "query", name: "limit", required: false }, ...parameters],
          requestBody: { content: { "application/json": { schema: request } } },
          responses: {
            201: { content: { "application/json": { schema: { $ref: "#/components/schemas/Thing" } } } },
            default: { $ref: "#/components/responses/Problem" },
          },
        },
      },
    },
    components: {
      schemas: { Thing: answer },
      responses: { Problem: { content: { "application/problem+json": { schema: { type: "object" } } } } },
    },
  };
}

const AT = "POST /things";

describe("breakingChanges()", () => {
  test("finds nothing in what is the same, or is more", () => {
    assert.deepEqual(breakingChanges(described(), described()), []);
    const more = described({
      answer: {
        ...thing,
        required: [...thing.required, "new"],
        properties: { ...thing.properties, new: {} },
      },
      request: { ...asked, properties: { ...asked.properties, more: { type: "string" } } },
      parameters: [{ in: "query", name: "cursor", required: false }],
    });
    assert.deepEqual(breakingChanges(described(), more), []);
  });

  test("finds an operation that is gone", () => {
    assert.deepEqual(breakingChanges(described(), { paths: {} }), [`${AT} is gone`]);
  });

  const answer = (change: object) =>
    breakingChanges(described(), described({ answer: { ...thing, ...change } }));
  const request = (change: object) =>
    breakingChanges(described(), described({ request: { ...asked, ...change } }));

  test("finds a member of an answer that is gone, may be absent, or is another type", () => {
    const { id, ...others } = thing.properties;
    const place = `${AT} 201 application/json/id`;
    assert.deepEqual(answer({ properties: others, required: ["state"] }), [`${place} is gone`]);
    assert.deepEqual(answer({ required: ["state"] }), [`${place} may be absent`]);
    const other = { ...others, id: { ...id, type: "integer" } };
    assert.deepEqual(answer({ properties: other }), [`${place} was "string" and is "integer"`]);
  });

  test("finds what a request could be and is refused, and what it must have", () => {
    const { name } = asked.properties;
    const place = `${AT} body application/json`;
    assert.deepEqual(request({ properties: { name } }), [`${place}/kind is refused`]);
    assert.deepEqual(request({ required: ["name", "kind"] }), [`${place}/kind must be there`]);
    const narrower = { name, kind: { anyOf: [{ enum: ["a"] }, { type: "null" }] } };
    assert.deepEqual(request({ properties: narrower }), [`${place}/kind must not be "b"`]);
  });

  test("finds a parameter that is refused, and one that must be there", () => {
    const must = { in: "header", name: "X-Must", required: true };
    assert.deepEqual(breakingChanges(described(), described({ parameters: [must] })), [
      `${AT} header X-Must must be there`,
    ]);
    const without = breakingChanges(described({ parameters: [must] }), described());
    assert.deepEqual(without, [`${AT} header X-Must is refused`]);
  });
});
