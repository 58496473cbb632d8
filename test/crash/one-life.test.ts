import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { noteDrained } from "./one-life.ts";

/** The lives that count as drained, of one that said this. */
function drainedOf(said: string): readonly number[] {
  const drained = new Set<number>();
  noteDrained({ drained }, { number: 7, said: () => said });
  return [...drained];
}

describe("noteDrained()", () => {
  test("lets nothing come again of a process that had its leases to the end", () => {
    assert.deepEqual(drainedOf(""), [7]);
    assert.deepEqual(drainedOf("SIGTERM: draining"), [7]);
  });

  test("judges a process that lost a lease like one that died, however it ended", () => {
    assert.deepEqual(drainedOf('{"message":"a lease ended before it was renewed: what was being sent"}'), []);
    assert.deepEqual(drainedOf('{"message":"another node took over a lease"}'), []);
  });
});
