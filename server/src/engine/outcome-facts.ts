/** What an outcome writes, apart from its attempts: each adds facts of one kind, or says which follow. */
import type { FactsDraft } from "../facts.ts";
import { type FrozenBatch, LIVE } from "../model/delivery.ts";
import type { Offset } from "../model/offset.ts";
import { getsThrough } from "./failing.ts";
import type { Item } from "./lane.ts";
import { contributeStep, countOutcome } from "./replay-cursor.ts";
import { goesAgain, type Settlement } from "./settle.ts";
import { endsLive, leavesTheLine, retryAfter, type Settled } from "./settled.ts";
import { type TellingPorts, tellHeld, tellRecovered } from "./told-holds.ts";

export function contributeSettlement(facts: FactsDraft, settled: Settled, settlement: Settlement): void {
  const { lane, item, outcome } = settled;
  const key = { endpoint: lane.endpoint, cursor: item.cursor };
  const [first = 0] = item.offsets;
  switch (settlement.kind) {
    case "final":
      endRetry(facts, item);
      if (endsLive(settled)) {
        supersede(facts, { endpoint: lane.endpoint, offset: first, at: outcome.endedAt });
      }
      return;
    case "dead":
      endRetry(facts, item);
      for (const offset of item.offsets) {
        facts.deadLetters.push({ ...key, offset, reason: settlement.reason, at: outcome.endedAt });
      }
      return;
    case "retry":
    case "hold":
      if (leavesTheLine(lane, item)) {
        facts.retries.push(retryAfter(lane, item, settlement));
      }
      return;
    case "disable":
      endRetry(facts, item);
      for (const offset of item.offsets) {
        const at = outcome.endedAt;
        facts.gaps.push({ endpoint: lane.endpoint, from: offset, to: offset, reason: "disabled", at });
      }
      return;
  }
}

interface Raising extends TellingPorts {
  readonly settlement: Settlement;
  readonly failingSince: number | undefined;
}

/**
 * Disables the endpoint where that follows, and adds what the operator is told. Returns whether the log grows
 * by it.
 */
export function contributeRaised(
  facts: FactsDraft,
  { lane, item, outcome }: Settled,
  { settlement, failingSince, toldHolds, operational }: Raising,
): boolean {
  const before = facts.raised.length;
  if (settlement.kind === "disable") {
    const { reason } = settlement;
    const raises = operational.endpointDisabled(lane.route, { reason, failingSince });
    facts.disabled.push({ endpoint: lane.endpoint, reason, raises });
  } else if (getsThrough(outcome)) {
    tellRecovered(facts, lane, { toldHolds, operational });
  } else {
    tellHeld(facts, lane, { toldHolds, operational, now: outcome.endedAt });
  }
  if (settlement.kind === "dead" && item.cursor === LIVE) {
    const { offsets, requests } = item;
    const dead = { reason: settlement.reason, attempts: requests + 1, offsets };
    const raised = operational.deliveryDead(lane.route, dead);
    facts.raised.push(...(raised === undefined ? [] : [raised]));
  }
  return settlement.kind === "disable" || facts.raised.length > before;
}

export function endRetry(facts: FactsDraft, { retry }: Item): void {
  if (retry !== undefined) {
    facts.endedRetries.push(retry);
  }
}

/** Adds what this makes of the replay of a range it belongs to, and returns what takes its count back. */
export function contributeReplay(
  facts: FactsDraft,
  { lane, item, outcome }: Settled,
  settlement: Settlement,
) {
  const cursor = lane.cursors.get(item.cursor);
  let takeBack = (): void => undefined;
  if (cursor !== undefined) {
    if (!goesAgain(settlement)) {
      takeBack = countOutcome(cursor, outcome.verdict.kind === "delivered");
    }
    contributeStep(facts, cursor);
  }
  return takeBack;
}

/** What a replay delivered, the live cursor need not: its retry goes, and a gap says why nothing follows. */
function supersede(
  facts: FactsDraft,
  { endpoint, offset, at }: { endpoint: number; offset: Offset; at: number },
) {
  facts.endedRetries.push({ endpoint, cursor: LIVE, offset });
  facts.gaps.push({ endpoint, from: offset, to: offset, reason: "superseded", at });
}

export function batchAfter({ lane, item }: Settled, settlement: Settlement): FrozenBatch | undefined {
  if (lane.route.contract.discipline !== "batched" || item.retry !== undefined) {
    return lane.batch;
  }
  switch (settlement.kind) {
    case "retry": {
      const { dueAt, used, reason } = settlement;
      return { offsets: item.offsets, requests: item.requests + 1, used, dueAt, reason };
    }
    case "hold": {
      const { until: dueAt, reason } = settlement.hold;
      return { offsets: item.offsets, requests: item.requests + 1, used: item.used, dueAt, reason };
    }
    case "final":
    case "dead":
    case "disable":
      return undefined;
  }
}

/** What a replay has delivered while it was on its way does not go again. */
export function withoutEnded({ lane, item }: Settled, settlement: Settlement): Settlement {
  const isEnded = item.cursor === LIVE && lane.cancelled.delete(item.offsets[0] ?? 0);
  return isEnded && goesAgain(settlement) ? { kind: "final" } : settlement;
}
