import type { FastifyReply } from "fastify";
import { createBoundedCache } from "../bounded-cache.ts";
import type { Clock } from "../clock.ts";
import { fullAfterSending, fullAtBy, requestsIn, sendableAt } from "../engine/pace.ts";
import { Problem } from "../problem.ts";

/** How many requests each API key of a tenant may make. */
export interface KeyRates {
  /**
   * Counts a request of a key, and tells the answer's reader what is left. Throws the Problem `rate_limited`
   * where nothing is; such a request does not count.
   */
  take(keyId: string, reply: FastifyReply): void;
}

/** A key is forgotten, as if it had been idle, when so many others made requests since. */
const KEYS_MAX = 10_000;

export interface KeyRateOptions {
  readonly clock: Pick<Clock, "monotonic">;
  /** On average; a second's worth may come at once. 0: there is no limit. */
  readonly keyRatePerSecond: number;
}

export function createKeyRates({ clock, keyRatePerSecond }: KeyRateOptions): KeyRates {
  if (keyRatePerSecond === 0) {
    return { take() {} };
  }
  const paceMs = 1000 / keyRatePerSecond;
  const fullAtByKey = createBoundedCache<string, number>(KEYS_MAX);

  return {
    take(keyId, reply) {
      const now = clock.monotonic();
      const before = fullAtBy({ fullAt: fullAtByKey.get(keyId) ?? now, now, paceMs });
      const waitMs = sendableAt({ fullAt: before, paceMs }) - now;
      const fullAt = waitMs > 0 ? before : fullAfterSending({ fullAt: before, now, paceMs });
      fullAtByKey.set(keyId, fullAt, 1);
      // draft-ietf-httpapi-ratelimit-headers-10: whole requests and whole seconds.
      reply.headers({
        "ratelimit-policy": `"key";q=${keyRatePerSecond};w=1`,
        ratelimit: `"key";r=${requestsIn({ fullAt, now, paceMs })};t=${Math.ceil((fullAt - now) / 1000)}`,
      });
      if (waitMs > 0) {
        reply.header("retry-after", Math.ceil(waitMs / 1000));
        throw new Problem(
          "rate_limited",
          `This key may make ${keyRatePerSecond} requests in a second; nothing was done for this one.`,
        );
      }
    },
  };
}
