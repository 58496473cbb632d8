import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DAY_MS } from "../model/duration.ts";
import { offsetAt } from "../model/offset.ts";
import { HOUR_SECONDS, HOURS_KEPT_MS, MINUTE_SECONDS, MINUTES_KEPT_MS } from "../model/stat.ts";
import type { OldStatsQuery } from "../store.ts";
import { createMemoryStore } from "../stores/memory.ts";
import type { SkipResult } from "./engine.ts";
import { createManualClock } from "./engine-fixture.ts";
import type { Fault } from "./fault.ts";
import { createRetention } from "./retention.ts";

const RANDOM = { fraction: () => 0.5, bytes: (count: number) => new Uint8Array(count) };

/** Everything is kept for as long as its event. */
const AGEING = { runOnce: async () => 0, stop: () => undefined };

interface Log {
  /** What endpoints need of it, by offset. */
  readonly needing: Map<number, number>;
  readonly keepMs?: number;
  readonly expires?: SkipResult["kind"];
  /** Of two. Default: the first. */
  readonly lease?: number;
}

function setUp({ needing, keepMs = 10 * DAY_MS, expires = "skipped", lease = 0 }: Log) {
  const clock = createManualClock();
  const faults: Fault[] = [];
  const expired: [endpoint: number, to: number][] = [];
  const forgotten: number[] = [];
  const steps = [7, 7, 0];
  const stats: (OldStatsQuery & { readonly of: number })[] = [];
  const retention = createRetention(lease, {
    store: {
      ...createMemoryStore({ clock, random: RANDOM }),
      leases: () => [0, 1],
      readNeeding: async (_lease, to) => [...needing].filter(([, at]) => at <= to).map(([number]) => number),
      async forgetLog(to) {
        forgotten.push(to);
        return steps.shift() ?? 0;
      },
      async forgetStats(of, query) {
        stats.push({ of, ...query });
        return 0;
      },
    },
    clock: { ...clock, after: (_ms, ring) => clock.after(0, ring) },
    keepMs,
    async expire(endpoint, to) {
      expired.push([endpoint, to]);
      needing.delete(endpoint);
      return expires === "skipped" ? { kind: "skipped", from: 1, to } : { kind: "in_flight" };
    },
    ageing: AGEING,
    onFault: (fault) => faults.push(fault),
  });
  async function runOnce(): Promise<number> {
    const running = retention.runOnce();
    let isOver = false;
    void running.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await new Promise(setImmediate);
      clock.pass(0);
    }
    return running;
  }
  return { clock, faults, expired, forgotten, stats, retention, runOnce };
}

describe("createRetention()", () => {
  test("runOnce() lets expire what is too old before it forgets, until nothing more may go", async () => {
    const { clock, expired, forgotten, faults, runOnce } = setUp({ needing: new Map([[3, 1]]) });

    assert.equal(await runOnce(), 14);

    const to = offsetAt(clock.now() - 10 * DAY_MS) - 1;
    assert.deepEqual(expired, [[3, to]]);
    assert.deepEqual(forgotten, [to, to, to]);
    assert.deepEqual(faults, [{ what: "expired", endpoint: 3 }]);
  });

  test("runOnce() tells of what expires within a tenth of the time, once", async () => {
    const clock = createManualClock();
    const inDays = (days: number) => offsetAt(clock.now() - (10 - days) * DAY_MS);
    const { faults, expired, runOnce } = setUp({
      needing: new Map([
        [1, inDays(0.9)],
        [2, inDays(1.1)],
      ]),
    });

    await runOnce();
    await runOnce();

    assert.deepEqual(faults, [{ what: "soon_expired", endpoint: 1 }]);
    assert.deepEqual(expired, []);
  });

  test("runOnce() tells of nothing expired where what is needed is on its way", async () => {
    const { faults, runOnce } = setUp({ needing: new Map([[1, 1]]), expires: "in_flight" });

    await runOnce();

    assert.deepEqual(faults, []);
  });

  test("runOnce() forgets nothing where events are kept for ever", async () => {
    const clock = createManualClock();
    const retention = createRetention(0, {
      store: createMemoryStore({ clock, random: RANDOM }),
      clock,
      keepMs: undefined,
      expire: () => assert.fail("nothing expires"),
      ageing: AGEING,
      onFault: () => assert.fail("nothing fails"),
    });

    assert.equal(await retention.runOnce(), 0);
  });

  test("runOnce() forgets nothing by a clock that says it is before the log begins", async () => {
    const { clock, forgotten, expired, runOnce } = setUp({ needing: new Map([[3, 0]]) });
    clock.jump(-20 * 365 * DAY_MS);

    assert.equal(await runOnce(), 0);

    assert.deepEqual([forgotten, expired], [[], []]);
  });

  test("runOnce() of a lease that is not the first lets expire, and forgets nothing", async () => {
    const { expired, forgotten, runOnce } = setUp({ needing: new Map([[3, 1]]), lease: 1 });

    assert.equal(await runOnce(), 0);

    assert.equal(expired.length, 1);
    assert.deepEqual(forgotten, []);
  });

  test("runOnce() of any lease forgets what was counted of its old minutes and hours", async () => {
    const { clock, stats, runOnce } = setUp({ needing: new Map(), lease: 1 });

    await runOnce();

    assert.deepEqual(
      stats.map(({ of, seconds, before }) => [of, seconds, clock.now() - before]),
      [
        [1, MINUTE_SECONDS, MINUTES_KEPT_MS],
        [1, HOUR_SECONDS, HOURS_KEPT_MS],
      ],
    );
  });

  test("stop() ends a run between two steps", async () => {
    const { forgotten, retention, runOnce } = setUp({ needing: new Map() });
    retention.stop();

    await runOnce();

    assert.deepEqual(forgotten, []);
  });
});
