import assert from "node:assert/strict";
import { it } from "node:test";
import { onlyEvent } from "./only-event.ts";
import { sampleEvent } from "./samples.ts";

it("onlyEvent() returns the one event", () => {
  const event = sampleEvent();
  assert.equal(onlyEvent([event]), event);
});

it("onlyEvent() throws at none, and at several rather than lose all but the first", () => {
  assert.throws(() => onlyEvent([]), /exactly one event, got 0/);
  assert.throws(() => onlyEvent([sampleEvent(), sampleEvent()]), /exactly one event, got 2/);
});
