/**
 * Fault F2, while a range is replayed: it goes on by itself after each kill. `CRASH_SEED` repeats what the
 * receiver answers; the timing is the machine's.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { UNSETTLED_MAX } from "./api-calls.ts";
import { type ReplayRunOptions, replayRun } from "./replay-run.ts";
import { OF_RUNS, seedOfTest } from "./run-assertions.ts";

const KILLS = 3;

describe("a replay of a range whose server is killed again and again", OF_RUNS, () => {
  for (const { receiver, events, unsettledMax } of [
    { receiver: "standard", events: 1500, unsettledMax: UNSETTLED_MAX.standard },
    { receiver: "bubblehouse", events: 300, unsettledMax: 1 },
  ] as const) {
    test(`goes on, loses nothing, repeats what was in flight, counts right: ${receiver}`, async (t) => {
      const options: ReplayRunOptions = { seed: seedOfTest(), receiver, events, kills: KILLS };
      const { refused, replayed, atKills, replay, said } = await replayRun(options);

      const repeated = replayed.length - new Set(replayed).size;
      t.diagnostic(`kills at ${atKills.join(", ")} of ${events}, ${repeated} repeated, seed ${options.seed}`);
      assert.ok(
        atKills.every((count) => count < events),
        `each kill came in its midst: ${atKills.join(", ")}`,
      );
      assert.equal(new Set(replayed).size, events, "nothing of the range is lost");
      assert.ok(repeated <= KILLS * unsettledMax, `${repeated} repeated`);
      const { state, looked_at, matched, delivered, failed, passed_over } = replay;
      assert.equal(state, "finished");
      assert.deepEqual([looked_at, matched, passed_over], [events, events, 0]);
      assert.deepEqual([delivered, failed], [events - refused.size, refused.size]);
      assert.equal(said.join(""), "", "no process has anything to report");
      if (receiver === "bubblehouse") {
        assert.deepEqual([...new Set(replayed)], inOrder(events), "in the order of the log");
      }
    });
  }
});

function inOrder(events: number): readonly number[] {
  return Array.from({ length: events }, (_, place) => place + 1);
}
