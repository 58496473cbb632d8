import type { Clock } from "../clock.ts";
import { LIVE } from "../model/delivery.ts";
import type { OperationalEvents } from "../operational-events.ts";
import { attemptsOf } from "./attempts-of.ts";
import { CIRCUIT_OPEN, runAfter } from "./circuit.ts";
import { type Failing, failingAfter, isReceiversDoing, type KnownFailing, noteFailing } from "./failing.ts";
import { type FailureRun, isReceiverFailing } from "./failure-run.ts";
import type { Change } from "./flusher.ts";
import { holdAfter } from "./hold-after.ts";
import { isAbandoned, keepsOrder, type Lane, rowOf } from "./lane.ts";
import {
  advance,
  type EffectPorts,
  endReplayed,
  forgetLive,
  release,
  releaseSlot,
} from "./outcome-effect.ts";
import {
  batchAfter,
  contributeRaised,
  contributeReplay,
  contributeSettlement,
  endRetry,
  withoutEnded,
} from "./outcome-facts.ts";
import type { Fraction } from "./schedule.ts";
import { type Settlement, settle } from "./settle.ts";
import { endsLive, isHead, type Settled } from "./settled.ts";
import type { SinceByEndpoint } from "./since.ts";
import { type UnflushedLimits, unflushedMaxOf, unflushedOf } from "./take.ts";

export interface OutcomePorts extends KnownFailing, EffectPorts {
  readonly clock: Pick<Clock, "monotonic">;
  readonly limits: UnflushedLimits;
  readonly toldHolds: SinceByEndpoint;
  readonly operational: OperationalEvents;
  readonly fraction: Fraction;
  /** The lane may have something to send now. */
  readonly onReady: (lane: Lane) => void;
  /** The log has grown by this outcome, durably: by a change, or by an event about it. */
  readonly onLogGrown: () => void;
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
  const replayed = item.cursor !== LIVE && outcome.verdict.kind === "delivered" ? item.offsets : [];
  for (const offset of replayed) {
    lane.replayed.set(offset, lane.replayed.get(offset) ?? "counted");
  }

  return {
    endpoint: lane.endpoint,
    mayLinger: isPlain(settled) && hasRoom(lane, ports.limits),
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
      replayed.forEach((offset) => endReplayed(lane, offset, ports));
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
      replayed.forEach((offset) => lane.replayed.delete(offset));
      releaseSlot(settled);
    },
  };
}

/** Whether nothing follows from the outcome but that it is recorded, and its lane goes on meanwhile. */
function isPlain({ lane, item, outcome }: Settled): boolean {
  const isFirst = item.retry === undefined && item.cursor === LIVE;
  return !keepsOrder(lane) && isFirst && outcome.verdict.kind === "delivered" && lane.hold === undefined;
}

/** Whether the lane may send on before this outcome, whose request still counts as out, is durable. */
function hasRoom(lane: Lane, limits: UnflushedLimits): boolean {
  return unflushedOf(lane) + 1 < unflushedMaxOf(lane, limits);
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
  return settle({
    verdict: outcome.verdict,
    discipline: contract.discipline,
    retry: policy.retry,
    holdBackOff: policy.hold,
    hold: lane.hold,
    isReceiverFailing:
      lane.hold?.reason.startsWith(CIRCUIT_OPEN) === true || isReceiverFailing(failures, outcome.endedAt),
    headRequests: isHead(lane, item) ? item.requests + 1 : (lane.hold?.requests ?? 0),
    used: item.used,
    startedAt: outcome.startedAt,
    now: outcome.endedAt,
    fraction,
    failing: isReceiversDoing(outcome) ? failing : undefined,
    disableAfterMs: policy.disableAfterMs,
  });
}
