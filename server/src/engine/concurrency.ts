import type { Outcome } from "./attempt.ts";

/**
 * Returns how many requests an endpoint may have in flight after this outcome, from 1 to `max`; a fraction
 * is on its way to the next whole one. What gets through adds one in the time of as many requests as are in
 * flight, and what says that it is too much halves it: a receiver that hangs is soon probed by one request,
 * and keeps no more of the slots that all endpoints share. Pure.
 */
export function slotsAfter(slots: number, max: number, outcome: Outcome): number {
  // More than `max` is what a lane begins with, or had before its endpoint was changed.
  const now = Math.min(slots, max);
  if (isTooMuch(outcome)) {
    return Math.max(1, now / 2);
  }
  return outcome.verdict.kind === "delivered" ? Math.min(max, now + 1 / now) : now;
}

/** Whether the receiver took too long, or said that it was asked for too much. */
function isTooMuch({ sent }: Outcome): boolean {
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
