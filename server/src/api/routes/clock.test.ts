import assert from "node:assert/strict";
import { test } from "node:test";
import { QUIET_TURNS, untilSettled } from "./clock.ts";

const IDLE = { inFlight: 0, unwritten: 0 };

/** Settles an engine that is seen like this, then idle; returns how often it was looked at. */
async function looksAt(...seen: readonly Partial<typeof IDLE>[]): Promise<number> {
  let looks = 0;
  await untilSettled({ underWay: () => ({ ...IDLE, ...seen[looks++] }) });
  return looks;
}

test("untilSettled() waits for what is on its way", async () => {
  assert.equal(await looksAt({ inFlight: 1 }, { inFlight: 1 }), 2 + QUIET_TURNS);
});

test("untilSettled() waits for what came of it to be stored: the next retry is set only then", async () => {
  assert.equal(await looksAt({ inFlight: 1 }, { unwritten: 1 }, { unwritten: 1 }), 3 + QUIET_TURNS);
});

test("untilSettled() looks on for some turns: what is due may have to be read before it goes", async () => {
  assert.equal(await looksAt({}, {}, { inFlight: 1 }), 3 + QUIET_TURNS);
});
