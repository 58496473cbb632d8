import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { emptyFacts, type Facts } from "../facts.ts";
import type { LaneRow } from "../model/delivery.ts";
import { type Store, StoreRefusal } from "../store.ts";
import { createManualClock } from "./engine-fixture.ts";
import { createFlusher } from "./flusher.ts";

type Answer = "flushed" | "fenced" | Error;

/** A flusher over a store that answers when it is told to. */
function setup() {
  const clock = createManualClock();
  const flushes: Facts[] = [];
  const answers: ((answer: Answer) => void)[] = [];
  const seen: string[] = [];
  const rows = new Map<number, LaneRow>();
  const store = {
    flush: (_lease: unknown, facts: Facts) =>
      new Promise((resolve, reject) => {
        flushes.push(structuredClone(facts));
        answers.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
      }),
  } as unknown as Store;
  const flusher = createFlusher({
    store,
    clock,
    lease: { id: 0, epoch: 1 },
    lingeringMax: 3,
    checkpoint(facts) {
      facts.checkpoint = 99;
      return () => seen.push("checkpointed");
    },
    position: () => ({ checkpoint: 7, changesApplied: 3 }),
    onWritten: () => {},
    onLaneRefused(endpoint) {
      seen.push(`stopped ${endpoint}`);
      return rows.get(endpoint);
    },
    onRefused: () => seen.push("lease stopped"),
    onFlushed: () => seen.push("flushed"),
    onFenced: () => seen.push("fenced"),
    onFailed: () => seen.push("failed"),
  });
  return {
    flusher,
    flushes,
    seen,
    rows,
    clock,
    add: (endpoint: number, mayLinger = false) =>
      flusher.add({
        endpoint,
        mayLinger,
        contribute: (facts) => facts.releasedLanes.push(endpoint),
        applied: () => seen.push(`applied ${endpoint}`),
        failed: () => seen.push(`failed ${endpoint}`),
      }),
    async answer(answer: Answer) {
      const next = answers.shift();
      assert.ok(next, "a flush waits for its answer");
      next(answer);
      await new Promise(setImmediate);
    },
    /** Answers every flush: those that say something of an endpoint at fault are refused. */
    async refuse(atFault: readonly number[]) {
      for (let next = answers.shift(); next !== undefined; next = answers.shift()) {
        const { releasedLanes, lanes } = flushes.at(-1) ?? emptyFacts(0, 0);
        const told = [...releasedLanes, ...lanes.map(({ endpoint }) => endpoint)];
        next(told.some((endpoint) => atFault.includes(endpoint)) ? new StoreRefusal(new Error()) : "flushed");
        await new Promise(setImmediate);
      }
    },
  };
}

function toldOf(flushes: readonly Facts[]): readonly (readonly number[])[] {
  return flushes.map(({ releasedLanes }) => releasedLanes);
}

