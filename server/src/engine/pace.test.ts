import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { RATE_BURST_MS } from "./limits.ts";
import { fullAfterSending, fullAtBy, requestsIn, sendableAt } from "./pace.ts";

const NOW = 1_767_225_600_000;

/** Sends whenever it may from a full bucket on, and returns when each request went, after `NOW`. */
function sendingsOf(paceMs: number, count: number, idleMs: (index: number) => number = () => 0): number[] {
  const sendings: number[] = [];
  let fullAt = 0;
  let now = NOW;
  for (let index = 0; index < count; index += 1) {
    now = Math.max(now + idleMs(index), sendableAt({ fullAt, paceMs }));
    fullAt = fullAfterSending({ fullAt, now, paceMs });
    sendings.push(now - NOW);
  }
  return sendings;
}

describe("sendableAt()", () => {
  test("sendableAt() lets a second's worth go at once, and then keeps the pace", () => {
    assert.deepEqual(sendingsOf(250, 7), [0, 0, 0, 0, 250, 500, 750]);
  });

  test("sendableAt() lets one request go where the pace is slower than the burst", () => {
    assert.deepEqual(sendingsOf(100_000, 3), [0, 100_000, 200_000]);
  });

  test("sendableAt() fills the bucket again while nothing is sent, and no further", () => {
    const idleMs = (index: number) => (index === 4 ? 600_000 : 0);
    assert.deepEqual(sendingsOf(250, 9, idleMs).slice(4), [600_000, 600_000, 600_000, 600_000, 600_250]);
  });

  test("sendableAt() keeps nothing waiting where there is no limit", () => {
    assert.deepEqual(sendingsOf(0, 1000), Array(1000).fill(0));
  });

  test("sendableAt() never lets more go in any span than what comes in it and a full bucket", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 2, maxLength: 60 }),
        (paceMs, idles) => {
          const sendings = sendingsOf(paceMs, idles.length, (index) => idles[index] ?? 0);
          for (const [first, from] of sendings.entries()) {
            for (const [last, to] of sendings.entries()) {
              const burst = Math.max(1, RATE_BURST_MS / paceMs);
              assert.ok(last - first + 1 <= burst + (to - from) / paceMs + 1e-6 || last < first);
            }
          }
        },
      ),
    );
  });
});

describe("fullAtBy()", () => {
  test("fullAtBy() believes no bucket that takes longer to fill than an empty one", () => {
    const fullAt = NOW + RATE_BURST_MS;
    const now = NOW - 3_600_000;
    assert.equal(fullAtBy({ fullAt, now, paceMs: 250 }), now + RATE_BURST_MS);
    assert.equal(fullAtBy({ fullAt, now, paceMs: 5000 }), now + 5000);
    assert.equal(fullAtBy({ fullAt, now: NOW, paceMs: 250 }), fullAt);
  });
});

describe("requestsIn()", () => {
  test("requestsIn() counts down to none as requests go, and up again, to a full bucket", () => {
    for (const perSecond of [1, 3, 7, 500]) {
      const paceMs = 1000 / perSecond;
      let fullAt = 0;
      for (let left = perSecond; left > 0; left -= 1) {
        assert.equal(requestsIn({ fullAt, now: NOW, paceMs }), left);
        fullAt = fullAfterSending({ fullAt, now: NOW, paceMs });
      }
      assert.equal(requestsIn({ fullAt, now: NOW, paceMs }), 0);
      assert.equal(requestsIn({ fullAt, now: NOW + paceMs, paceMs }), 1);
      assert.equal(requestsIn({ fullAt, now: NOW + 3_600_000, paceMs }), perSecond);
    }
  });

  test("requestsIn() has room for one request where the pace is slower than the burst", () => {
    assert.equal(requestsIn({ fullAt: 0, now: NOW, paceMs: 4000 }), 1);
    assert.equal(requestsIn({ fullAt: NOW + 1000, now: NOW, paceMs: 4000 }), 0);
  });
});
