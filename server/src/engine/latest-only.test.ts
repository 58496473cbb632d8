import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Discipline } from "@posthorn/contracts/contract";
import { emptyFacts, type FactsDraft } from "../facts.ts";
import type { Hold } from "../model/delivery.ts";
import type { LatestOnlyBy } from "../model/endpoint.ts";
import type { StoredEvent } from "../model/event.ts";
import { createManualClock, eventAt, routeOf } from "./engine-fixture.ts";
import type { Change } from "./flusher.ts";
import { createLane, dropReady, lineLength, offer, settledBelow } from "./lane.ts";
import { createLatestOnly } from "./latest-only.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { isSuperseded } from "./newest.ts";
import { take } from "./take.ts";

const HOLD: Hold = { since: 0, until: 10, reason: "status_503", rounds: 1, requests: 1 };

interface Given {
  readonly by?: LatestOnlyBy;
  readonly keysMax?: number;
  readonly discipline?: Discipline;
}

function setup({ by = "subject", keysMax = 100, discipline = "each" }: Given = {}) {
  const lane = createLane(routeOf(discipline, { config: { latestOnlyBy: by } }), 0);
  const changes: Change[] = [];
  let readyCalls = 0;
  const latestOnly = createLatestOnly({
    clock: createManualClock(),
    flusher: { add: (change) => void changes.push(change) },
    keysMax,
    onReady: () => {
      readyCalls += 1;
    },
  });
  return {
    lane,
    changes,
    readyCalls: () => readyCalls,
    /** Hands the lane an event of the subject `a`, if nothing else is said. */
    come(offset: number, event: Partial<StoredEvent> = {}) {
      offer(lane, offset, { now: 0, readyMax: 100 });
      latestOnly.note(lane, eventAt(offset, { subject: "a", ...event }));
    },
    ready: () => lane.ready.take(100),
    /** Lets everything that waits begin its way into the store. */
    contribute(): FactsDraft {
      const facts = emptyFacts(0, 0);
      changes.forEach((change) => change.contribute(facts));
      return facts;
    },
  };
}

describe("note()", () => {
  test("note() leaves the newest of a subject, whatever its type, and records the others", () => {
    const { come, ready, contribute } = setup();
    come(1);
    come(2, { type: "order.sent" });
    come(3, { subject: "b" });
    come(4);
    assert.deepEqual(ready(), [3, 4]);
    assert.deepEqual(
      contribute().gaps.map(({ from, to, reason }) => [from, to, reason]),
      [
        [1, 1, "superseded"],
        [2, 2, "superseded"],
      ],
    );
  });

  test("note() keeps types apart where the endpoint wants the newest of each", () => {
    const { come, ready } = setup({ by: "type_and_subject" });
    come(1);
    come(2, { type: "order.sent" });
    come(3);
    assert.deepEqual(ready(), [2, 3]);
  });

  const APART: readonly (readonly [string, Partial<StoredEvent>, Partial<StoredEvent>])[] = [
    ["events without a subject", { subject: undefined }, { subject: undefined }],
    ["what only this endpoint is to get, when it is newer", {}, { to: 1 }],
    ["what only this endpoint is to get, when it is older", { to: 1 }, {}],
    ["what lasts longer than the newer one", { expiresAt: 20 }, { expiresAt: 10 }],
    ["what lasts for ever, for something that does not", {}, { expiresAt: 10 }],
  ];
  for (const [what, older, newer] of APART) {
    test(`note() passes over nothing of ${what}`, () => {
      const { come, ready, lane } = setup();
      come(1, older);
      come(2, newer);
      assert.equal(
        isSuperseded(
          lane.newest,
          lane.route.endpoint.config.latestOnlyBy,
          eventAt(1, { subject: "a", ...older }),
        ),
        false,
      );
      assert.deepEqual(ready(), [1, 2]);
    });
  }

  test("note() leaves what is in flight, and it is superseded when it would go again", () => {
    const { come, lane, changes } = setup();
    come(1);
    lane.ready.take(1);
    come(2);
    assert.deepEqual(changes, []);
    assert.equal(
      isSuperseded(lane.newest, lane.route.endpoint.config.latestOnlyBy, eventAt(1, { subject: "a" })),
      true,
    );
    assert.equal(
      isSuperseded(lane.newest, lane.route.endpoint.config.latestOnlyBy, eventAt(2, { subject: "a" })),
      false,
    );
  });

  test("note() leaves the head of a held lane that was tried", () => {
    const { come, lane, ready } = setup();
    come(1);
    lane.hold = HOLD;
    come(2);
    assert.deepEqual(ready(), [1, 2]);
  });

  test("note() counts what is not recorded yet as not settled, and as taking up room", () => {
    const { come, lane, changes, contribute, readyCalls } = setup();
    come(1);
    come(2);
    assert.equal(settledBelow(lane), 1);
    assert.equal(lineLength(lane), 2);
    contribute();
    changes.forEach((change) => change.applied());
    assert.equal(settledBelow(lane), 2);
    assert.equal(lineLength(lane), 1);
    assert.equal(readyCalls(), 1);
  });

  test("note() lets nothing go past what it passed over before that is durable, where order matters", () => {
    const { lane, come, contribute, changes } = setup({ discipline: "ordered" });
    const takeOne = () => {
      const turn = take(lane, 0, DEFAULT_LIMITS);
      return turn !== undefined && "offsets" in turn ? turn.offsets : undefined;
    };
    come(1);
    come(2, { subject: "b" });
    come(3);
    assert.equal(takeOne(), undefined);
    // The head stays, so that it goes with the next flush.
    come(4, { subject: "b" });
    contribute();
    changes.forEach((change) => change.applied());
    assert.deepEqual(takeOne(), [2]);
  });

  test("note() gathers what waits for a flush in one change, and begins another after it", () => {
    const { come, changes, contribute } = setup();
    [1, 2, 3].forEach((offset) => come(offset));
    assert.equal(changes.length, 1);
    contribute();
    come(4);
    assert.equal(changes.length, 2);
  });

  test("note() records nothing of what was abandoned meanwhile", () => {
    const { come, lane, contribute } = setup();
    come(1);
    come(2);
    lane.superseded.clear();
    assert.deepEqual(contribute().gaps, []);
  });

  test("note() forgets the key that it heard of longest ago", () => {
    const { come, lane } = setup({ keysMax: 2 });
    come(1);
    come(2, { subject: "b" });
    come(3);
    come(4, { subject: "c" });
    assert.deepEqual(
      [...lane.newest.values()].map(({ offset }) => offset),
      [3, 4],
    );
  });
});

describe("forgetNewest()", () => {
  test("forgetNewest() lets what is cancelled supersede nothing", () => {
    const { come, lane } = setup();
    come(1);
    lane.ready.take(1);
    come(2);
    dropReady(lane, 2, 2);
    assert.equal(
      isSuperseded(lane.newest, lane.route.endpoint.config.latestOnlyBy, eventAt(1, { subject: "a" })),
      false,
    );
  });
});
