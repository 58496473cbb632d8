import { DEFAULT_LIMITS, type Limits } from "../server/src/engine/limits.ts";
import type { Retention } from "../server/src/model/retention.ts";
import type { Dice } from "./random.ts";

/** Places where something goes wrong in a run, if it is armed there. */
export const FAULTS = [
  "write_fails_before",
  "write_fails_after",
  "write_slow",
  "facts_refused",
  "read_fails",
  "read_slow",
  "crash_at_write",
  "crash_at_read",
  "crash_at_send",
  "crash_any_time",
  "takeover",
  "clock_jumps",
  "answer_server_error",
  "answer_client_error",
  "answer_refused_for_good",
  "answer_gone",
  "answer_throttled",
  "answer_garbage",
  "answer_slow",
  "answer_lost",
  "greeting_refused",
  "unreachable",
  "outage",
  "contract_wrong",
] as const;

/** Drawn after everything else, so that a run that arms none of them stays what its seed always gave. */
const LATER_FAULTS = ["sender_fails", "request_unsendable", "starts_paused"] as const;

export type FaultName = (typeof FAULTS)[number] | (typeof LATER_FAULTS)[number];

/** What one run is made of; it follows from the seed. */
export interface Plan {
  /** How long things happen, before everything is healed. */
  readonly spanMs: number;
  readonly tenants: number;
  readonly endpoints: number;
  readonly operatorsEndpoints: number;
  readonly submissions: number;
  readonly actions: number;
  /** The probability with which each armed fault fires; absent: it is not armed. */
  readonly faults: ReadonlyMap<FaultName, number>;
  /** Crashes and takeovers at most, so that every run gets somewhere. */
  readonly livesMax: number;
  readonly limits: Limits;
  /** Whether endpoints keep their contract's schedule of days; else it is one of seconds. */
  readonly isPatient: boolean;
  /** Whether a mended contract comes with a new process; else a person saves the stopped endpoints again. */
  readonly isMendedByRestart: boolean;
  /** How long events are kept; undefined: for ever. */
  readonly keepMs: number | undefined;
  /** What is kept for less time, in days. */
  readonly retention: Retention;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const ARMED = 0.35;

export function drawPlan(dice: Dice): Plan {
  const isBig = dice.chance(0.03);
  const faults = new Map<FaultName, number>();
  const isCalm = dice.chance(0.05);
  const arm = (names: readonly FaultName[]): void => {
    for (const name of names) {
      const probability = dice.pick([0.01, 0.03, 0.1, 0.3]);
      if (!isCalm && dice.chance(ARMED)) {
        faults.set(name, probability);
      }
    }
  };
  arm(FAULTS);
  const plan = {
    spanMs: dice.pick([10 * SECOND, MINUTE, 10 * MINUTE, 2 * HOUR, 30 * HOUR]),
    tenants: dice.between(1, 3),
    endpoints: dice.between(2, 9),
    operatorsEndpoints: dice.pick([0, 1, 2]),
    submissions: isBig ? dice.between(800, 1500) : dice.between(10, 90),
    actions: dice.pick([0, 5, 15, 30, 60]),
    faults,
    livesMax: dice.between(1, 8),
    limits: drawLimits(dice),
    isPatient: dice.chance(0.15),
    isMendedByRestart: dice.chance(0.5),
  };
  arm(LATER_FAULTS);
  // Drawn late for the same reason.
  const directoryBlockEvents = dice.pick([1, 3, 10, DEFAULT_LIMITS.directoryBlockEvents]);
  const keepMs = dice.chance(0.2) ? Math.max(MINUTE, plan.spanMs / dice.pick([2, 4, 8])) : undefined;
  const lingeringMax = dice.pick([1, 3, DEFAULT_LIMITS.lingeringMax]);
  const limits = { ...plan.limits, directoryBlockEvents, lingeringMax };
  return { ...plan, limits, keepMs, retention: drawRetention(dice, plan.spanMs) };
}

/** Days are long; parts of one are as good. */
function drawRetention(dice: Dice, spanMs: number): Retention {
  if (!dice.chance(0.3)) {
    return {};
  }
  const draw = () => Math.max(MINUTE, spanMs / dice.pick([2, 4, 8, 16])) / (24 * HOUR);
  return { payload: draw(), attempts: draw() };
}

/** Nodes look at one another all the time: days of that say no more than minutes do. */
export function shortened(plan: Plan): Plan {
  return { ...plan, spanMs: Math.min(plan.spanMs, 10 * MINUTE), isPatient: false };
}

/** Small limits, so that few events reach them. */
function drawLimits(dice: Dice): Omit<Limits, "directoryBlockEvents" | "lingeringMax"> {
  if (dice.chance(0.2)) {
    return DEFAULT_LIMITS;
  }
  const limits = {
    acceptWaitingBytesMax: dice.pick([2_000, 20_000, 1_000_000]),
    acceptWaitingEventsMax: dice.pick([2, 20, 50_000]),
    inFlightMax: dice.pick([1, 3, 20, 512]),
    unflushedMax: dice.pick([1, 5, 100, 4096]),
    unflushedPerLaneMax: dice.pick([1, 3, 64]),
    unflushedPerSlotMax: 2,
    laneReadyMax: dice.pick([2, 6, 20, 1024]),
    payloadBytesMax: dice.pick([0, 1_000, 10_000, 1_000_000]),
    retryWindowMax: dice.pick([2, 5, 20, 1000]),
    retriesPerLaneMax: dice.pick([1, 3, 20, 10_000]),
    replayWindowMax: dice.pick([1, 3, 64]),
    replaySeenMax: dice.pick([1, 10, 4096]),
    checkpointLagMax: dice.pick([10, 1000, 20_000]),
    checkpointEveryMs: dice.pick([10, 200, 1000]),
    pageEventsMax: dice.pick([1, 3, 20, 512]),
    pageBytesMax: dice.pick([200, 2_000, 1_000_000]),
    routesMax: dice.pick([1, 4, 100_000]),
    welcomesMax: dice.pick([1, 3, 100_000]),
    acceptMsMax: dice.pick([50, 1000, 5000]),
  };
  const inFlightPerTenantMax = Math.ceil(limits.inFlightMax / 2);
  return {
    ...limits,
    inFlightPerTenantMax,
    inFlightSlowMax: inFlightPerTenantMax,
    inFlightSlowPerTenantMax: Math.ceil(inFlightPerTenantMax / 2),
  };
}