describe("createFlusher()", () => {
  test("add() writes what came during a flush in the next one, in order", async () => {
    const { add, answer, flushes, seen } = setup();
    add(1);
    add(2);
    add(3);
    assert.deepEqual(
      flushes.map(({ releasedLanes }) => releasedLanes),
      [[1]],
    );
    await answer("flushed");
    await answer("flushed");

    assert.deepEqual(
      flushes.map(({ releasedLanes }) => releasedLanes),
      [[1], [2, 3]],
    );
    assert.deepEqual(
      seen.filter((what) => what.startsWith("applied")),
      ["applied 1", "applied 2", "applied 3"],
    );
  });

  test("add() lets nothing take effect before it is durable", async () => {
    const { add, answer, flusher, seen } = setup();
    add(1);
    assert.deepEqual(seen, []);
    assert.equal(flusher.waiting, 1);
    await answer("flushed");

    assert.deepEqual(seen, ["checkpointed", "applied 1", "flushed"]);
    assert.equal(flusher.waiting, 0);
  });

  test("add() lets what may linger wait for a moment, and what comes meanwhile goes with it", async () => {
    const { add, answer, clock, flushes } = setup();
    add(1, true);
    assert.deepEqual(flushes, []);
    clock.pass(4);
    add(2, true);
    assert.deepEqual(flushes, []);
    clock.pass(1);
    await answer("flushed");

    assert.deepEqual(toldOf(flushes), [[1, 2]]);
    clock.pass(1000);
    assert.equal(flushes.length, 1);
  });

  test("add() writes what lingers with what does not, in order", async () => {
    const { add, answer, flushes } = setup();
    add(1, true);
    add(2);
    await answer("flushed");

    assert.deepEqual(toldOf(flushes), [[1, 2]]);
  });

  test("add() lets no more than so much linger, whatever is being written", async () => {
    const { add, answer, flushes } = setup();
    [1, 2, 3].forEach((endpoint) => add(endpoint, true));
    assert.deepEqual(toldOf(flushes), [[1, 2, 3]]);
    [4, 5, 6].forEach((endpoint) => add(endpoint, true));
    await answer("flushed");
    assert.deepEqual(toldOf(flushes), [
      [1, 2, 3],
      [4, 5, 6],
    ]);
    await answer("flushed");
    add(7, true);
    assert.equal(flushes.length, 2);
  });

  test("what came to linger during a flush lingers after it", async () => {
    const { add, answer, clock, flushes } = setup();
    add(1);
    add(2, true);
    await answer("flushed");
    assert.deepEqual(toldOf(flushes), [[1]]);
    clock.pass(5);

    assert.deepEqual(toldOf(flushes), [[1], [2]]);
  });

  test("join() writes what lingers, and nothing where nothing does", async () => {
    const { add, answer, flusher, flushes } = setup();
    flusher.join();
    assert.deepEqual(flushes, []);
    add(1, true);
    flusher.join();
    flusher.join();
    await answer("flushed");

    assert.deepEqual(toldOf(flushes), [[1]]);
  });

  test("drained() does not wait for what lingers", async () => {
    const { add, answer, flusher, flushes } = setup();
    add(1, true);
    const drained = flusher.drained();
    assert.deepEqual(toldOf(flushes), [[1]]);
    await answer("flushed");
    await drained;
  });

  test("a flush that fails is written again, with the same facts, until it is stored", async () => {
    const { add, answer, clock, flushes, seen } = setup();
    add(1);
    for (let failures = 1; failures <= 3; failures += 1) {
      await answer(new Error("disk full"));
      add(1 + failures);
      clock.pass(500);
      await new Promise(setImmediate);
      assert.equal(flushes.length, 1 + failures);
      assert.deepEqual(flushes[failures], flushes[0]);
    }
    await answer("flushed");

    assert.deepEqual(seen.slice(0, 5), ["failed", "failed", "failed", "checkpointed", "applied 1"]);
  });

  test("a flush is counted once, however often it is written", async () => {
    const { add, answer, clock, flushes } = setup();
    add(1);
    await answer(new Error("disk full"));
    clock.pass(500);
    await new Promise(setImmediate);
    await answer("flushed");
    add(2);
    await answer("flushed");

    assert.deepEqual(
      flushes.map(({ flush }) => flush),
      [1, 1, 2],
    );
  });

  test("isFailing from a failure on, until something is stored or refused", async () => {
    const { add, answer, clock, flusher, refuse } = setup();
    add(1);
    assert.equal(flusher.isFailing, false);
    await answer(new Error("disk full"));
    assert.equal(flusher.isFailing, true);
    clock.pass(500);
    await new Promise(setImmediate);
    await answer("flushed");
    assert.equal(flusher.isFailing, false);

    add(2);
    await answer(new Error("disk full"));
    clock.pass(500);
    await new Promise(setImmediate);
    await refuse([2]);
    assert.equal(flusher.isFailing, false);
  });

  test("a fenced flusher stops: nothing takes effect, nothing more is written", async () => {
    const { add, answer, flushes, seen } = setup();
    add(1);
    await answer("fenced");
    add(2);

    assert.deepEqual(seen, ["failed 1", "fenced", "failed 2"]);
    assert.equal(flushes.length, 1);
  });

  test("a refused flush is stored but for the lane at fault, which stops, and not tried again", async () => {
    const { add, answer, flushes, refuse, seen } = setup();
    add(0);
    [1, 2, 3, 4, 5].forEach((endpoint) => add(endpoint));
    await answer("flushed");
    seen.length = 0;
    await refuse([4]);

    const applied = [1, 2, 3, 5].map((endpoint) => `applied ${endpoint}`);
    assert.deepEqual(seen, [...applied.slice(0, 3), "failed 4", ...applied.slice(3), "stopped 4", "flushed"]);
    const alone = flushes.filter(({ releasedLanes }) => releasedLanes.join() === "4");
    assert.equal(alone.length, 1);
    // What is stored in parts does not move the checkpoint: not all of it is stored.
    assert.deepEqual(new Set(flushes.slice(2).map(({ checkpoint }) => checkpoint)), new Set([7]));
  });

  test("flushes counts what took effect, also where a part of it was refused", async () => {
    const { add, answer, flusher, refuse } = setup();
    add(1);
    await answer("flushed");
    assert.equal(flusher.flushes, 1);
    add(2);
    add(3);
    await refuse([3]);
    assert.equal(flusher.flushes, 3);
  });

  test("a lane at fault keeps its place by a row, if the store takes that", async () => {
    const { add, flushes, refuse, rows } = setup();
    const row = { endpoint: 9, position: 7, hold: undefined, batch: undefined };
    rows.set(1, row);
    add(1);
    await refuse([1]);

    assert.deepEqual(flushes.at(-1)?.lanes, [row]);
  });

  test("what lingers is written though its moment was over while a lane at fault got its row", async () => {
    const { add, answer, clock, flushes, rows } = setup();
    rows.set(1, { endpoint: 9, position: 7, hold: undefined, batch: undefined });
    add(1);
    for (let last = flushes.at(-1); last?.lanes.length === 0; last = flushes.at(-1)) {
      await answer(last.releasedLanes.includes(1) ? new StoreRefusal(new Error()) : "flushed");
    }
    add(2, true);
    clock.pass(5);
    await answer("flushed");
    await answer("flushed");

    assert.deepEqual(toldOf(flushes).at(-1), [2]);
  });

  test("a flush that is refused though no lane is to blame stops the lease", async () => {
    const { add, answer, flushes, seen } = setup();
    add(1);
    await answer(new StoreRefusal(new Error("a checkpoint that cannot be")));
    await answer("flushed");
    await answer("flushed");
    add(2);

    assert.deepEqual(seen, ["failed 1", "lease stopped", "failed 2"]);
    assert.equal(flushes.length, 3);
  });

  test("a store that refuses even nothing stops the lease, and no lane", async () => {
    const { add, answer, seen } = setup();
    add(1);
    await answer(new StoreRefusal(new Error("no such lease")));
    await answer(new StoreRefusal(new Error("no such lease")));

    assert.deepEqual(seen, ["failed 1", "lease stopped"]);
  });

  test("touch() writes the checkpoint although nothing else waits", async () => {
    const { answer, flusher, flushes } = setup();
    flusher.touch();
    await answer("flushed");

    assert.deepEqual(
      flushes.map(({ checkpoint, changesApplied }) => [checkpoint, changesApplied]),
      [[99, 3]],
    );
  });

  test("the checkpoint goes only with all the changes that wait", async () => {
    const { add, answer, flushes } = setup();
    add(0);
    for (let endpoint = 1; endpoint <= 10_000; endpoint += 1) {
      add(endpoint);
    }
    await answer("flushed");
    await answer("flushed");
    await answer("flushed");

    assert.deepEqual(
      flushes.map(({ checkpoint, releasedLanes }) => [checkpoint, releasedLanes.length]),
      [
        [99, 1],
        [7, 8192],
        [99, 1808],
      ],
    );
  });

  test("drained() resolves when everything is stored", async () => {
    const { add, answer, flusher, seen } = setup();
    add(1);
    const drained = flusher.drained().then(() => seen.push("drained"));
    add(2);
    await answer("flushed");
    assert.equal(seen.includes("drained"), false);
    await answer("flushed");
    await drained;

    assert.equal(seen.at(-1), "drained");
  });

  test("drained() resolves when nothing more will be written", async () => {
    const { add, answer, flusher } = setup();
    add(1);
    const drained = flusher.drained();
    await answer("fenced");

    await drained;
    await flusher.drained();
  });

  test("stop() gives up a flush that goes on failing", async () => {
    const { add, answer, clock, flusher, flushes, seen } = setup();
    add(1);
    await answer(new Error("disk full"));
    flusher.stop();
    clock.pass(5000);
    await new Promise(setImmediate);

    assert.equal(flushes.length, 1);
    assert.deepEqual(seen, ["failed", "failed 1"]);
  });
});
