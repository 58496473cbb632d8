import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Discipline, Reception } from "@posthorn/contracts/contract";
import { emptyFacts } from "../facts.ts";
import type { Hold } from "../model/delivery.ts";
import { endpointOf, HANDSHAKE, NOTHING_TOLD, routeOf } from "./engine-fixture.ts";
import type { Change } from "./flusher.ts";
import { greetingChange } from "./greeting-change.ts";
import { createLane, rowOf } from "./lane.ts";
import type { Welcomes } from "./welcome.ts";

const ACCEPTED: Reception = { kind: "accepted" };
const REFUSED: Reception = { kind: "refused", reason: "busy" };
const WELCOMES_MAX = 2;

function setup({ discipline = "each", hold }: { discipline?: Discipline; hold?: Hold } = {}) {
  const route = routeOf(discipline, { handshake: HANDSHAKE });
  const lane = createLane(route, 0);
  lane.hold = hold;
  const welcomes: Welcomes = new Map();
  return {
    lane,
    route,
    welcomes,
    /** A greeting from 1,000 to 1,040, made with the lane's first route. */
    greeted(reception: Reception): Change | undefined {
      const outcome = { route, reception, startedAt: 1000, endedAt: 1040 };
      const ports = { ...PORTS, welcomes };
      return greetingChange(lane, outcome, ports);
    },
  };
}

const PORTS = {
  welcomesMax: WELCOMES_MAX,
  fraction: () => 0.5,
  routedTo: () => 77,
  toldHolds: new Map<number, number>(),
  operational: NOTHING_TOLD,
  onLogGrown: () => {},
};

function lanesOf(change: Change | undefined) {
  const facts = emptyFacts(0, 0);
  change?.contribute(facts);
  return facts.lanes;
}

function holdOf(given: Partial<Hold> = {}): Hold {
  return { since: 10, until: 900, reason: "handshake_busy", rounds: 1, requests: 0, ...given };
}

describe("greetingChange()", () => {
  test("greetingChange() remembers a welcome for as long as it counts, and stores nothing of it", () => {
    const { lane, welcomes, greeted } = setup();

    assert.equal(greeted({ ...ACCEPTED, ratePerSecond: 4 }), undefined);
    assert.deepEqual(lane.welcome, { change: 1, from: 1040, until: 61_040, paceMs: 250 });
    assert.equal(welcomes.get(1), lane.welcome);
  });

  test("greetingChange() holds the lane at once where it is refused, and stores that with its reason", () => {
    const { lane, greeted } = setup();
    const change = greeted(REFUSED);

    const hold = { since: 1040, until: 2040, reason: "handshake_busy", rounds: 1, requests: 0 };
    assert.deepEqual(lane.hold, hold);
    assert.deepEqual(lanesOf(change), [{ endpoint: 1, position: 77, hold, batch: undefined }]);
  });

  test("greetingChange() doubles the hold with every refusal, and waits as long as the receiver asks", () => {
    const { lane, greeted } = setup({ hold: holdOf() });
    greeted(REFUSED);
    assert.deepEqual(lane.hold, holdOf({ until: 3040, rounds: 2 }));

    const patient = setup({ hold: holdOf() });
    patient.greeted({ ...REFUSED, afterMs: 9000 });
    assert.equal(patient.lane.hold?.until, 10_040);
  });

  test("greetingChange() never shortens a hold, and keeps count of an ordered head's requests", () => {
    const hold = holdOf({ until: 90_000, reason: "outcome_failure", requests: 3 });
    const { lane, greeted } = setup({ discipline: "ordered", hold });
    greeted(REFUSED);

    assert.deepEqual(lane.hold, holdOf({ until: 90_000, rounds: 2, requests: 3 }));
  });

  test("greetingChange() forgets an older welcome where it is refused", () => {
    const { lane, welcomes, greeted } = setup();
    greeted(ACCEPTED);
    greeted(REFUSED);

    assert.deepEqual([lane.welcome, welcomes.size], [undefined, 0]);
  });

  test("greetingChange() ends the hold of a refusal, in memory and in the row", () => {
    const { lane, greeted } = setup({ hold: holdOf({ until: 5000 }) });
    lane.row = rowOf(lane, 50);
    const change = greeted(ACCEPTED);

    assert.equal(lane.hold, undefined);
    assert.deepEqual(lanesOf(change), [{ endpoint: 1, position: 77, hold: undefined, batch: undefined }]);
  });

  test("greetingChange() lets an ordered head that was tried go at once, and still counts its tries", () => {
    const hold = holdOf({ until: 5000, rounds: 4, requests: 3 });
    const { lane, greeted } = setup({ discipline: "ordered", hold });
    greeted(ACCEPTED);

    assert.deepEqual(lane.hold, { ...hold, until: 1040, rounds: 0 });
  });

  test("greetingChange() leaves a hold alone that deliveries made", () => {
    const hold = holdOf({ until: 5000, reason: "status_429" });
    const { lane, greeted } = setup({ hold });

    assert.equal(greeted(ACCEPTED), undefined);
    assert.equal(lane.hold, hold);
  });

  test("greetingChange() learns nothing of an endpoint that was saved meanwhile", () => {
    for (const reception of [ACCEPTED, REFUSED]) {
      const { lane, route, greeted } = setup();
      lane.route = { ...route, endpoint: endpointOf([{}, {}]) };

      assert.equal(greeted(reception), undefined);
      assert.deepEqual([lane.welcome, lane.hold], [undefined, undefined]);
    }
  });

  test("greetingChange() stores no hold of an endpoint that was disabled before the flush", () => {
    const { lane, route, greeted } = setup();
    const change = greeted(REFUSED);
    lane.route = { ...route, abandonedTo: 60 };

    assert.deepEqual(lanesOf(change), []);
  });

  test("greetingChange() remembers a limited number of endpoints, those greeted last", () => {
    const { welcomes, greeted } = setup();
    greeted(ACCEPTED);
    for (const endpoint of [2, 3]) {
      const other = setup();
      Object.assign(other.lane, { endpoint });
      const outcome = { route: other.route, reception: ACCEPTED, startedAt: 0, endedAt: 0 };
      const ports = { ...PORTS, welcomes };
      greetingChange(other.lane, outcome, ports);
    }
    assert.deepEqual([...welcomes.keys()], [2, 3]);
  });
});
