import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ATTEMPT_DETAIL_MAX } from "../../model/delivery.ts";
import { StoreRefusal } from "../../store.ts";
import {
  bytesOf,
  endpointDraft,
  factsOf,
  sampleAttempt,
  sampleDeadLetter,
  sampleGap,
  sampleLane,
  sampleRetry,
} from "./samples.ts";
import { createEndpoint, type Open, START, setUp } from "./setup.ts";
import { snapshotOf } from "./snapshot.ts";

const HOLD = { since: START, until: START + 1000, reason: "status_503", rounds: 3, requests: 2 };
const BATCH = { offsets: [900, 950], requests: 2, used: 1, dueAt: START + 1000, reason: "status_500" };

/** One of everything a flush writes. */
const FACTS = factsOf({
  checkpoint: 500,
  changesApplied: 1,
  attempts: [
    sampleAttempt(),
    sampleAttempt({
      offset: 1001,
      connectedMs: 3.5,
      headersMs: 9,
      verdict: "retry",
      reason: "status_503",
      status: 503,
      answer: bytesOf("busy"),
      payloadHash: new Uint8Array(16).fill(5),
      detail: "x".repeat(ATTEMPT_DETAIL_MAX),
      batch: 1002,
    }),
  ],
  retries: [sampleRetry({ offset: 1001 }), sampleRetry({ offset: 1002 })],
  endedRetries: [{ endpoint: 1, cursor: 0, offset: 1002 }],
  deadLetters: [sampleDeadLetter({ offset: 1003 })],
  gaps: [sampleGap({ from: 1004, to: 1006 })],
  lanes: [sampleLane({ endpoint: 2, hold: HOLD }), sampleLane({ endpoint: 3, batch: BATCH })],
  releasedLanes: [4],
  replays: [{ number: 1, endpoint: 1, from: 1, to: 1000, changes: 0, createdAt: START }],
  abandoned: [{ endpoint: 5, from: 10, to: 20, replaysBefore: 0, reason: "cancelled", at: START }],
  disabled: [{ endpoint: 1, reason: "status_410" }],
  failing: [
    { endpoint: 2, since: START },
    { endpoint: 3, since: START },
    { endpoint: 3, since: undefined },
  ],
  toldHolds: [
    { endpoint: 1, since: START },
    { endpoint: 1, since: undefined },
    { endpoint: 2, since: START },
  ],
});
const OFFSETS = [15, 1000, 1001, 1002, 1003, 1004];

/** Writing facts: fenced, and the same twice as once. */
export function describeFlush(open: Open): void {
  describe("takeLease()", () => {
    test("begins with nothing, and grows the epoch each time", async (t) => {
      const { stores, lease } = await setUp(open, t);

      assert.deepEqual(lease, {
        id: 0,
        epoch: lease.epoch,
        checkpoint: 0,
        changesApplied: 0,
        replays: 0,
        directoryTo: 0,
        countedTo: 0,
        leaseMs: lease.leaseMs,
      });
      assert.equal((await stores.takeLease(0)).epoch, lease.epoch + 1);
      assert.deepEqual(stores.leases(), [0]);
      assert.equal(stores.leaseOf(63), 0);
    });

    test("gives what the last owner flushed, and the greatest replay number", async (t) => {
      const { stores, lease } = await setUp(open, t);
      const replays = [3, 7, 5].map((number) => ({
        number,
        endpoint: 1,
        from: 1,
        to: 2,
        changes: 0,
        createdAt: START,
      }));
      await stores.flush(lease, factsOf({ checkpoint: 500, changesApplied: 4, replays }));

      const taken = await stores.takeLease(0);

      assert.deepEqual(taken, { ...taken, checkpoint: 500, changesApplied: 4, replays: 7 });
    });

    test("refuses a lease that there is not", async (t) => {
      const { stores } = await setUp(open, t);

      await assert.rejects(stores.takeLease(1), /got 1$/);
    });
  });

  describe("renewLease()", () => {
    test("holds the lease for whoever took it last, and for nobody before", async (t) => {
      const { stores, lease } = await setUp(open, t);

      assert.equal(await stores.renewLease(lease), "renewed");
      const next = await stores.takeLease(0);

      assert.equal(await stores.renewLease(lease), "fenced");
      assert.equal(await stores.renewLease(next), "renewed");
      await stores.releaseLease(next);
      assert.equal((await stores.takeLease(0)).epoch, next.epoch + 1);
    });
  });

  describe("flush()", () => {
    describeFencing(open);
    describeWriting(open);
    describeRows(open);
  });
}

