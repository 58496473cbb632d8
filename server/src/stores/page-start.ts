import type { RetryPlace } from "../store.ts";

/** Where a page without `before` begins. */
export const NEWEST: number = Number.MAX_SAFE_INTEGER;

/** Before every retry there is: its due time is at least 0. */
export const BEFORE_RETRIES: RetryPlace = { dueAt: -1, endpoint: 0, cursor: 0, offset: 0 };
