import type { Verification } from "./receiving.ts";

/** How far a request's timestamp may be from the clock, in seconds, unless the user says otherwise. */
export const usualToleranceSeconds = 300;

/** Judges a timestamp in seconds since 1970, as a header says it. `at` is now, in milliseconds since 1970. */
export function freshness(timestamp: string | undefined, at: number, toleranceSeconds: number): Verification {
  if (timestamp === undefined) {
    return { kind: "refused", reason: "timestamp_missing" };
  }
  if (!/^\d{1,12}$/.test(timestamp)) {
    return { kind: "refused", reason: "timestamp_malformed" };
  }
  const ageSeconds = Math.floor(at / 1_000) - Number(timestamp);
  if (ageSeconds > toleranceSeconds) {
    return { kind: "refused", reason: "timestamp_too_old" };
  }
  return ageSeconds < -toleranceSeconds ? { kind: "refused", reason: "timestamp_in_future" } : { kind: "ok" };
}