function describeFencing(open: Open): void {
  test("changes nothing under an old epoch (invariant 7)", async (t) => {
    const { stores, lease, tenant } = await setUp(open, t);
    await createEndpoint(stores, endpointDraft(tenant.number));
    await stores.takeLease(0);
    const before = await snapshotOf(stores, OFFSETS);

    assert.equal(await stores.flush(lease, FACTS), "fenced");

    assert.deepEqual(await snapshotOf(stores, OFFSETS), before);
    assert.equal((await stores.takeLease(0)).checkpoint, 0);
  });

  test("changes nothing under an epoch that nobody was given", async (t) => {
    const { stores, lease } = await setUp(open, t);

    assert.equal(await stores.flush({ ...lease, epoch: lease.epoch + 1 }, FACTS), "fenced");
    assert.deepEqual(await stores.readLanes(0), []);
  });

  test("never moves checkpoint and changes back", async (t) => {
    const { stores, lease } = await setUp(open, t);

    await stores.flush(lease, factsOf({ checkpoint: 500, changesApplied: 4 }));
    await stores.flush(lease, factsOf({ checkpoint: 400, changesApplied: 3 }));

    const taken = await stores.takeLease(0);
    assert.deepEqual([taken.checkpoint, taken.changesApplied], [500, 4]);
  });
}

function describeWriting(open: Open): void {
  test("writes every fact", async (t) => {
    const { stores, lease, tenant } = await setUp(open, t);
    await createEndpoint(stores, endpointDraft(tenant.number));

    assert.equal(await stores.flush(lease, FACTS), "flushed");

    const { gaps, ...facts } = await stores.readFacts({ tenant: 1, offsets: OFFSETS });
    assert.deepEqual(facts, {
      attempts: FACTS.attempts,
      retries: [sampleRetry({ offset: 1001 })],
      deadLetters: FACTS.deadLetters,
    });
    assert.deepEqual(
      gaps.map(({ endpoint, from, to, reason }) => [endpoint, from, to, reason]),
      [
        [1, 1004, 1006, "skipped"],
        [5, 10, 20, "cancelled"],
      ],
    );
    assert.deepEqual(await stores.readLanes(0), FACTS.lanes);
    assert.equal((await stores.readEndpoint(1))?.versions.at(-1)?.state, "disabled");
    assert.deepEqual(await stores.readFailing(0), [{ endpoint: 2, since: START }]);
  });

  test("is the same twice as once", async (t) => {
    const { stores, lease, tenant } = await setUp(open, t);
    await createEndpoint(stores, endpointDraft(tenant.number));
    await stores.flush(lease, FACTS);
    const once = await snapshotOf(stores, OFFSETS);

    assert.equal(await stores.flush(lease, FACTS), "flushed");

    assert.deepEqual(await snapshotOf(stores, OFFSETS), once);
  });

  test("refuses a time with a fraction, and changes nothing", async (t) => {
    const { stores, lease } = await setUp(open, t);
    const before = await snapshotOf(stores, OFFSETS);

    await assert.rejects(
      stores.flush(lease, factsOf({ lanes: [sampleLane()], retries: [sampleRetry({ dueAt: START + 0.5 })] })),
      StoreRefusal,
    );

    assert.deepEqual(await snapshotOf(stores, OFFSETS), before);
  });

  test("writes what comes after it refused something", async (t) => {
    const { stores, lease } = await setUp(open, t);

    const [refused, written] = await Promise.allSettled([
      stores.flush(lease, factsOf({ lanes: [sampleLane({ position: 0.5 })] })),
      stores.flush(lease, factsOf({ lanes: [sampleLane()] })),
    ]);

    assert.deepEqual([refused.status, written.status], ["rejected", "fulfilled"]);
    assert.deepEqual(await stores.readLanes(0), [sampleLane()]);
  });
}

