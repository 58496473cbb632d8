import assert from "node:assert/strict";
import { test } from "node:test";
import { cursorOf, positionIn } from "./cursor.ts";

test("positionIn() gives back the position of a cursor of the same list", () => {
  const list = ["events", "acme", undefined, "client.updated"];
  assert.equal(positionIn(list, cursorOf(list, "evt_0123456789abcdef")), "evt_0123456789abcdef");
});

test("positionIn() refuses a cursor of another list, and what is no cursor", () => {
  const cursor = cursorOf(["events", "acme", undefined], "evt_0123456789abcdef");
  const lists = [
    ["events", "other", undefined],
    ["events", "acme", "x"],
    ["attempts", "acme", undefined],
  ];
  for (const list of lists) {
    assert.throws(() => positionIn(list, cursor), { code: "invalid_request" });
  }
  for (const text of ["", "x", "!!", "AAAAAAAAAAAAAAAA", "\u0000", "é".repeat(9000)]) {
    assert.throws(() => positionIn(["events"], text), { code: "invalid_request" });
  }
});
