import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { bspk } from "./bspk/send.ts";
import { bubblehouse } from "./bubblehouse/send.ts";
import type { Contract } from "./contract.ts";
import { describedCatalogue } from "./described-catalogue.ts";
import { exampleOf } from "./event-example.ts";
import { rendered, sampleAttempt, sampleEndpoint, sampleEvent } from "./samples.ts";
import { spektr } from "./spektr/send.ts";
import { standard } from "./standard/send.ts";

const contracts: readonly Contract[] = [standard, bspk, spektr, bubblehouse];

function setup(contract: Contract) {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  addFormats.default(ajv);
  const secret = contract.makeSecret((count) => Buffer.alloc(count, 7), {});
  const endpoint = sampleEndpoint({ url: "https://receiver.example/:name", secrets: secret ? [secret] : [] });
  return {
    render(type: string) {
      const { subject, data } = exampleOf(contract.catalogue, type);
      const event = sampleEvent({ type, subject, data: JSON.stringify(data) });
      return rendered(contract.request(endpoint, [event], sampleAttempt()));
    },
    fits: (schema: object, data: unknown) => ajv.compile(schema)(data),
  };
}

for (const contract of contracts) {
  describe(`the examples of ${contract.name}`, () => {
    it("every type has a schema, and an example that fits it", () => {
      const { fits } = setup(contract);
      for (const { name, schema, example } of contract.catalogue.eventTypes) {
        assert.ok(schema !== undefined && example !== undefined, name);
        assert.equal(fits(schema, example.data), true, name);
      }
    });

    it("exampleOf() gives what the contract can say, for types it knows and for others", () => {
      const { render } = setup(contract);
      for (const type of [...contract.catalogue.eventTypes.map(({ name }) => name), "never.heard.of"]) {
        assert.ok(render(type).payload.length > 0, type);
      }
    });
  });
}

describe("describedCatalogue()", () => {
  it("describedCatalogue() refuses a type without a schema or without an example, by its name", () => {
    const eventTypes = [{ name: "a", description: "" }];
    const schemas = { a: { type: "object" } } as const;
    const examples = { a: { data: 1 } };
    for (const missing of [{ schemas: {} }, { examples: {} }]) {
      assert.throws(
        () => describedCatalogue({ kind: "open", eventTypes, schemas, examples, ...missing }),
        /the event type "a" must have/,
      );
    }
  });
});
