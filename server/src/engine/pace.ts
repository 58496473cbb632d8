import { RATE_BURST_MS } from "./limits.ts";

/**
 * A limit on the rate of requests is a token bucket that holds what comes in `RATE_BURST_MS`, and at least
 * one request. All that is kept of it is the moment when it is full again, in milliseconds since 1970. A
 * pace is the milliseconds in which one request's worth comes; 0: there is no limit.
 */
export interface Bucket {
  readonly fullAt: number;
  readonly now: number;
  readonly paceMs: number;
}

export function paceOf(ratePerSecond: number | undefined): number {
  return ratePerSecond === undefined ? 0 : 1000 / ratePerSecond;
}

/**
 * Returns when the bucket is full, as this clock shows it: none takes longer to fill than an empty one,
 * though the clock was set back or the limit raised. To be kept: judged from the old moment again and again,
 * it would move on as fast as time does.
 */
export function fullAtBy({ fullAt, now, paceMs }: Bucket): number {
  return Math.min(fullAt, now + Math.max(RATE_BURST_MS, paceMs));
}

/** Returns when the next request may go: now or before, if the bucket has one's worth. */
export function sendableAt({ fullAt, paceMs }: Omit<Bucket, "now">): number {
  return fullAt - Math.max(0, RATE_BURST_MS - paceMs);
}

/** Returns how many requests' worth the bucket has. */
export function requestsIn({ fullAt, now, paceMs }: Bucket): number {
  const filledMs = Math.max(RATE_BURST_MS, paceMs) - Math.max(0, fullAt - now);
  // What the sums of a pace such as 333.3 ms are off by is less than a thousandth of a request.
  return Math.floor(filledMs / paceMs + 1e-3);
}

/** Returns when the bucket is full again after a request that goes now. */
export function fullAfterSending({ fullAt, now, paceMs }: Bucket): number {
  return Math.max(fullAt, now) + paceMs;
}
