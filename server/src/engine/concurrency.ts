import type { Verdict } from "@posthorn/contracts/contract";
import type { Sent } from "../outbound/sender.ts";
import { SLOW_MS } from "./limits.ts";

/** How many requests an endpoint may have in flight. */
export interface Concurrency {
  /** At least 1; a fraction is on its way to the next whole one. */
  readonly slots: number;
  /** Nothing was too much yet. */
  readonly isOpening: boolean;
}

/** What a request came to, as far as it matters here. */
interface Ended {
  readonly verdict: Verdict;
  /** Undefined: nothing was sent. */
  readonly sent: Sent | undefined;
}

/** Of a lane that knows nothing of its receiver: one that hangs gets one request until it has answered. */
export const FIRST_CONCURRENCY: Concurrency = { slots: 1, isOpening: true };

/**
 * Returns how many requests an endpoint may have in flight after this outcome, from 1 to `max`. At first each
 * one that gets through adds one, so that a receiver that works has all it may within a few round trips.
 * What says that it is too much halves it, and from then on one is added in the time of as many requests as
 * are in flight. A receiver that hangs is probed by one request, and keeps no more of what all endpoints
 * share. Pure.
 */
export function concurrencyAfter(
  { slots, isOpening }: Concurrency,
  max: number,
  outcome: Ended,
): Concurrency {
  // It may have been more before the endpoint was changed.
  const now = Math.min(slots, max);
  if (isTooMuch(outcome)) {
    return { slots: Math.max(1, now / 2), isOpening: false };
  }
  const more = isOpening ? 1 : 1 / now;
  return { slots: outcome.verdict.kind === "delivered" ? Math.min(max, now + more) : now, isOpening };
}

/** Whether a request took so long that its endpoint must leave room for others. */
export function isSlow({ startedAt, endedAt }: { startedAt: number; endedAt: number }): boolean {
  return endedAt - startedAt > SLOW_MS;
}

/** Whether the receiver took too long, or said that it was asked for too much. */
function isTooMuch({ sent }: Ended): boolean {
  switch (sent?.answer.kind) {
    case "timed_out":
      return true;
    case "status":
      return sent.answer.status === 429 || sent.answer.status === 503;
    case "unreachable":
    case "blocked":
    case "bad_response":
    case "unsendable":
    case "sender_failed":
    case undefined:
      return false;
  }
}
