import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyFacts } from "../facts.ts";
import type { Hold } from "../model/delivery.ts";
import { changeApplied } from "./abandonment-change.ts";
import { endpointOf, routeOf } from "./engine-fixture.ts";
import { createLeaseState, laneFor } from "./lease-state.ts";
import { createRetryWindow } from "./retry-window.ts";

const NOW = 1_800_000_000_000;
const HOLD: Hold = { since: NOW - 1000, until: NOW + 1000, reason: "status_503", rounds: 1, requests: 0 };

/** An endpoint that was disabled at 20 and enabled again, with a hold that the operator was told of. */
function setup({ position }: { readonly position: number }) {
  const endpoint = endpointOf([
    { since: 1, change: 1 },
    { since: 20, change: 2, state: "disabled" },
    { since: 21, change: 3, state: "enabled" },
  ]);
  const state = createLeaseState(
    { id: 0, epoch: 1, checkpoint: 10, changesApplied: 1, replays: 0, leaseMs: 15_000, directoryTo: 0 },
    position,
  );
  const lane = laneFor(state, { ...routeOf("each"), endpoint });
  lane.hold = HOLD;
  lane.row = { endpoint: 1, position, hold: HOLD, batch: undefined };
  lane.storedRow = lane.row;
  state.toldHolds.set(1, HOLD.since);
  const ended = endpoint.versions[1];
  const applying = { endpoint, ended, after: 1, changesApplied: 3, now: NOW, onRetryAdded: () => undefined };
  const facts = emptyFacts(10, 1);
  changeApplied(state, createRetryWindow(100), applying).contribute(facts);
  return { lane, facts };
}

test("changeApplied() ends a hold by disabling, and forgets that it was told", () => {
  const { lane, facts } = setup({ position: 15 });
  assert.equal(lane.hold, undefined);
  assert.deepEqual(facts.toldHolds, [{ endpoint: 1, since: undefined }]);
});

test("changeApplied() again leaves a hold from after as it is, and that it was told", () => {
  const { lane, facts } = setup({ position: 25 });
  assert.equal(lane.hold, HOLD);
  assert.deepEqual(facts.toldHolds, []);
});
