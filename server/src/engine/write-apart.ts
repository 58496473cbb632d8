import type { Facts } from "../facts.ts";
import { StoreRefusal } from "../store.ts";

/** What came of writing facts. `stopped`: nothing more is written. */
export type Written = "flushed" | "stopped" | StoreRefusal;

/** Where the durable state of a lease stands. */
export type Position = Pick<Facts, "checkpoint" | "changesApplied">;

/** The lanes whose facts were refused, by endpoint, and why. */
export type Refusals = ReadonlyMap<number, StoreRefusal>;

/** Stands for the endpoint where a fact is about none: endpoints count from 1. */
export const NO_ENDPOINT = 0;

type Fact = number | object;

/**
 * Writes in parts what the store refuses as a whole, and finds the lanes at fault: halves are written, and
 * halves of those that are refused. Finds none where the store refuses even what says nothing of any lane.
 * The position stays where it is, as not everything becomes durable that a later one says.
 */
export async function writeApart(
  facts: Facts,
  position: Position,
  write: (part: Facts) => Promise<Written>,
): Promise<Refusals | "stopped"> {
  const refusals = new Map<number, StoreRefusal>();
  const parts = [endpointsIn(facts), []];
  for (let endpoints = parts.pop(); endpoints !== undefined; endpoints = parts.pop()) {
    const written = await write(factsOf(endpoints, facts, position));
    if (written === "stopped") {
      return "stopped";
    }
    if (written === "flushed") {
      continue;
    }
    const [first] = endpoints;
    if (first === undefined) {
      break;
    }
    if (endpoints.length === 1) {
      refusals.set(first, written);
    } else {
      const middle = Math.ceil(endpoints.length / 2);
      parts.push(endpoints.slice(middle), endpoints.slice(0, middle));
    }
  }
  return refusals;
}

function endpointsIn({ flush: _, checkpoint: __, changesApplied: ___, ...facts }: Facts): readonly number[] {
  const all = Object.values(facts).flatMap<Fact>((list) => list);
  return [...new Set(all.map(endpointOf))];
}

function endpointOf(fact: Fact): number {
  if (typeof fact === "number") {
    return fact;
  }
  return "endpoint" in fact && typeof fact.endpoint === "number" ? fact.endpoint : NO_ENDPOINT;
}

function factsOf(endpoints: readonly number[], facts: Facts, position: Position): Facts {
  const chosen = new Set(endpoints);
  const isChosen = (fact: Fact) => chosen.has(endpointOf(fact));
  return {
    flush: facts.flush,
    ...position,
    attempts: facts.attempts.filter(isChosen),
    retries: facts.retries.filter(isChosen),
    endedRetries: facts.endedRetries.filter(isChosen),
    deadLetters: facts.deadLetters.filter(isChosen),
    gaps: facts.gaps.filter(isChosen),
    lanes: facts.lanes.filter(isChosen),
    releasedLanes: facts.releasedLanes.filter(isChosen),
    replays: facts.replays.filter(isChosen),
    abandoned: facts.abandoned.filter(isChosen),
    disabled: facts.disabled.filter(isChosen),
    failing: facts.failing.filter(isChosen),
    toldHolds: facts.toldHolds.filter(isChosen),
    raised: facts.raised.filter(isChosen),
    directory: facts.directory.filter(isChosen),
    erasing: facts.erasing.filter(isChosen),
    ageing: facts.ageing.filter(isChosen),
    replaying: facts.replaying.filter(isChosen),
    stats: facts.stats.filter(isChosen),
    answered: facts.answered.filter(isChosen),
    handedOn: facts.handedOn.filter(isChosen),
  };
}
