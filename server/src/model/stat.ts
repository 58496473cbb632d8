import type { Offset } from "./offset.ts";

/** What is counted of a stretch of time. */
export const COUNT_NAMES = [
  /** Events that were stored. */
  "accepted",
  /** Deliveries whose first request was made; of them, those that it delivered. */
  "firstTried",
  "deliveredFirst",
  /** Delivered by a later request. */
  "deliveredLater",
  /** Delivered by a replay: what is settled by one is in none of the others. */
  "replayed",
  /** Requests, of replays too; a batch is one. */
  "attempts",
  "attemptsFailed",
  /** Deliveries that ended without success, by their receiver's word or after their last request. */
  "rejected",
  "dead",
] as const;

export type CountName = (typeof COUNT_NAMES)[number];

export interface Counts extends Readonly<Record<CountName, number>> {
  /** How long deliveries took from being accepted to being delivered, by bucket; replays are left out. */
  readonly durations: readonly number[];
}

export type CountsDraft = { -readonly [Name in CountName]: number } & { readonly durations: number[] };

export const MINUTE_SECONDS = 60;
export const HOUR_SECONDS = 3600;

/** How long the stretches are that are counted. */
export type StatSeconds = typeof MINUTE_SECONDS | typeof HOUR_SECONDS;

/** What was counted of a tenant in a minute, or in an hour. */
export interface StatRow {
  /** The tenant's number; ALL_TENANTS: of all together. */
  readonly tenant: number;
  readonly seconds: StatSeconds;
  /** Its beginning, in milliseconds since 1970. */
  readonly at: number;
  readonly counts: Counts;
}

export const ALL_TENANTS = 0;

/** Adds to what is stored, with the flush that says so. */
export interface StatStep {
  /** Every event up to here is counted as accepted. */
  readonly countedTo: Offset;
  readonly rows: readonly StatRow[];
}

const HOUR_MS = HOUR_SECONDS * 1000;

/** For how long minutes are kept: a tenant has so many rows at most. */
export const MINUTES_KEPT_MS = 7 * HOUR_MS;

/** For how long hours are, whatever becomes of the events: they say nothing of what events say. */
export const HOURS_KEPT_MS = 400 * 24 * HOUR_MS;

/**
 * The ends of the buckets in milliseconds, each included; one more bucket has what took longer. Each is at
 * most twice the one before up to a minute, so that a percentile is off by less than that.
 */
export const DURATION_BOUNDS_MS: readonly number[] = [
  ...[1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700],
  ...[1, 1.5, 2, 3, 5, 7, 10, 15, 20, 30, 60].map((seconds) => seconds * 1000),
  ...[2, 5, 10, 30].map((minutes) => minutes * 60_000),
  ...[1, 2, 4, 8, 24, 48, 96].map((hours) => hours * HOUR_MS),
];

export const DURATION_BUCKETS = DURATION_BOUNDS_MS.length + 1;

/** Returns the bucket of a time that something took; less than nothing is nothing. */
export function bucketOf(durationMs: number): number {
  let low = 0;
  let high = DURATION_BOUNDS_MS.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((DURATION_BOUNDS_MS[middle] ?? 0) < durationMs) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

export function emptyCounts(): CountsDraft {
  return {
    accepted: 0,
    firstTried: 0,
    deliveredFirst: 0,
    deliveredLater: 0,
    replayed: 0,
    attempts: 0,
    attemptsFailed: 0,
    rejected: 0,
    dead: 0,
    durations: Array.from({ length: DURATION_BUCKETS }, () => 0),
  };
}

export function addCounts(sum: CountsDraft, counts: Counts): void {
  for (const name of COUNT_NAMES) {
    sum[name] += counts[name];
  }
  counts.durations.forEach((count, bucket) => {
    sum.durations[bucket] = (sum.durations[bucket] ?? 0) + count;
  });
}

export function sumOf(all: readonly Counts[]): Counts {
  const sum = emptyCounts();
  all.forEach((counts) => addCounts(sum, counts));
  return sum;
}

/**
 * Reads within which time a part of what was delivered was delivered, in milliseconds, as if times were
 * spread evenly over their bucket; of what took longer than all bounds, the last of them. Undefined: nothing
 * was.
 */
export function quantileMs({ durations }: Counts, part: number): number | undefined {
  const rank = part * durations.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (const [bucket, count] of durations.entries()) {
    if (count > 0 && below + count >= rank) {
      const from = DURATION_BOUNDS_MS[bucket - 1] ?? 0;
      const to = DURATION_BOUNDS_MS[bucket] ?? from;
      return from + (to - from) * ((rank - below) / count);
    }
    below += count;
  }
  return undefined;
}

/** The beginning of the minute, or the hour, that a time is in. */
export function startOf(atMs: number, seconds: StatSeconds): number {
  return Math.floor(atMs / (seconds * 1000)) * seconds * 1000;
}
