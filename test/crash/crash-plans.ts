/** Which ends the processes of a run come to. */
import type { CrashPoint, PlannedCrash } from "./crash-points.ts";
import type { Chance } from "./seeded.ts";

/** `kill`: from outside, at any moment. `drain`: a signal to finish what is in flight. */
export type PlannedEnd = PlannedCrash | "kill" | "drain";

export type Plan = readonly PlannedEnd[];

// Points that are passed for every event come so often that any of the first passings may be the one.
const PASSINGS_MAX: Readonly<Partial<Record<CrashPoint, number>>> = {
  "append.before": 20,
  "append.after": 20,
  "append.answered": 20,
  "flush.before": 25,
  "flush.after": 25,
  "flush.applied": 25,
  "send.before": 40,
  "send.written": 40,
  "send.after": 40,
};

/** Each of the points so many times, in an order of chance. */
export function planPoints(points: readonly CrashPoint[], times: number, chance: Chance): Plan {
  const all = points.flatMap((point) => Array.from({ length: times }, () => point));
  return chance
    .shuffled(all)
    .map((point) => ({ point, passing: 1 + chance.below(PASSINGS_MAX[point] ?? 1) }));
}

export function planOf(end: PlannedEnd, count: number): Plan {
  return Array.from({ length: count }, () => end);
}

/** Puts another end before every few of a plan, so that there is always something to recover. */
export function interleave(plan: Plan, end: PlannedEnd, every: number): Plan {
  return plan.flatMap((planned, place) => (place % every === 0 ? [end, planned] : [planned]));
}
