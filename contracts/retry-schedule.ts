import type { RetrySchedule } from "./contract.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Our default where a contract gives none: nine retries over three days, then a bit. */
export const usualRetry: RetrySchedule = {
  delaysMs: [
    5 * second,
    5 * minute,
    30 * minute,
    2 * hour,
    5 * hour,
    10 * hour,
    14 * hour,
    20 * hour,
    24 * hour,
  ],
  jitter: 0.2,
};
