import type { Clock } from "../clock.ts";
import type { FactsDraft } from "../facts.ts";
import { type FrozenBatch, LIVE, type Retry } from "../model/delivery.ts";
import type { Offset } from "../model/offset.ts";
import type { OperationalEvents } from "../operational-events.ts";
import type { Outcome } from "./attempt.ts";
import { attemptsOf } from "./attempts-of.ts";
import { CIRCUIT_OPEN, runAfter } from "./circuit.ts";
import {
  type Failing,
  failingAfter,
  getsThrough,
  isReceiversDoing,
  type KnownFailing,
  noteFailing,
} from "./failing.ts";
import { type FailureRun, isReceiverFailing } from "./failure-run.ts";
import type { Change } from "./flusher.ts";
import { holdAfter } from "./hold-after.ts";
import { dropReady, type Item, isAbandoned, type Lane, retryKey, rowOf } from "./lane.ts";
import { contributeStep, countOutcome, noteDurable } from "./replay-cursor.ts";
import type { RetryWindow } from "./retry-window.ts";
import type { Fraction } from "./schedule.ts";
import { type Settlement, settle } from "./settle.ts";
import type { SinceByEndpoint } from "./since.ts";
import { type TellingPorts, tellHeld, tellRecovered } from "./told-holds.ts";

/** One item of a lane, and what came of it. */
export interface Settled {
  readonly lane: Lane;
  readonly item: Item;
  readonly outcome: Outcome;
  /** Whether other members of the same batch are still on their way. */
  readonly isPart: boolean;
}

export interface OutcomePorts extends KnownFailing {
  readonly window: RetryWindow;
  readonly clock: Pick<Clock, "monotonic">;
  readonly toldHolds: SinceByEndpoint;
  readonly operational: OperationalEvents;
  readonly fraction: Fraction;
  readonly routedTo: () => Offset;
  /** The lane may have something to send now. */
  readonly onReady: (lane: Lane) => void;
  /** The log has grown by this outcome, durably: by a change, or by an event about it. */
  readonly onLogGrown: () => void;
  /** A retry was put into the window. */
  readonly onRetryAdded: () => void;
}

/** Turns an outcome into the facts that record it and what the lane does next, once they are durable. */
export function outcomeChange(settled: Settled, ports: OutcomePorts): Change {
  const { lane, item, outcome } = settled;
  let settlement: Settlement = { kind: "final" };
  let batch = lane.batch;
  let isLogGrown = false;
  let takeBackCount = (): void => undefined;
  // The flush under way may take long, and this outcome waits for the next one.
  const isStop = stopsLane(settled);
  const elapsed = ports.clock.monotonic();
  lane.stopsWaiting += isStop ? 1 : 0;

  return {
    endpoint: lane.endpoint,
    mayLinger: isPlain(settled),
    contribute(facts) {
      lane.stopsWaiting -= isStop ? 1 : 0;
      facts.attempts.push(...attemptsOf(settled, lane.endpoint));
      const failing = failingAfter(ports, lane.route.endpoint, { outcome, elapsed });
      const failures = runAfter(lane.failures, {
        endpoint: lane.route.endpoint,
        offset: item.offsets[0] ?? 0,
        outcome,
      });
      settlement = settlementOf(settled, { fraction: ports.fraction, failing, failures });
      // An answer may come after the endpoint was disabled: it is recorded, and nothing follows from it.
      if (isAbandoned(lane, item)) {
        // A row that is left finds its delivery for the gap, which ends it.
        if (settlement.kind === "final") {
          endRetry(facts, item);
        }
        return;
      }
      // Hold and failing take effect at once, so that outcomes of one flush build on one another; neither
      // sends anything early.
      noteFailing(ports, facts, {
        endpoint: lane.endpoint,
        now: settlement.kind === "disable" ? undefined : failing,
      });
      lane.hold = holdAfter(settled, settlement);
      lane.failures = failures;
      settlement = withoutEnded(settled, settlement);
      contributeSettlement(facts, settled, settlement);
      const { toldHolds, operational } = ports;
      const raising = { settlement, failingSince: failing?.since, toldHolds, operational };
      isLogGrown = contributeRaised(facts, settled, raising);
      if (endsLive(settled)) {
        forgetLive(lane, item, ports);
      }
      takeBackCount = contributeReplay(facts, settled, settlement);
      if (settlement.kind === "disable") {
        // Nothing more is sent until the change that the store makes of it is followed.
        lane.route = { ...lane.route, state: "disabled" };
      }
      batch = batchAfter(settled, settlement);
      if (lane.row?.hold !== lane.hold || lane.row?.batch !== batch) {
        lane.row = { ...rowOf(lane, ports.routedTo()), batch };
        facts.lanes.push(lane.row);
      }
    },
    applied() {
      const isOver = isAbandoned(lane, item);
      release(settled);
      if (!isOver) {
        lane.batch = batch;
        advance(settled, settlement, ports);
      }
      if (isLogGrown) {
        ports.onLogGrown();
      }
      ports.onReady(lane);
    },
    failed() {
      takeBackCount();
      releaseSlot(settled);
    },
  };
}

