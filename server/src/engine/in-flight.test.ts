import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createInFlight } from "./in-flight.ts";
import { DEFAULT_LIMITS } from "./limits.ts";

const LINE = { tenant: 1, isSlow: false };

describe("createInFlight()", () => {
  test("whoever gives turns is told when others have made room, each the first in turn", () => {
    const inFlight = createInFlight({ ...DEFAULT_LIMITS, inFlightMax: 1 });
    const told: string[] = [];
    inFlight.share(() => told.push("a"));
    const leave = inFlight.share(() => told.push("b"));

    const makeRoom = () => {
      inFlight.count(LINE, 1);
      assert.equal(inFlight.isFull, true);
      inFlight.count(LINE, -1);
      return told.splice(0).join("");
    };
    assert.deepEqual([makeRoom(), makeRoom(), makeRoom()], ["ba", "ab", "ba"]);
    leave();
    assert.equal(makeRoom(), "", "one alone gives turns by itself");
  });

  test("nobody is told where there was room before", () => {
    const inFlight = createInFlight(DEFAULT_LIMITS);
    const told: string[] = [];
    inFlight.share(() => told.push("a"));
    inFlight.share(() => told.push("b"));
    inFlight.count(LINE, 1);
    inFlight.count(LINE, -1);

    assert.deepEqual(told, []);
  });
});
