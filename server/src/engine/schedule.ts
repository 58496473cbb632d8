import type { HoldBackOff, RetrySchedule } from "@posthorn/contracts/contract";
import type { Hold } from "../model/delivery.ts";
import { RETRY_AFTER_MS_MAX } from "./limits.ts";

/** The part of chance a schedule needs: at least 0, less than 1. */
export type Fraction = () => number;

/**
 * Returns when to retry after `used` retries of the schedule; undefined when they are used up. A receiver's
 * wish (`afterMs`) can only make it later, and at most by a day.
 */
export function retryDueAt(
  schedule: RetrySchedule,
  {
    used,
    now,
    afterMs,
    fraction,
  }: { used: number; now: number; afterMs: number | undefined; fraction: Fraction },
): number | undefined {
  const delayMs = schedule.delaysMs[used];
  return delayMs === undefined
    ? undefined
    : now + Math.max(jittered(delayMs, schedule.jitter, fraction), wished(afterMs));
}

/**
 * Returns the hold that follows an answer. An answer to a request that started before the present hold
 * ended tells nothing new: it may prolong that hold, but does not double it.
 */
export function nextHold(
  backOff: HoldBackOff,
  { hold, reason, startedAt, now, afterMs, requests, fraction }: NextHold,
): Hold {
  if (hold !== undefined && startedAt < hold.until) {
    return { ...hold, until: Math.max(hold.until, now + wished(afterMs)), requests };
  }
  const rounds = (hold?.rounds ?? 0) + 1;
  const delayMs = Math.min(backOff.maxMs, backOff.firstMs * 2 ** Math.min(rounds - 1, 40));
  const until = now + Math.max(jittered(delayMs, backOff.jitter, fraction), wished(afterMs));
  return { since: hold?.since ?? now, until, reason, rounds, requests };
}

export interface NextHold {
  readonly hold: Hold | undefined;
  readonly reason: string;
  readonly startedAt: number;
  readonly now: number;
  readonly afterMs: number | undefined;
  /** Requests made for the head of an `ordered` lane; 0 for others. */
  readonly requests: number;
  readonly fraction: Fraction;
}

function jittered(delayMs: number, jitter: number, fraction: Fraction): number {
  return Math.round(delayMs * (1 + jitter * (2 * fraction() - 1)));
}

function wished(afterMs: number | undefined): number {
  return afterMs === undefined || !(afterMs > 0) ? 0 : Math.min(Math.round(afterMs), RETRY_AFTER_MS_MAX);
}
