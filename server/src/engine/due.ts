import { DAY_MS } from "../model/duration.ts";

/**
 * Longer than anything waits: a schedule's longest delay is 30 days, and jitter can double it.
 */
const WAIT_MS_MAX = 62 * DAY_MS;

/**
 * Whether the time has come, on a clock that may have been wrong. What would wait longer than anything does
 * was put off by a clock that ran ahead, and is due.
 */
export function isDue(at: number, now: number): boolean {
  return at <= now || at - now > WAIT_MS_MAX;
}