/** Whether nothing follows from the outcome but that it is recorded, and its lane goes on meanwhile. */
function isPlain({ lane, item, outcome }: Settled): boolean {
  const { discipline } = lane.route.contract;
  const isFirst = item.retry === undefined && item.cursor === LIVE;
  return discipline === "each" && isFirst && outcome.verdict.kind === "delivered" && lane.hold === undefined;
}

/** Whether nothing more is sent before the outcome takes effect: a probe that failed is one too many. */
function stopsLane({ lane, outcome: { verdict } }: Settled): boolean {
  switch (verdict.kind) {
    case "hold":
    case "disable":
      return true;
    case "retry":
      return lane.hold !== undefined;
    case "delivered":
    case "rejected":
      return false;
  }
}

interface SettlementPorts {
  readonly fraction: Fraction;
  readonly failing: Failing | undefined;
  readonly failures: FailureRun | undefined;
}

function settlementOf(
  { lane, item, outcome }: Settled,
  { fraction, failing, failures }: SettlementPorts,
): Settlement {
  const { contract, policy } = lane.route;
  const isHead = contract.discipline === "ordered" && item.retry === undefined;
  return settle({
    verdict: outcome.verdict,
    discipline: contract.discipline,
    retry: policy.retry,
    holdBackOff: policy.hold,
    hold: lane.hold,
    isReceiverFailing:
      lane.hold?.reason.startsWith(CIRCUIT_OPEN) === true || isReceiverFailing(failures, outcome.endedAt),
    headRequests: isHead ? item.requests + 1 : (lane.hold?.requests ?? 0),
    used: item.used,
    startedAt: outcome.startedAt,
    now: outcome.endedAt,
    fraction,
    failing: isReceiversDoing(outcome) ? failing : undefined,
    disableAfterMs: policy.disableAfterMs,
  });
}

