import { UsageError } from "./usage-error.ts";

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads a time of an option: ISO 8601 as it is, or how long ago it was, as `2h`. */
export function timeOf(option: string, given: string | undefined, now = Date.now()): string | undefined {
  if (given === undefined) {
    return undefined;
  }
  const agoMs = durationMsOf(given);
  if (agoMs !== undefined) {
    return new Date(now - agoMs).toISOString();
  }
  if (!/^\d{4}-\d\d-\d\d/.test(given) || Number.isNaN(Date.parse(given))) {
    throw new UsageError(`${option} must be a time in ISO 8601, or as long ago as 90m, 2h, 3d, got ${given}`);
  }
  return new Date(given).toISOString();
}

/** Reads how long something takes, as `30s`, `90m`, `4h`, `3d`; undefined where it says none. */
export function durationMsOf(given: string | undefined): number | undefined {
  const [, count, unit = ""] = /^(\d{1,6})([smhd])$/.exec(given ?? "") ?? [];
  const unitMs = UNITS[unit];
  return count === undefined || unitMs === undefined ? undefined : Number(count) * unitMs;
}
