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

/** Returns when the next request may go: now or before, if the bucket has one's worth. */
export function sendableAt(bucket: Bucket): number {
  return believedFullAt(bucket) - Math.max(0, RATE_BURST_MS - bucket.paceMs);
}

/** Returns when the bucket is full again after a request that goes now. */
export function fullAfterSending(bucket: Bucket): number {
  return Math.max(believedFullAt(bucket), bucket.now) + bucket.paceMs;
}

/** No bucket takes longer to fill than an empty one, though the clock was set back or the limit raised. */
function believedFullAt({ fullAt, now, paceMs }: Bucket): number {
  return Math.min(fullAt, now + Math.max(RATE_BURST_MS, paceMs));
}