function contributeSettlement(facts: FactsDraft, settled: Settled, settlement: Settlement): void {
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
function contributeRaised(
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

/**
 * Whether a delivery that goes again waits in `retry`: all but the head of an `ordered` lane and a frozen
 * batch.
 */
function leavesTheLine(lane: Lane, item: Item): boolean {
  return lane.route.contract.discipline === "each" || item.retry !== undefined;
}

function retryAfter(lane: Lane, item: Item, settlement: Settlement & { kind: "retry" | "hold" }): Retry {
  const [offset = 0] = item.offsets;
  const again =
    settlement.kind === "retry"
      ? { used: settlement.used, dueAt: settlement.dueAt, reason: settlement.reason }
      : { used: item.used, dueAt: settlement.hold.until, reason: settlement.hold.reason };
  return { endpoint: lane.endpoint, cursor: item.cursor, offset, requests: item.requests + 1, ...again };
}

function endRetry(facts: FactsDraft, { retry }: Item): void {
  if (retry !== undefined) {
    facts.endedRetries.push(retry);
  }
}

/** Whether this delivers what the live cursor has yet to be done with. */
function endsLive({ lane, item, outcome }: Settled): boolean {
  const isOver = lane.cursors.get(item.cursor)?.liveIsOver.has(item.offsets[0] ?? 0) === true;
  return item.cursor !== LIVE && outcome.verdict.kind === "delivered" && !isOver;
}

/** Adds what this makes of the replay of a range it belongs to, and returns what takes its count back. */
function contributeReplay(facts: FactsDraft, { lane, item, outcome }: Settled, { kind }: Settlement) {
  const cursor = lane.cursors.get(item.cursor);
  let takeBack = (): void => undefined;
  if (cursor !== undefined) {
    if (kind !== "retry" && kind !== "hold") {
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

function batchAfter({ lane, item }: Settled, settlement: Settlement): FrozenBatch | undefined {
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

/** A lane with one in flight may send the next; others may since the answer came. */
function releaseSlot({ lane, isPart }: Settled): void {
  if (lane.route.contract.discipline !== "each" && !isPart) {
    lane.requestsOut -= 1;
  }
}

/** Ends the item's time in flight. */
function release(settled: Settled): void {
  const { lane, item } = settled;
  releaseSlot(settled);
  if (item.retry !== undefined) {
    lane.retriesInFlight.delete(retryKey(item.retry));
    return;
  }
  for (const offset of item.offsets) {
    lane.inFlight.delete(offset);
  }
}

/** Puts back what goes again, and counts what is over. */
function advance({ lane, item }: Settled, settlement: Settlement, ports: OutcomePorts): void {
  const { window } = ports;
  const goesAgain = settlement.kind === "retry" || settlement.kind === "hold";
  const cursor = lane.cursors.get(item.cursor);
  if (cursor !== undefined) {
    noteDurable(cursor, item.offsets[0] ?? 0, goesAgain);
  }
  // It was skipped while this was being stored.
  const isSkipped = item.cursor === LIVE && lane.cancelled.delete(item.offsets[0] ?? 0);
  if (goesAgain && leavesTheLine(lane, item)) {
    if (isSkipped) {
      lane.retries -= item.retry === undefined ? 0 : 1;
      return;
    }
    lane.retries += item.retry === undefined ? 1 : 0;
    window.add(retryAfter(lane, item, settlement));
    ports.onRetryAdded();
    return;
  }
  if (goesAgain && lane.route.contract.discipline === "ordered") {
    lane.ready.putBack(item.offsets);
    return;
  }
  if (item.retry !== undefined) {
    // A page of retries that was read meanwhile may have brought back what is over.
    window.remove(item.retry);
    lane.retries -= 1;
    lane.replays -= item.cursor === LIVE ? 0 : 1;
  }
}

/** What a replay has delivered while it was on its way does not go again. */
function withoutEnded({ lane, item }: Settled, settlement: Settlement): Settlement {
  const isEnded = item.cursor === LIVE && lane.cancelled.delete(item.offsets[0] ?? 0);
  const goesAgain = settlement.kind === "retry" || settlement.kind === "hold";
  return isEnded && goesAgain ? { kind: "final" } : settlement;
}

/** Takes the live delivery of what a replay delivered out of memory, wherever it waits. */
function forgetLive(lane: Lane, item: Item, { window, routedTo }: OutcomePorts): void {
  const [offset = 0] = item.offsets;
  const live = { endpoint: lane.endpoint, cursor: LIVE, offset };
  dropReady(lane, offset, routedTo());
  if (lane.inFlight.has(offset) || lane.retriesInFlight.has(retryKey(live))) {
    lane.cancelled.add(offset);
  }
  const wasDue = lane.due.delete(retryKey(live));
  const wasWaiting = window.remove(live) !== undefined;
  lane.retries -= wasDue || wasWaiting ? 1 : 0;
}
