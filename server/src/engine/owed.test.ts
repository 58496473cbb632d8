import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defineContract } from "@posthorn/contracts/contract";
import fc from "fast-check";
import type { EndpointState } from "../model/endpoint.ts";
import { isSubscribed } from "../model/subscription.ts";
import { contractOf, endpointOf, eventAt } from "./engine-fixture.ts";
import { typesOwedAfter, wasOwed } from "./owed.ts";

const OPEN = contractOf("each");
const CLOSED = defineContract({
  ...OPEN,
  name: "closed",
  catalogue: {
    kind: "closed",
    eventTypes: ["a", "b"].map((name) => ({
      name,
      description: "",
      schema: {},
      example: { data: {} },
    })),
  },
});

const version = fc.record({
  state: fc.constantFrom<EndpointState>("enabled", "paused", "disabled", "deleted"),
  eventTypes: fc.constantFrom(undefined, ["a"], ["b", "c*"], []),
});

describe("typesOwedAfter()", () => {
  test("leaves out no type that was owed after the offset, whatever the versions", () => {
    const given = fc.record({
      versions: fc.array(version, { minLength: 1, maxLength: 5 }),
      after: fc.integer({ min: 0, max: 60 }),
      later: fc.integer({ min: 1, max: 20 }),
      type: fc.constantFrom("a", "b", "cc", "d"),
      contract: fc.constantFrom(OPEN, CLOSED, undefined),
    });
    fc.assert(
      fc.property(given, ({ versions, after, later, type, contract }) => {
        const endpoint = endpointOf(versions.map((each, index) => ({ ...each, since: 10 * (index + 1) })));
        const event = { ...eventAt(after + later), type };

        const types = typesOwedAfter({ endpoint, contract }, after);

        assert.ok(!wasOwed({ endpoint, contract }, event) || isSubscribed(types, type));
      }),
      { numRuns: 500 },
    );
  });

  test("leaves out what only versions before, or those that end an endpoint, want", () => {
    const endpoint = endpointOf([
      { since: 10, eventTypes: ["before"] },
      { since: 20, eventTypes: ["then"] },
      { since: 30, eventTypes: ["never"], state: "disabled" },
      { since: 40, eventTypes: ["now", "then"] },
    ]);

    assert.deepEqual(typesOwedAfter({ endpoint, contract: OPEN }, 20), ["then", "now"]);
  });

  test("has the catalogue's types for an endpoint that wants every type there is", () => {
    const endpoint = endpointOf([{ since: 10, eventTypes: undefined }]);

    assert.deepEqual(typesOwedAfter({ endpoint, contract: CLOSED }, 20), ["a", "b"]);
    assert.equal(typesOwedAfter({ endpoint, contract: OPEN }, 20), undefined);
  });
});
