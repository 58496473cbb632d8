export interface RateLimiterOptions {
  /** Requests let through within any window. */
  readonly requestsMax: number;
  readonly windowMs: number;
  /** Keys remembered; the one that asked longest ago is forgotten first. */
  readonly keysMax: number;
}

export interface Allowance {
  readonly isAllowed: boolean;
  /** Requests that could follow at once. */
  readonly remaining: number;
  /** How long until one more request is let through; 0 while some remain. */
  readonly waitMs: number;
}

export interface RateLimiter {
  /** Counts a request at a time that never goes back, in milliseconds; one that is refused does not count. */
  take(key: string, now: number): Allowance;
}

/**
 * Makes a limiter with a rolling window: for each key the times of the last requests, and no more, are
 * kept.
 */
export function createRateLimiter({ requestsMax, windowMs, keysMax }: RateLimiterOptions): RateLimiter {
  const timesByKey = new Map<string, number[]>();

  return {
    take(key, now) {
      const times = (timesByKey.get(key) ?? []).filter((time) => time > now - windowMs);
      // The map's order is that of the last requests.
      timesByKey.delete(key);
      timesByKey.set(key, times);
      if (timesByKey.size > keysMax) {
        for (const oldest of timesByKey.keys()) {
          timesByKey.delete(oldest);
          break;
        }
      }
      const isAllowed = times.length < requestsMax;
      if (isAllowed) {
        times.push(now);
      }
      const remaining = requestsMax - times.length;
      const [first = now] = times;
      return { isAllowed, remaining, waitMs: remaining > 0 ? 0 : first + windowMs - now };
    },
  };
}
