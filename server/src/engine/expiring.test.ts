import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DAY_MS } from "../model/duration.ts";
import { startEngine } from "./running-engine.test.ts";

/** An endpoint that answers 503 and is owed an event; events are kept for three days. */
async function setUp(discipline: "each" | "batched" | "ordered") {
  const running = await startEngine({ keepMs: 3 * DAY_MS });
  const endpoint = await running.addEndpoint(discipline);
  running.answer(endpoint, 503);
  const [first = 0] = await running.accept(1);
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += DAY_MS / 8) {
      running.clock.pass(DAY_MS / 8);
      await running.settle();
    }
  };
  const isKept = async (offset: number) => (await running.store.readEvents(0, [offset])).length === 1;
  // The engine is another after a restart.
  const resume = () => running.engine.resume();
  return { ...running, endpoint, first, pass, isKept, resume };
}

describe("what a lane still needs when it is too old to be kept", () => {
  for (const discipline of ["each", "batched", "ordered"] as const) {
    test(`expires, and is forgotten; a lane of discipline ${discipline} goes on behind it`, async () => {
      const { accept, answer, endpoint, sentTo, first, pass, isKept, faults } = await setUp(discipline);
      await pass(2 * DAY_MS);
      const [second = 0] = await accept(1);
      assert.ok(await isKept(first));

      await pass(1.5 * DAY_MS);

      assert.deepEqual([await isKept(first), await isKept(second)], [false, true]);
      assert.deepEqual(
        faults.map(({ what }) => what),
        ["soon_expired", "expired"],
      );
      const before = sentTo(endpoint).length;
      answer(endpoint, 200);
      await pass(DAY_MS / 4);
      assert.equal(sentTo(endpoint).length, before + 1);
    });
  }

  for (const discipline of ["batched", "ordered"] as const) {
    test(`leaves the receiver of a held ${discipline} lane alone for as long as it was to be`, async () => {
      // Retention looks every second.
      const { addEndpoint, accept, answer, clock, faults, sentTo, settle } = await startEngine({
        keepMs: 24_000,
      });
      const endpoint = await addEndpoint(discipline);
      answer(endpoint, 503);
      await accept(1);
      const pass = async (seconds: number) => {
        for (let second = 0; second < seconds; second += 1) {
          clock.pass(1000);
          await settle();
        }
      };
      await pass(20);
      await accept(1);
      // Its hold doubles up to eight seconds: it was told to wait at 23, and asks again at 31.
      await pass(4);
      const before = sentTo(endpoint).length;
      await pass(3);
      assert.equal(faults.filter(({ what }) => what === "expired").length, 1);
      assert.equal(sentTo(endpoint).length, before);

      await pass(6);
      assert.equal(sentTo(endpoint).length, before + 1);
    });
  }

  test("stays as long as a person has not said that sending goes on", async () => {
    const running = await setUp("ordered");
    const { first, pass, isKept } = running;
    await running.restart("paused");
    await pass(5 * DAY_MS);
    assert.ok(await isKept(first));

    running.resume();
    await pass(DAY_MS / 4);
    assert.ok(!(await isKept(first)));
  });
});
