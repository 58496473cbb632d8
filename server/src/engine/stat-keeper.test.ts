import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { emptyFacts, type FactsDraft } from "../facts.ts";
import { type Attempt, LIVE } from "../model/delivery.ts";
import { offsetAt } from "../model/offset.ts";
import { ALL_TENANTS, bucketOf, HOUR_SECONDS, MINUTE_SECONDS, type StatRow } from "../model/stat.ts";
import { createManualClock, eventAt, routeOf, TENANT, takenLease } from "./engine-fixture.ts";
import { createLeaseState, laneFor } from "./lease-state.ts";
import { createStatKeeper } from "./stat-keeper.ts";

/** 2026-01-02T03:04:05.006Z */
const START = 1_767_323_045_006;
const MINUTE = Date.UTC(2026, 0, 2, 3, 4);
const OFFSET = offsetAt(START);

function setup({ countedTo = 0 } = {}) {
  const clock = createManualClock();
  const state = createLeaseState(takenLease({ countedTo }), 0);
  const lane = laneFor(state, routeOf("each"));
  let flushesAsked = 0;
  const keeper = createStatKeeper(state, {
    clock,
    onDue: () => {
      flushesAsked += 1;
    },
  });
  const attemptOf = (change: Partial<Attempt>): Attempt => ({
    endpoint: lane.endpoint,
    cursor: LIVE,
    offset: OFFSET,
    number: 1,
    startedAt: START + 10,
    durationMs: 30,
    connectedMs: undefined,
    headersMs: undefined,
    verdict: "delivered",
    reason: undefined,
    status: 200,
    detail: undefined,
    answer: undefined,
    payloadHash: undefined,
    batch: undefined,
    ...change,
  });
  return {
    clock,
    keeper,
    lane,
    attemptOf,
    flushesAsked: () => flushesAsked,
    route: (...offsets: readonly number[]) =>
      keeper.noteRouted({ to: offsets.at(-1) ?? 0, events: offsets.map((offset) => eventAt(offset)) }),
    /** A flush, and what it says was counted. */
    flush(given: Partial<FactsDraft> = {}) {
      const draft = { ...emptyFacts(0, 0), ...given };
      keeper.contribute(draft);
      return draft.stats;
    },
  };
}

function rowIn(rows: readonly StatRow[], tenant: number, seconds: number): StatRow["counts"] {
  const found = rows.filter((row) => row.tenant === tenant && row.seconds === seconds);
  assert.equal(found.length, 1);
  const [row] = found;
  assert.ok(row);
  return row.counts;
}

describe("createStatKeeper()", () => {
  test("contribute() adds nothing until it is time, asks for a flush then, and begins anew", () => {
    const { clock, route, flush, flushesAsked } = setup();
    route(OFFSET);
    assert.deepEqual(flush(), []);
    assert.equal(flushesAsked(), 0);
    clock.pass(5000);
    assert.equal(flushesAsked(), 1);
    const stats = flush();
    assert.equal(stats.length, 1);
    assert.equal(stats[0]?.countedTo, OFFSET);
    clock.pass(60_000);
    assert.equal(flushesAsked(), 1);
    assert.deepEqual(flush(), []);
  });

  test("contribute() says of the minute and the hour what was counted, of the tenant and of all", () => {
    const { keeper, route, flush, attemptOf } = setup();
    route(OFFSET, OFFSET + 1);
    keeper.hurry();
    const rows = flush({ attempts: [attemptOf({})] })[0]?.rows ?? [];
    assert.equal(rows.length, 4);
    for (const tenant of [TENANT.number, ALL_TENANTS]) {
      for (const seconds of [MINUTE_SECONDS, HOUR_SECONDS]) {
        const counts = rowIn(rows, tenant, seconds);
        assert.equal(counts.accepted, 2);
        assert.equal(counts.deliveredFirst, 1);
        assert.equal(counts.durations[bucketOf(40)], 1);
      }
    }
    assert.deepEqual([...new Set(rows.map(({ at }) => at))], [MINUTE, Date.UTC(2026, 0, 2, 3)]);
    assert.deepEqual(flush(), []);
  });

  test("noteRouted() counts no event twice that an owner before has counted", () => {
    const { keeper, route, flush } = setup({ countedTo: OFFSET + 1 });
    route(OFFSET, OFFSET + 1, OFFSET + 2);
    route(OFFSET + 1, OFFSET + 2);
    keeper.hurry();
    const [step] = flush();
    assert.equal(step?.countedTo, OFFSET + 2);
    assert.equal(rowIn(step.rows, TENANT.number, MINUTE_SECONDS).accepted, 1);
  });

  test("contribute() tells first tries, later ones, failures, replays and batches apart", () => {
    const { keeper, lane, attemptOf, flush } = setup();
    keeper.hurry();
    const [step] = flush({
      attempts: [
        attemptOf({ verdict: "retry" }),
        attemptOf({ offset: OFFSET + 1, number: 2 }),
        attemptOf({ offset: OFFSET + 2, verdict: "rejected" }),
        attemptOf({ offset: OFFSET + 3, cursor: 7 }),
        attemptOf({ offset: OFFSET + 4, batch: OFFSET + 5, durationMs: 0 }),
        attemptOf({ offset: OFFSET + 5, durationMs: 700 }),
        attemptOf({ offset: OFFSET + 6, endpoint: 99 }),
      ],
      deadLetters: [
        { endpoint: lane.endpoint, cursor: LIVE, offset: OFFSET, reason: "exhausted", at: START },
        { endpoint: lane.endpoint, cursor: 7, offset: OFFSET, reason: "exhausted", at: START },
      ],
    });
    const { durations, ...counts } = rowIn(step?.rows ?? [], TENANT.number, MINUTE_SECONDS);
    assert.deepEqual(counts, {
      accepted: 0,
      firstTried: 4,
      deliveredFirst: 2,
      deliveredLater: 1,
      replayed: 1,
      attempts: 5,
      attemptsFailed: 2,
      rejected: 1,
      dead: 1,
    });
    assert.equal(durations[bucketOf(40)], 1);
    assert.equal(durations[bucketOf(710)], 2);
  });

  test("asks for a flush where many minutes wait, and forgets what is beyond a limit", () => {
    const { route, flush, flushesAsked } = setup();
    const minutes = 20_001;
    for (let minute = 0; minute < minutes; minute += 1) {
      route(offsetAt(START + minute * 60_000));
    }
    assert.equal(flushesAsked(), 1);
    const rows = flush()[0]?.rows ?? [];
    const ofTenant = rows.filter(
      ({ tenant, seconds }) => tenant !== ALL_TENANTS && seconds === MINUTE_SECONDS,
    );
    assert.equal(ofTenant.length, minutes - 1);
  });
});
