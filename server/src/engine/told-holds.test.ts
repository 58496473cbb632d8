import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { emptyFacts, type FactsDraft } from "../facts.ts";
import type { Hold } from "../model/delivery.ts";
import { createIds } from "../model/ids.ts";
import { createOperationalEvents } from "../operational-events.ts";
import { createManualClock, type RouteOptions, routeOf, TENANT } from "./engine-fixture.ts";
import type { Change } from "./flusher.ts";
import { createLane } from "./lane.ts";
import { CIRCUIT_FAILING_MS_MIN, HOLD_TOLD_MS_MIN } from "./limits.ts";
import { createHoldTeller, forgetTold, tellHeld, tellRecovered } from "./told-holds.ts";

const NOW = 1_800_000_000_000;

function setup({ operator = 2, ...options }: RouteOptions & { operator?: number } = {}) {
  const lane = createLane(routeOf("each", options), 0);
  const operational = createOperationalEvents({
    operator: { ...TENANT, number: operator },
    ids: createIds(new Uint8Array(16)),
  });
  const ports = { toldHolds: new Map<number, number>(), operational, now: NOW };
  const clock = createManualClock(NOW);
  const changes: Change[] = [];
  let growths = 0;
  const teller = createHoldTeller(ports, {
    operational,
    clock,
    flusher: { add: (change) => void changes.push(change) },
    onLogGrown: () => {
      growths += 1;
    },
  });
  return { lane, ports, teller, changes, growths: () => growths, facts: emptyFacts(0, 0) };
}

function held(lastsMs: number, reason = "status_503"): Hold {
  return { since: NOW - 1000, until: NOW - 1000 + lastsMs, reason, rounds: 1, requests: 0 };
}

function toldBy({ raised }: FactsDraft) {
  return raised.map(({ event }) => {
    const { reason, needs_attention } = JSON.parse(new TextDecoder().decode(event.data));
    return [event.type, reason, needs_attention];
  });
}

describe("tellHeld()", () => {
  test("tellHeld() tells of what is known to last, and of nothing shorter", () => {
    const { lane, ports, facts } = setup();
    tellHeld(facts, lane, ports);
    lane.hold = held(HOLD_TOLD_MS_MIN - 1);
    tellHeld(facts, lane, ports);
    assert.deepEqual([toldBy(facts), facts.toldHolds], [[], []]);

    lane.hold = held(HOLD_TOLD_MS_MIN);
    tellHeld(facts, lane, ports);
    assert.deepEqual(toldBy(facts), [["endpoint.held", "status_503", false]]);
    assert.deepEqual(facts.toldHolds, [{ endpoint: 1, since: NOW - 1000 }]);
  });

  test("tellHeld() tells at once of a receiver that fails everything", () => {
    const { lane, ports, facts } = setup();
    lane.hold = held(CIRCUIT_FAILING_MS_MIN, "circuit_open_status_500");
    tellHeld(facts, lane, ports);
    assert.deepEqual(toldBy(facts), [["endpoint.held", "circuit_open_status_500", false]]);
  });

  test("tellHeld() tells once of a hold, however long it lasts", () => {
    const { lane, ports, facts } = setup();
    lane.hold = held(HOLD_TOLD_MS_MIN);
    tellHeld(facts, lane, ports);
    lane.hold = held(2 * HOLD_TOLD_MS_MIN);
    tellHeld(facts, lane, ports);
    lane.attention = "internal_fault";
    tellHeld(facts, lane, ports);
    assert.equal(facts.raised.length, 1);
  });

  test("tellHeld() tells nothing of endpoints that are the operator's own, or not enabled", () => {
    for (const options of [{ operator: TENANT.number }, { state: "paused" }] as const) {
      const { lane, ports, facts } = setup(options);
      lane.hold = held(HOLD_TOLD_MS_MIN);
      tellHeld(facts, lane, ports);
      assert.deepEqual([facts.raised, facts.toldHolds], [[], []]);
    }
  });
});

describe("tellRecovered()", () => {
  test("tellRecovered() tells of what was told to be held, once, and of nothing else", () => {
    const { lane, ports, facts } = setup();
    tellRecovered(facts, lane, ports);
    assert.deepEqual(facts.raised, []);

    lane.hold = held(HOLD_TOLD_MS_MIN);
    tellHeld(emptyFacts(0, 0), lane, ports);
    tellRecovered(facts, lane, ports);
    assert.deepEqual(facts.raised, []);

    lane.hold = undefined;
    tellRecovered(facts, lane, ports);
    tellRecovered(facts, lane, ports);
    assert.deepEqual(toldBy(facts), [["endpoint.recovered", undefined, undefined]]);
    assert.deepEqual(facts.toldHolds, [{ endpoint: 1, since: undefined }]);
  });
});

describe("forgetTold()", () => {
  test("forgetTold() ends it without a word", () => {
    const { lane, ports, facts } = setup();
    forgetTold(facts, ports.toldHolds, 1);
    assert.deepEqual(facts.toldHolds, []);
    lane.hold = held(HOLD_TOLD_MS_MIN);
    tellHeld(emptyFacts(0, 0), lane, ports);
    forgetTold(facts, ports.toldHolds, 1);
    assert.deepEqual([facts.raised, facts.toldHolds], [[], [{ endpoint: 1, since: undefined }]]);
  });
});

describe("createHoldTeller()", () => {
  test("tellStopped() tells of a lane that waits for a person, once, when it is stopped", () => {
    const { lane, teller, changes, growths, facts } = setup();
    teller.tellStopped(lane);
    assert.equal(changes.length, 0);

    lane.attention = "contract_request_threw";
    teller.tellStopped(lane);
    teller.tellStopped(lane);
    assert.equal(changes.length, 1);
    for (const change of changes) {
      change.contribute(facts);
      change.applied();
    }
    teller.tellStopped(lane);
    assert.deepEqual(toldBy(facts), [["endpoint.held", "contract_request_threw", true]]);
    assert.deepEqual([changes.length, growths()], [1, 1]);
  });

  test("tellStopped() tells of a route that cannot be sent to", () => {
    const { lane, teller, changes } = setup({ fault: "secret_unreadable" });
    teller.tellStopped(lane);
    assert.equal(changes.length, 1);
  });

  test("tellStopped() stores nothing of the operator's own endpoints", () => {
    const { lane, teller, changes } = setup({ fault: "secret_unreadable", operator: TENANT.number });
    teller.tellStopped(lane);
    assert.deepEqual(changes, []);
  });
});