function describeRows(open: Open): void {
  test("keeps the first of two attempts with one number", async (t) => {
    const { stores, lease } = await setUp(open, t);

    await stores.flush(lease, factsOf({ attempts: [sampleAttempt()] }));
    await stores.flush(lease, factsOf({ attempts: [sampleAttempt({ verdict: "rejected" })] }));

    assert.deepEqual(await stores.readAttempts(0, { endpoint: 1, offset: 1000 }), [sampleAttempt()]);
  });

  test("writes retries, dead letters and lanes anew", async (t) => {
    const { stores, lease } = await setUp(open, t);
    const retry = sampleRetry({ requests: 2, used: 2, dueAt: START + 9000, reason: "refused" });
    const letter = sampleDeadLetter({ reason: "timeout", at: START + 1 });
    const lane = sampleLane({ position: 1200, batch: BATCH });

    await stores.flush(
      lease,
      factsOf({
        retries: [sampleRetry()],
        deadLetters: [sampleDeadLetter()],
        lanes: [sampleLane({ hold: HOLD })],
      }),
    );
    await stores.flush(lease, factsOf({ retries: [retry], deadLetters: [letter], lanes: [lane] }));

    const facts = await stores.readFacts({ tenant: 1, offsets: [1000] });
    assert.deepEqual([facts.retries, facts.deadLetters], [[retry], [letter]]);
    assert.deepEqual(await stores.readLanes(0), [lane]);
  });

  test("forgets ended retries and released lanes", async (t) => {
    const { stores, lease } = await setUp(open, t);
    const kept = sampleRetry({ cursor: 1 });
    await stores.flush(lease, factsOf({ retries: [sampleRetry(), kept], lanes: [sampleLane()] }));

    await stores.flush(lease, factsOf({ endedRetries: [sampleRetry()], releasedLanes: [1] }));

    assert.deepEqual(await stores.readRetries(0, undefined, 10), [kept]);
    assert.deepEqual(await stores.readLanes(0), []);
  });

  test("keeps which holds were told as it was said last, in the order of endpoints", async (t) => {
    const { stores, lease } = await setUp(open, t);
    const toldHolds = [
      { endpoint: 2, since: START },
      { endpoint: 1, since: START + 1 },
      { endpoint: 2, since: undefined },
      { endpoint: 2, since: START + 2 },
    ];

    await stores.flush(lease, factsOf({ toldHolds }));
    assert.deepEqual(await stores.readToldHolds(0), [toldHolds[1], toldHolds[3]]);

    await stores.flush(lease, factsOf({ toldHolds: [{ endpoint: 2, since: undefined }] }));
    assert.deepEqual(await stores.readToldHolds(0), [toldHolds[1]]);
  });

  test("keeps since when an endpoint fails as it was said last, until it does not", async (t) => {
    const { stores, lease } = await setUp(open, t);
    const sinceOf = async (endpoint: number) =>
      (await stores.readStoredLanes(1, [endpoint]))[0]?.failingSince;
    const failing = [
      { endpoint: 2, since: START },
      { endpoint: 1, since: START + 1 },
      { endpoint: 2, since: undefined },
      { endpoint: 2, since: START + 2 },
    ];

    await stores.flush(lease, factsOf({ failing }));

    assert.deepEqual(await stores.readFailing(0), [failing[1], failing[3]]);
    assert.deepEqual([await sinceOf(2), await sinceOf(3)], [START + 2, undefined]);

    await stores.flush(lease, factsOf({ failing: [{ endpoint: 2, since: undefined }] }));

    assert.deepEqual(await stores.readFailing(0), [failing[1]]);
    assert.equal(await sinceOf(2), undefined);
  });

  test("keeps one gap of an endpoint, reason and beginning, to the furthest end", async (t) => {
    const { stores, lease } = await setUp(open, t);
    const gap = (to: number, reason: "skipped" | "expired" = "skipped") =>
      sampleGap({ from: 1000, to, reason });

    await stores.flush(lease, factsOf({ gaps: [gap(1010), gap(1020), gap(1005), gap(1001, "expired")] }));

    const { gaps } = await stores.readFacts({ tenant: 1, offsets: [1000] });
    assert.deepEqual(gaps, [gap(1001, "expired"), gap(1020)]);
  });
}
