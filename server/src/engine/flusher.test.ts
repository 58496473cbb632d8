import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Facts, Store } from "../store.ts";
import { createManualClock } from "./engine-fixture.ts";
import { createFlusher } from "./flusher.ts";

type Answer = "flushed" | "fenced" | Error;

/** A flusher over a store that answers when it is told to. */
function setup() {
  const clock = createManualClock();
  const flushes: Facts[] = [];
  const answers: ((answer: Answer) => void)[] = [];
  const seen: string[] = [];
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
    checkpoint(facts) {
      facts.checkpoint = 99;
      return () => seen.push("checkpointed");
    },
    position: () => ({ checkpoint: 7, changesApplied: 3 }),
    onFlushed: () => seen.push("flushed"),
    onFenced: () => seen.push("fenced"),
    onFailed: () => seen.push("failed"),
  });
  return {
    flusher,
    flushes,
    seen,
    clock,
    add: (endpoint: number) =>
      flusher.add({
        contribute: (facts) => facts.releasedLanes.push(endpoint),
        applied: () => seen.push(`applied ${endpoint}`),
      }),
    async answer(answer: Answer) {
      const next = answers.shift();
      assert.ok(next, "a flush waits for its answer");
      next(answer);
      await new Promise(setImmediate);
    },
  };
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

  test("a fenced flusher stops: nothing takes effect, nothing more is written", async () => {
    const { add, answer, flushes, seen } = setup();
    add(1);
    await answer("fenced");
    add(2);

    assert.deepEqual(seen, ["fenced"]);
    assert.equal(flushes.length, 1);
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

  test("stop() gives up a flush that goes on failing", async () => {
    const { add, answer, clock, flusher, flushes } = setup();
    add(1);
    await answer(new Error("disk full"));
    flusher.stop();
    clock.pass(5000);
    await new Promise(setImmediate);

    assert.equal(flushes.length, 1);
  });
});
