import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { sampleAttempt } from "../samples.ts";
import { requestIdOf } from "./request-id.ts";

it("requestIdOf() is a UUID of version 8, whatever the attempt", () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), (id, at) => {
      const uuid = requestIdOf(sampleAttempt({ id, at }));
      assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }),
  );
});

it("requestIdOf() is the same for the same attempt, and another for another id or time", () => {
  const ids = [{}, { id: "att_2" }, { at: 1 }, { id: "att_1", at: 11 }, { id: "att_11", at: 1 }].map(
    (given) => requestIdOf(sampleAttempt(given)),
  );
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(requestIdOf(sampleAttempt()), ids[0]);
});
