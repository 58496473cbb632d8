import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { createRateLimiter } from "./rate-limiter.ts";

describe("createRateLimiter()", () => {
  test("take() counts down, refuses, and says how long until one more is let through", () => {
    const limiter = createRateLimiter({ requestsMax: 3, windowMs: 1000, keysMax: 10 });
    assert.deepEqual(limiter.take("a", 0), { isAllowed: true, remaining: 2, waitMs: 0 });
    assert.deepEqual(limiter.take("a", 100), { isAllowed: true, remaining: 1, waitMs: 0 });
    assert.deepEqual(limiter.take("a", 200), { isAllowed: true, remaining: 0, waitMs: 800 });
    assert.deepEqual(limiter.take("a", 300), { isAllowed: false, remaining: 0, waitMs: 700 });
    assert.deepEqual(limiter.take("b", 300), { isAllowed: true, remaining: 2, waitMs: 0 });
    assert.equal(limiter.take("a", 999).isAllowed, false);
    assert.deepEqual(limiter.take("a", 1000), { isAllowed: true, remaining: 0, waitMs: 100 });
  });

  test("take() lets no more than the limit through in any window", () => {
    const steps = fc.array(fc.nat({ max: 40 }), { maxLength: 200 });
    fc.assert(
      fc.property(steps, (delays) => {
        const limiter = createRateLimiter({ requestsMax: 5, windowMs: 100, keysMax: 1 });
        const allowed: number[] = [];
        let now = 0;
        for (const delay of delays) {
          now += delay;
          const inWindow = allowed.filter((time) => time > now - 100).length;
          const { isAllowed, remaining, waitMs } = limiter.take("a", now);
          assert.equal(isAllowed, inWindow < 5);
          assert.equal(remaining, Math.max(0, 5 - inWindow - 1));
          assert.ok(waitMs >= 0 && waitMs <= 100);
          if (isAllowed) {
            allowed.push(now);
          }
        }
      }),
    );
  });

  test("take() forgets the key that asked longest ago, so that memory stays bounded", () => {
    const limiter = createRateLimiter({ requestsMax: 1, windowMs: 1000, keysMax: 2 });
    limiter.take("a", 0);
    limiter.take("b", 0);
    assert.equal(limiter.take("a", 1).isAllowed, false);
    limiter.take("c", 2);
    assert.equal(limiter.take("a", 3).isAllowed, false);
    assert.equal(limiter.take("b", 4).isAllowed, true);
  });
});
