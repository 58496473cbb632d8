import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type DirectoryBlock, emptyFacts } from "../facts.ts";
import type { StoredEvent } from "../model/event.ts";
import type { LogQuery, Store } from "../store.ts";
import { createManualClock, eventAt, takenLease } from "./engine-fixture.ts";
import type { Change } from "./flusher.ts";
import type { Routed } from "./follower.ts";
import { createIndexer } from "./indexer.ts";
import { createLeaseState } from "./lease-state.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { createPayloads } from "./payloads.ts";
import { startEngine } from "./running-engine.test.ts";

/** An owner of a log of events at the offsets 1 to `head`, whose directory has blocks of three. */
function setup({ directoryTo = 0, checkpoint = 0, head = 100 } = {}) {
  const clock = createManualClock();
  const lease = takenLease({ checkpoint, directoryTo });
  const state = createLeaseState(lease, 0);
  const payloads = createPayloads(1_000_000);
  const queries: LogQuery[] = [];
  const changes: Change[] = [];
  const faults: unknown[] = [];
  let beforeAnswer = async (): Promise<void> => {};
  const eventIn = (offset: number): StoredEvent => ({ ...eventAt(offset), subject: `s${offset}` });
  const eventsIn = (after: number, to: number) =>
    Array.from({ length: to - after }, (_, index) => eventIn(after + 1 + index));
  const store = {
    async readLog(query: LogQuery) {
      queries.push(query);
      const to = Math.min(query.to, query.after + query.limit, head);
      const page = { events: eventsIn(query.after, to), scannedTo: to === head ? query.to : to };
      await beforeAnswer();
      return page;
    },
  } as unknown as Store;
  const indexer = createIndexer(state, {
    store,
    clock,
    limits: { ...DEFAULT_LIMITS, directoryBlockEvents: 3, pageEventsMax: 4 },
    flusher: { add: (change) => changes.push(change) },
    payloads,
    onFailed: (error) => faults.push(error),
  });
  return {
    clock,
    payloads,
    indexer,
    queries,
    faults,
    route(after: number, to: number, change: Partial<Routed> = {}) {
      state.routedTo = to;
      indexer.noteRouted({ after, to, events: eventsIn(after, to), seen: undefined, ...change });
    },
    before(answer: () => Promise<void>) {
      beforeAnswer = answer;
    },
    /** The blocks to be stored so far, as the next flush has them. */
    blocks() {
      const facts = emptyFacts(0, 0);
      changes.forEach((change) => change.contribute(facts));
      return facts.directory.map(({ after, to, events }) => ({
        after,
        to,
        subjects: events.map(({ subject }) => subject).join(" "),
      }));
    },
    async settle() {
      for (let round = 0; round < 20; round += 1) {
        await new Promise(setImmediate);
        clock.pass(0);
      }
    },
  };
}

describe("createIndexer()", () => {
  test("stores a block whenever so many events were routed, and reads none of them", () => {
    const { blocks, queries, route } = setup();
    route(0, 2);
    route(2, 7);

    assert.deepEqual(blocks(), [
      { after: 0, to: 3, subjects: "s1 s2 s3" },
      { after: 3, to: 6, subjects: "s4 s5 s6" },
    ]);
    assert.equal(queries.length, 0);
  });

  test("goes over what is no event: a change of an endpoint has an offset, too", () => {
    const { blocks, queries, route } = setup();
    route(0, 2);
    route(2, 3, { events: [] });
    route(3, 5);

    assert.deepEqual(blocks(), [{ after: 0, to: 4, subjects: "s1 s2 s4" }]);
    assert.equal(queries.length, 0);
  });

  test("passes over what the directory has from before, when it is routed again", () => {
    const { blocks, route } = setup({ directoryTo: 6, checkpoint: 2 });
    route(2, 10);

    assert.deepEqual(blocks(), [{ after: 6, to: 9, subjects: "s7 s8 s9" }]);
  });

  test("reads from where the directory ends what was routed by the owner before", async () => {
    const { blocks, queries, route, settle } = setup({ directoryTo: 1, checkpoint: 8 });
    route(8, 9);
    route(9, 10);
    await settle();
    route(10, 13);

    assert.deepEqual(
      blocks().map(({ after, to }) => [after, to]),
      [
        [1, 4],
        [4, 7],
        [7, 10],
        [10, 13],
      ],
    );
    assert.deepEqual(
      queries.map(({ after }) => after),
      [1, 5, 9],
    );
  });

  test("reads again after a failure, and tells of it", async () => {
    const { before, blocks, clock, faults, route, settle } = setup({ checkpoint: 6 });
    before(() => Promise.reject(new Error("disk")));
    route(6, 7);
    await settle();
    before(async () => {});
    route(7, 8);
    assert.equal(faults.length, 1);
    clock.pass(500);
    await settle();
    route(8, 9);
    await settle();

    assert.deepEqual(
      blocks().map(({ to }) => to),
      [3, 6, 9],
    );
  });

  test("forgets the subjects of what is erased, in blocks that wait and in the next", () => {
    const { blocks, indexer, route } = setup();
    route(0, 4);
    indexer.forget([2, 4]);
    route(4, 6);

    assert.deepEqual(
      blocks().map(({ subjects }) => subjects),
      ["s1  s3", " s5 s6"],
    );
  });

  test("believes nothing that was read before an erasure: it reads it again", async () => {
    const { before, blocks, payloads, queries, route, settle } = setup({ head: 3 });
    const seen = payloads.forgettings;
    payloads.forget([2], 2);
    before(async () => {
      before(async () => {});
      payloads.forget([1], 2);
    });
    route(0, 3, { seen });
    await settle();

    assert.deepEqual(
      queries.map(({ after }) => after),
      [0, 0],
    );
    assert.equal(blocks().length, 1);
  });

  test("the subject of what is erased comes into no block that is stored later", async () => {
    const stored: DirectoryBlock[] = [];
    const { accept, engine, settle, store } = await startEngine({
      limits: { directoryBlockEvents: 3 },
      wrap: (inner) => ({
        ...inner,
        async flush(lease, facts) {
          stored.push(...structuredClone(facts.directory));
          return await inner.flush(lease, facts);
        },
      }),
    });
    const { data, type } = eventAt(1);
    const about = (subject: string) => ({
      event: {
        data,
        type,
        subject,
        occurredAt: undefined,
        expiresAt: undefined,
        to: undefined,
        extensions: undefined,
      },
      key: undefined,
    });
    const events = [about("anna"), about("björn")];
    await engine.accept(0, { tenant: 1, events, key: undefined, keysExpireAt: 0 });
    await store.requestErasure({ tenant: 1, what: { subject: "anna" } });
    await Promise.all([engine.erase(0, 1), settle()]);
    await accept(1);

    assert.deepEqual(
      stored.flatMap((block) => block.events.map(({ subject }) => subject)),
      [undefined, "björn", undefined],
    );
  });
});
