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

interface Setup {
  readonly position?: number;
  readonly failingSince?: number;
  /** Whether this owner has seen it fail. */
  readonly isSeen?: boolean;
  readonly isEnabledAgain?: boolean;
}

/** An endpoint that was disabled at 20 and enabled again, with a hold that the operator was told of. */
function setup({ position = 15, ...failing }: Setup) {
  const { isEnabledAgain = true } = failing;
  const versions = [
    { since: 1, change: 1 },
    { since: 20, change: 2, state: "disabled" },
    { since: 21, change: 3, state: "enabled" },
  ] as const;
  const endpoint = { ...endpointOf(versions.slice(0, isEnabledAgain ? 3 : 2)), updatedAt: NOW - 1000 };
  const state = createLeaseState(
    {
      id: 0,
      epoch: 1,
      checkpoint: 10,
      changesApplied: 1,
      replays: 0,
      leaseMs: 15_000,
      directoryTo: 0,
      countedTo: 0,
    },
    position,
  );
  const lane = laneFor(state, { ...routeOf("each"), endpoint });
  lane.hold = HOLD;
  lane.row = { endpoint: 1, position, hold: HOLD, batch: undefined };
  lane.storedRow = lane.row;
  state.toldHolds.set(1, HOLD.since);
  if (failing.failingSince !== undefined) {
    state.failing.set(1, failing.failingSince);
  }
  if (failing.isSeen === true) {
    state.failuresSeen.set(1, { at: NOW - 500, elapsed: 1 });
  }
  const ended = endpoint.versions[1];
  const applying = { endpoint, ended, after: 1, changesApplied: 3, now: NOW, onRetryAdded: () => undefined };
  const facts = emptyFacts(10, 1);
  changeApplied(state, createRetryWindow(100), applying).contribute(facts);
  return { state, lane, facts };
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

test("changeApplied() again leaves since when an endpoint has failed from after as it is", () => {
  const failingSince = NOW - 999;
  const { state, facts } = setup({ failingSince });
  assert.deepEqual(facts.failing, []);
  assert.equal(state.failing.get(1), failingSince);
});

for (const [what, failing] of [
  ["began before", { failingSince: NOW - 1000 }],
  ["was seen before this was known", { failingSince: NOW - 500, isSeen: true }],
  ["is over with the endpoint", { failingSince: NOW - 500, isEnabledAgain: false }],
] as const) {
  test(`changeApplied() ends by disabling a failing that ${what}`, () => {
    const { state, facts } = setup(failing);
    assert.deepEqual(facts.failing, [{ endpoint: 1, since: undefined }]);
    assert.equal(state.failing.size, 0);
  });
}
