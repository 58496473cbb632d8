import {
  type Attempt,
  type DeadLetter,
  type DeliveryState,
  type Gap,
  type GapReason,
  LIVE,
  type Retry,
} from "./delivery.ts";
import type { Offset } from "./offset.ts";

/** What is stored about one event and one endpoint, on every cursor. */
export interface StoredFacts {
  readonly attempts: readonly Attempt[];
  readonly retries: readonly Retry[];
  readonly deadLetters: readonly DeadLetter[];
  /** The endpoint's gaps; those that do not cover the event are ignored. */
  readonly gaps: readonly Gap[];
}

export interface FactsQuery {
  /** Whose events they are: offsets are unique within its part of the log. */
  readonly tenant: number;
  readonly offsets: readonly Offset[];
  /** Default: every endpoint's. */
  readonly endpoint?: number;
}

/** Parts what is stored about several events and one endpoint by event. */
export function factsByOffset({
  attempts,
  retries,
  deadLetters,
  gaps,
}: StoredFacts): (offset: Offset) => StoredFacts {
  const at = {
    attempts: Map.groupBy(attempts, ({ offset }) => offset),
    retries: Map.groupBy(retries, ({ offset }) => offset),
    deadLetters: Map.groupBy(deadLetters, ({ offset }) => offset),
  };
  return (offset) => ({
    attempts: at.attempts.get(offset) ?? [],
    retries: at.retries.get(offset) ?? [],
    deadLetters: at.deadLetters.get(offset) ?? [],
    gaps,
  });
}

export interface Standing {
  readonly state: DeliveryState;
  /** Stable code of why, where there is one. */
  readonly reason: string | undefined;
}

/**
 * Decides where a live delivery stands, given that it is owed. The first that holds:
 *
 * delivered on any cursor · rejected · dead · waiting to be retried · in a gap · tried without a final
 * verdict · pending
 */
export function standingOf(facts: StoredFacts, offset: Offset): Standing {
  if (facts.attempts.some(({ verdict }) => verdict === "delivered")) {
    return { state: "delivered", reason: undefined };
  }
  const live = facts.attempts.filter(({ cursor }) => cursor === LIVE);
  const rejected = live.find(({ verdict }) => verdict === "rejected");
  if (rejected !== undefined) {
    return { state: "rejected", reason: rejected.reason };
  }
  const dead = facts.deadLetters.find(({ cursor }) => cursor === LIVE);
  if (dead !== undefined) {
    return { state: "dead", reason: dead.reason };
  }
  const retry = facts.retries.find(({ cursor }) => cursor === LIVE);
  if (retry !== undefined) {
    return { state: "retrying", reason: retry.reason };
  }
  const gap = gapOver(facts.gaps, offset);
  if (gap !== undefined) {
    return { state: stateInGap(gap.reason), reason: gap.reason };
  }
  const last = lastOf(live);
  return last === undefined
    ? { state: "pending", reason: undefined }
    : { state: "retrying", reason: last.reason };
}

/**
 * Decides where a delivery stands that an endpoint was never owed, and a replay sends to it all the same: by
 * what replays came to. The first that holds: delivered · waiting to be retried · dead · rejected · cancelled
 */
export function standingOfReplayed({ attempts, retries, deadLetters }: StoredFacts): Standing {
  if (attempts.some(({ verdict }) => verdict === "delivered")) {
    return { state: "delivered", reason: undefined };
  }
  const [retry] = retries;
  if (retry !== undefined) {
    return { state: "retrying", reason: retry.reason };
  }
  const [dead] = deadLetters;
  if (dead !== undefined) {
    return { state: "dead", reason: dead.reason };
  }
  const rejected = attempts.find(({ verdict }) => verdict === "rejected");
  return rejected === undefined
    ? { state: "cancelled", reason: "cancelled" }
    : { state: "rejected", reason: rejected.reason };
}

// A later gap may reach over an earlier one; what ended the delivery first stays.
function gapOver(gaps: readonly Gap[], offset: Offset): Gap | undefined {
  let first: Gap | undefined;
  for (const gap of gaps) {
    if (gap.from <= offset && offset <= gap.to && (first === undefined || gap.at < first.at)) {
      first = gap;
    }
  }
  return first;
}

/** Where a delivery stands that a gap covers. */
export function stateInGap(reason: GapReason): DeliveryState {
  switch (reason) {
    case "expired":
      return "expired";
    case "cancelled":
    case "skipped":
    case "disabled":
    case "superseded":
    case "erased":
      return "cancelled";
  }
}

function lastOf(attempts: readonly Attempt[]): Attempt | undefined {
  return attempts.reduce<Attempt | undefined>(
    (last, attempt) => (last === undefined || attempt.number > last.number ? attempt : last),
    undefined,
  );
}
