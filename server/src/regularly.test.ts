import assert from "node:assert/strict";
import { test } from "node:test";
import { createManualClock } from "./engine/engine-fixture.ts";
import { regularly } from "./regularly.ts";

const EVERY_MS = 1000;

function setUp() {
  const clock = createManualClock();
  const ends: PromiseWithResolvers<void>[] = [];
  const failed: unknown[] = [];
  const regular = regularly(clock, EVERY_MS, {
    async run() {
      const end = Promise.withResolvers<void>();
      ends.push(end);
      await end.promise;
    },
    onFailed: (error) => failed.push(error),
  });
  const pass = async () => {
    clock.pass(EVERY_MS);
    await new Promise(setImmediate);
  };
  return { regular, ends, failed, pass };
}

test("regularly() waits before each time, the first too, until the one before has ended", async () => {
  const { regular, ends, pass } = setUp();
  regular.start();
  regular.start();
  assert.equal(ends.length, 0);
  await pass();
  await pass();
  assert.equal(ends.length, 1);
  ends[0]?.resolve();
  await new Promise(setImmediate);
  assert.equal(ends.length, 1);
  await pass();
  assert.equal(ends.length, 2);
});

test("regularly() tells what failed, and goes on", async () => {
  const { regular, ends, failed, pass } = setUp();
  const error = new Error("the database is gone");
  regular.start();
  await pass();
  ends[0]?.reject(error);
  await new Promise(setImmediate);
  await pass();
  assert.deepEqual([failed, ends.length], [[error], 2]);
});

test("regularly() stays stopped, also where it is at work", async () => {
  const { regular, ends, pass } = setUp();
  regular.start();
  await pass();
  regular.stop();
  assert.equal(regular.isStopped, true);
  ends[0]?.resolve();
  await new Promise(setImmediate);
  await pass();
  assert.equal(ends.length, 1);
});
