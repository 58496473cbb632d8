import type { FastifyReply } from "fastify";
import { createBoundedCache } from "../bounded-cache.ts";
import type { Clock } from "../clock.ts";
import { fullAfterSending, fullAtBy, requestsIn, sendableAt } from "../engine/pace.ts";
import type { ApiKey } from "../model/tenant.ts";
import { Problem } from "../problem.ts";

/** How many requests each API key of a tenant may make. */
export interface KeyRates {
  /** Returns how many requests a key may make in a second; 0: any number. */
  rateOf(key: RatedKey): number;
  /**
   * Counts a request of a key, and tells the answer's reader what is left. Throws the Problem `rate_limited`
   * where nothing is; such a request does not count.
   */
  take(key: RatedKey, reply: FastifyReply): void;
}

type RatedKey = Pick<ApiKey, "id" | "ratePerSecond">;

/** A key is forgotten, as if it had been idle, when so many others made requests since. */
const KEYS_MAX = 10_000;

export interface KeyRateOptions {
  readonly clock: Pick<Clock, "monotonic">;
  /** Of keys that have no rate of their own: on average; a second's worth may come at once. 0: any number. */
  readonly keyRatePerSecond: number;
}

export function createKeyRates({ clock, keyRatePerSecond }: KeyRateOptions): KeyRates {
  const fullAtByKey = createBoundedCache<string, number>(KEYS_MAX);

  const rateOf = ({ ratePerSecond }: RatedKey) => ratePerSecond ?? keyRatePerSecond;

  return {
    rateOf,
    take(key, reply) {
      const rate = rateOf(key);
      if (rate === 0) {
        return;
      }
      const paceMs = 1000 / rate;
      const now = clock.monotonic();
      const before = fullAtBy({ fullAt: fullAtByKey.get(key.id) ?? now, now, paceMs });
      const waitMs = sendableAt({ fullAt: before, paceMs }) - now;
      const fullAt = waitMs > 0 ? before : fullAfterSending({ fullAt: before, now, paceMs });
      fullAtByKey.set(key.id, fullAt, 1);
      // draft-ietf-httpapi-ratelimit-headers-10: whole requests and whole seconds.
      reply.headers({
        "ratelimit-policy": `"key";q=${rate};w=1`,
        ratelimit: `"key";r=${requestsIn({ fullAt, now, paceMs })};t=${Math.ceil((fullAt - now) / 1000)}`,
      });
      if (waitMs > 0) {
        reply.header("retry-after", Math.ceil(waitMs / 1000));
        throw new Problem(
          "rate_limited",
          `This key may make ${rate} requests in a second; nothing was done for this one.`,
        );
      }
    },
  };
}
