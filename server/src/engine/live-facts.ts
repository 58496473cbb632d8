import type { Facts } from "../facts.ts";
import type { LiveAttempt, LiveDeliveryState, LiveHold } from "../live.ts";
import { type Attempt, type DeliveryKey, type LaneRow, LIVE } from "../model/delivery.ts";
import { stateInGap } from "../model/delivery-state.ts";
import type { Offset } from "../model/offset.ts";

/** A fact of a flush that is told, before it is known whose it is. */
export type ToldFact = { readonly endpoint: number } & (
  | { readonly kind: "attempt"; readonly offset: Offset; readonly attempt: LiveAttempt }
  | { readonly kind: "delivery"; readonly offset: Offset; readonly delivery: LiveDeliveryState }
  | { readonly kind: "gap"; readonly from: Offset; readonly to: Offset; readonly reason: GapReason }
  | { readonly kind: "lane"; readonly hold: LiveHold | undefined }
);

type GapReason = Facts["gaps"][number]["reason"];

/** Returns what a flush makes known of attempts, of where deliveries stand, and of lanes, in that order. */
export function toldFacts(facts: Facts): readonly ToldFact[] {
  return [
    ...facts.attempts.map(attemptFact),
    ...deliveriesIn(facts),
    ...[...facts.gaps, ...facts.abandoned].filter(({ from, to }) => from < to).map(gapFact),
    ...facts.releasedLanes.map((endpoint): ToldFact => ({ kind: "lane", endpoint, hold: undefined })),
    ...facts.lanes.map(laneFact),
  ];
}

function attemptFact({ answer: _answer, payloadHash: _hash, ...attempt }: Attempt): ToldFact {
  return { kind: "attempt", endpoint: attempt.endpoint, offset: attempt.offset, attempt };
}

function gapFact({ endpoint, from, to, reason }: Omit<Facts["gaps"][number], "at">): ToldFact {
  return { kind: "gap", endpoint, from, to, reason };
}

function laneFact({ endpoint, hold }: LaneRow): ToldFact {
  return {
    kind: "lane",
    endpoint,
    hold: hold && { since: hold.since, until: hold.until, reason: hold.reason },
  };
}

/** Finds where each delivery stands that a flush is about, as `standingOf` does with all that is stored. */
function deliveriesIn(facts: Facts): readonly ToldFact[] {
  const states = new Map<string, LiveDeliveryState>();
  const note = (
    { endpoint, offset }: Pick<DeliveryKey, "endpoint" | "offset">,
    told: Omit<LiveDeliveryState, "endpoint" | "offset">,
  ): void => {
    states.set(`${endpoint}/${offset}`, { endpoint, offset, ...told });
  };
  const live = <Fact extends DeliveryKey>(all: readonly Fact[]) =>
    all.filter(({ cursor }) => cursor === LIVE);
  // What comes later is what holds: the reverse of the order in which `standingOf` looks.
  const rows = new Map(facts.lanes.map((row) => [row.endpoint, row]));
  for (const attempt of live(facts.attempts)) {
    const dueAt = dueInLane(rows.get(attempt.endpoint), attempt.offset);
    note(attempt, { state: "retrying", reason: attempt.reason, dueAt });
  }
  for (const gap of facts.gaps.filter(({ from, to }) => from === to)) {
    const told = { state: stateInGap(gap.reason), reason: gap.reason, dueAt: undefined };
    note({ endpoint: gap.endpoint, offset: gap.from }, told);
  }
  for (const retry of live(facts.retries)) {
    note(retry, { state: "retrying", reason: retry.reason, dueAt: retry.dueAt });
  }
  for (const letter of live(facts.deadLetters)) {
    note(letter, { state: "dead", reason: letter.reason, dueAt: undefined });
  }
  for (const attempt of live(facts.attempts).filter(({ verdict }) => verdict === "rejected")) {
    note(attempt, { state: "rejected", reason: attempt.reason, dueAt: undefined });
  }
  for (const attempt of facts.attempts.filter(({ verdict }) => verdict === "delivered")) {
    note(attempt, { state: "delivered", reason: undefined, dueAt: undefined });
  }
  return [...states.values()].map((delivery) => ({
    kind: "delivery",
    endpoint: delivery.endpoint,
    offset: delivery.offset,
    delivery,
  }));
}

/** When what stays in its lane goes again: with its batch, or when the lane's hold is over. */
function dueInLane(row: LaneRow | undefined, offset: Offset): number | undefined {
  const batch = row?.batch?.offsets.includes(offset) === true ? row.batch : undefined;
  return row?.hold?.until ?? batch?.dueAt;
}
