import type { Counts, Stats } from "@posthorn/client/operations";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How far back one looks. Minutes are kept for seven hours: what is longer is told by the hour. */
export const RANGES = {
  "1h": { ms: HOUR_MS, resolution: "minute", words: "the last hour" },
  "24h": { ms: 24 * HOUR_MS, resolution: "hour", words: "the last 24 hours" },
  "30d": { ms: 30 * 24 * HOUR_MS, resolution: "hour", words: "the last 30 days" },
} as const;

export type Range = keyof typeof RANGES;

export const RANGE_NAMES = ["1h", "24h", "30d"] as const satisfies readonly Range[];

/** Which no address has to name. */
export const DEFAULT_RANGE: Range = "1h";

/** Reads a range of an address. Undefined: it is the default, or none. */
export function rangeIn(word: unknown): Range | undefined {
  return RANGE_NAMES.find((name) => name === word && name !== DEFAULT_RANGE);
}

/** What happened in a minute, or in an hour. */
export interface Step {
  /** When it began, in milliseconds since 1970. */
  readonly at: number;
  /** Whether it is not over: its numbers will grow. */
  readonly isRunning: boolean;
  readonly accepted: number;
  readonly delivered: number;
  /** Deliveries that ended without success: rejected, or dead. */
  readonly failed: number;
  /** In milliseconds. Null: nothing was delivered. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** Returns every minute, or hour, that was asked for: the server leaves out what had nothing. */
export function stepsOf({ since, until, resolution, points }: Stats): readonly Step[] {
  const lengthMs = resolution === "minute" ? MINUTE_MS : HOUR_MS;
  const told = new Map(points.map((point) => [Date.parse(point.at), point]));
  const end = Date.parse(until);
  const steps: Step[] = [];
  for (let at = Date.parse(since); at < end; at += lengthMs) {
    steps.push({ at, isRunning: at + lengthMs > end, ...numbersOf(told.get(at)) });
  }
  return steps;
}

function numbersOf(counts: Counts | undefined): Omit<Step, "at" | "isRunning"> {
  const { p50_ms, p95_ms, p99_ms } = counts?.accepted_to_delivered ?? {};
  return {
    accepted: counts?.accepted ?? 0,
    delivered: counts?.delivered ?? 0,
    failed: (counts?.rejected ?? 0) + (counts?.dead ?? 0),
    p50: p50_ms ?? null,
    p95: p95_ms ?? null,
    p99: p99_ms ?? null,
  };
}

/** Whether nothing at all was counted. */
export function isNothing({ accepted, attempts, delivered, rejected, dead }: Counts): boolean {
  return accepted + attempts + delivered + rejected + dead === 0;
}

/** Returns the step in which most events were accepted; of equals the latest. Undefined: none were. */
export function busiestOf(steps: readonly Step[]): Step | undefined {
  return steps.reduce<Step | undefined>(
    (most, step) => (step.accepted > 0 && step.accepted >= (most?.accepted ?? 0) ? step : most),
    undefined,
  );
}

/**
 * Splits values into those of steps that are over, and those that lead to the step that runs: its number is
 * smaller as it is not over, which a line would show as a fall.
 */
export function splitAtRunning<Value>(
  steps: readonly Step[],
  valueOf: (step: Step) => Value,
): readonly [over: readonly (Value | null)[], running: readonly (Value | null)[]] {
  const over = steps.map((step) => (step.isRunning ? null : valueOf(step)));
  const running = steps.map((step, index) =>
    step.isRunning || steps[index + 1]?.isRunning === true ? valueOf(step) : null,
  );
  return [over, running];
}

/** Returns how many there were a second in what was counted. */
export function perSecond(count: number, { since, until }: Pick<Stats, "since" | "until">): number {
  const seconds = (Date.parse(until) - Date.parse(since)) / 1000;
  return seconds > 0 ? count / seconds : 0;
}

/** Says a rate so that it has a digit that tells something: `1,204/s`, `3.33/s`, `1.2/min`. */
export function rateText(aSecond: number): string {
  if (aSecond === 0) {
    return "0/s";
  }
  return aSecond < 0.1 ? `${numberText(aSecond * 60)}/min` : `${numberText(aSecond)}/s`;
}

function numberText(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString("en", { maximumFractionDigits: digits });
}

/**
 * Says how much of something: all of it is 100 %, and nothing else is; none of it is 0 %, and nothing else.
 * Undefined: there is nothing to have a part of.
 */
export function percentText(part: number, whole: number): string | undefined {
  if (whole === 0) {
    return undefined;
  }
  if (part === 0) {
    return "0 %";
  }
  const percent = (100 * part) / whole;
  if (percent < 0.1) {
    return "under 0.1 %";
  }
  // Cut, not rounded: 9,999 of 10,000 are not all.
  const digits = percent >= 99 ? 100 : 10;
  const cut = Math.floor(percent * digits) / digits;
  return part < whole && percent > 99.99 ? "over 99.99 %" : `${cut} %`;
}

const SECOND_MS = 1000;
const DAY_MS = 24 * HOUR_MS;

/** Lengths of time that marks at the side of a chart may be apart, so that each mark is a round one. */
export const MARKS_MS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 5, 10, 20, 50].map((days) => days * DAY_MS),
];
