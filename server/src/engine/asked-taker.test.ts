import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Answered, emptyFacts } from "../facts.ts";
import { createAskedTaker } from "./asked-taker.ts";
import { type Asking, textOfAsking } from "./asking.ts";
import type { Change, Flusher } from "./flusher.ts";

/** A taker whose flushes are written by hand. */
function setup(changes: number) {
  const waiting: Change[] = [];
  const flusher: Flusher = {
    add: (change) => void waiting.push(change),
    waiting: 0,
    isFailing: false,
    flushes: 0,
    join: () => undefined,
    touch: () => undefined,
    drained: async () => undefined,
    stop: () => undefined,
  };
  const done: Asking[] = [];
  const faults: unknown[] = [];
  const what = textOfAsking({ kind: "replay", delivery: { tenant: 1, endpoint: 2, offset: 3 } });
  const taker = createAskedTaker({
    lease: 0,
    sharing: { readAsked: async () => [{ number: 7, what }] },
    flusher,
    async carryOut(asking, through) {
      done.push(asking);
      for (let left = changes; left > 0; left -= 1) {
        await new Promise<void>((applied, failed) =>
          through.add({ endpoint: 2, contribute: () => undefined, applied, failed }),
        );
      }
      return "done";
    },
    onFailed: (error) => faults.push(error),
  });
  const flush = async (): Promise<readonly Answered[]> => {
    const facts = emptyFacts(0, 0);
    const all = waiting.splice(0);
    all.forEach((change) => change.contribute(facts));
    all.forEach((change) => change.applied());
    await new Promise((resolve) => setImmediate(resolve));
    return facts.answered;
  };
  return { taker, done, faults, flush, waiting };
}

describe("createAskedTaker()", () => {
  test("notes with what a command changes that it is done, and answers after that", async () => {
    const { taker, flush } = setup(1);
    await taker.look();

    assert.deepEqual(await flush(), [{ asked: 7, answer: undefined }]);
    assert.deepEqual(await flush(), [{ asked: 7, answer: '"done"' }]);
    assert.deepEqual(await flush(), []);
  });

  test("answers what changes nothing", async () => {
    const { taker, flush } = setup(0);
    await taker.look();

    assert.deepEqual(await flush(), [{ asked: 7, answer: '"done"' }]);
  });

  test("does once what it finds again before it is durable", async () => {
    const { taker, done, flush } = setup(1);
    await taker.look();
    await taker.look();
    await flush();
    await taker.look();

    assert.equal(done.length, 1);
  });

  test("does again what could not be stored", async () => {
    const { taker, done, faults, waiting } = setup(1);
    await taker.look();
    waiting.splice(0).forEach((change) => change.failed?.(new Error("the lease is lost")));
    await new Promise((resolve) => setImmediate(resolve));
    await taker.look();

    assert.deepEqual([done.length, faults.length], [2, 1]);
  });
});
