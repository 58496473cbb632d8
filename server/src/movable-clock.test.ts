import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createAlarm } from "./engine/alarm.ts";
import { createManualClock } from "./engine/engine-fixture.ts";
import { HOUR_MS } from "./model/duration.ts";
import { createMovableClock } from "./movable-clock.ts";

function setup() {
  const machine = createManualClock();
  const clock = createMovableClock(machine);
  const rung: string[] = [];
  const startedAt = clock.now();
  const advance = (byMs: number, tookMsMax = 1000, settled: () => Promise<void> = async () => undefined) =>
    clock.advance(byMs, { settled, tookMsMax });
  const note = (what: string) => rung.push(`${what} at ${(clock.now() - startedAt) / HOUR_MS} h`);
  return { machine, clock, rung, advance, note };
}

describe("createMovableClock()", () => {
  it("walks from moment to moment: what one sets off is a moment of its own", async () => {
    const { clock, rung, advance, note } = setup();
    const again = (times: number): void => {
      note("again");
      if (times > 0) {
        clock.after(HOUR_MS, () => again(times - 1));
      }
    };
    clock.after(HOUR_MS, () => again(2));
    clock.after(1.5 * HOUR_MS, () => note("once"));
    const before = { now: clock.now(), monotonic: clock.monotonic() };
    assert.equal(await advance(4 * HOUR_MS), 4 * HOUR_MS);
    assert.deepEqual(rung, ["again at 1 h", "once at 1.5 h", "again at 2 h", "again at 3 h"]);
    assert.equal(clock.now() - before.now, 4 * HOUR_MS);
    assert.equal(clock.monotonic() - before.monotonic, 4 * HOUR_MS);
    assert.equal(clock.aheadMs, 4 * HOUR_MS);
  });

  it("waits at each moment until what it set off has come to rest", async () => {
    const { clock, rung, advance, note } = setup();
    clock.after(HOUR_MS, () => note("first"));
    clock.after(2 * HOUR_MS, () => note("second"));
    let rests = 0;
    await advance(3 * HOUR_MS, 1000, async () => {
      rests += 1;
      rung.push(`rest ${rests}`);
    });
    assert.deepEqual(rung, ["first at 1 h", "rest 1", "second at 2 h", "rest 2", "rest 3"]);
  });

  it("stops at no moment at which something only looks whether the time has jumped", async () => {
    const { clock, rung, advance, note } = setup();
    const alarm = createAlarm(clock);
    for (const hours of [5, 20, 90]) {
      alarm.set(clock.now() + hours * HOUR_MS, () => note("rung"));
    }
    let moments = 0;
    await advance(96 * HOUR_MS, 1000, async () => {
      moments += 1;
    });
    assert.deepEqual(rung, ["rung at 5 h", "rung at 20 h", "rung at 90 h"]);
    assert.equal(moments, 4, "and the end");
  });

  it("rings an alarm at its moment, at whatever part of a millisecond it was set", async () => {
    for (const setAt of [0.1, 0.5, 0.9]) {
      for (const later of [0.1, 0.4, 0.6, 0.9]) {
        const machine = createManualClock();
        const clock = createMovableClock({ ...machine, now: () => Math.floor(machine.now()) });
        machine.pass(setAt);
        const at = clock.now() + HOUR_MS;
        let rungAt = 0;
        createAlarm(clock).set(at, () => {
          rungAt = clock.now();
        });
        machine.pass(later);
        const movedMs = await clock.advance(2 * HOUR_MS, { settled: async () => {}, tookMsMax: 1000 });
        assert.ok(rungAt >= at && rungAt <= at + 1, `set at ${setAt}, moved ${later} later: ${rungAt - at}`);
        assert.equal(movedMs, 2 * HOUR_MS);
      }
    }
  });

  it("leaves what is later to the machine's clock, sooner by as much as it is ahead", async () => {
    const { machine, clock, rung, advance, note } = setup();
    clock.after(2 * HOUR_MS, () => note("later"));
    const cancelled = clock.after(HOUR_MS, () => note("cancelled"));
    cancelled.cancel();
    await advance(1.5 * HOUR_MS);
    assert.deepEqual(rung, []);
    machine.pass(0.5 * HOUR_MS);
    assert.deepEqual(rung, ["later at 2 h"]);
  });

  it("stops when that has taken too long, and says how far it came", async () => {
    const { machine, clock, advance } = setup();
    const everyHour = (): void => void clock.after(HOUR_MS, everyHour);
    everyHour();
    const came = await advance(100 * HOUR_MS, 1000, async () => machine.pass(400));
    assert.ok(came >= 2 * HOUR_MS && came < 4 * HOUR_MS, `${came}`);
    assert.equal(clock.aheadMs, Math.round(came));
  });
});
