import { ContractFault } from "../checked-contract.ts";
import { type Alarm, createAlarm } from "./alarm.ts";
import { type Checkpointer, createCheckpointer } from "./checkpointer.ts";
import { createDispatcher, type Dispatcher } from "./dispatcher.ts";
import { dropChange } from "./drop-change.ts";
import { createFlusher, type Flusher } from "./flusher.ts";
import type { GreetingOutcome } from "./greeting.ts";
import { greetingChange } from "./greeting-change.ts";
import type { Lane } from "./lane.ts";
import { createLaneReader } from "./lane-reader.ts";
import { createLatestOnly, type LatestOnly } from "./latest-only.ts";
import { type LeaseState, noteWritten, stopRefused } from "./lease-state.ts";
import { createLiveTeller, type LiveTeller } from "./live-teller.ts";
import { type OutcomePorts, outcomeChange } from "./outcome-change.ts";
import { withoutErased } from "./outcome-of-erased.ts";
import type { OwnerPorts } from "./owner-ports.ts";
import { createPayloads, type Payloads } from "./payloads.ts";
import { createReplayReader } from "./replay-reader.ts";
import { createRetryFeeder, type RetryFeeder } from "./retry-feeder.ts";
import { createRetryWindow, type RetryWindow } from "./retry-window.ts";
import { createRoutes, type Routes } from "./routes.ts";
import { createStatKeeper, type StatKeeper } from "./stat-keeper.ts";
import { createHoldTeller } from "./told-holds.ts";
import { NO_ENDPOINT } from "./write-apart.ts";

/** What gets deliveries out and what came of them stored: the second half of an event's journey. */
export interface Sending {
  readonly flusher: Flusher;
  readonly dispatcher: Dispatcher;
  readonly checkpointer: Checkpointer;
  readonly feeder: RetryFeeder;
  readonly alarm: Alarm;
  readonly window: RetryWindow;
  readonly routes: Routes;
  readonly payloads: Payloads;
  readonly latestOnly: LatestOnly;
  readonly liveTeller: LiveTeller;
  readonly statKeeper: StatKeeper;
  readonly counts: { attempts: number; delivered: number };
  /** A lane may have something to read or to send now. */
  readonly onReady: (lane: Lane) => void;
}

export interface SendingPorts extends OwnerPorts {
  /** Whether enough of the lease is left for a request to begin. */
  readonly mayBegin: () => boolean;
}

/** Puts the parts together. `onLogGrown`: the log has grown by an outcome, durably. */
export function createSending(state: LeaseState, ports: SendingPorts, onLogGrown: () => void): Sending {
  const { store, clock, limits, onFault } = ports;
  const alarm = createAlarm(clock);
  const payloads = createPayloads(limits.payloadBytesMax);
  const window = createRetryWindow(limits.retryWindowMax);
  const routes = createRoutes(ports, limits.routesMax, () => state.changes);
  const checkpointer = createCheckpointer(state, ports);
  const liveTeller = createLiveTeller(state, { ...ports, routes, payloads });
  const statKeeper = createStatKeeper(state, { clock, onDue: () => flusher.touch() });
  const counts = { attempts: 0, delivered: 0 };
  const onReadFailed = (lane: Lane, error: unknown): void =>
    onFault({ what: "read_failed", endpoint: lane.endpoint, error });
  const flusher = createFlusher({
    ...ports,
    lease: state.lease,
    lingeringMax: Math.min(limits.lingeringMax, limits.unflushedPerLaneMax, limits.unflushedMax),
    checkpoint: (facts) => checkpointer.contribute(facts),
    onGathered: statKeeper.contribute,
    position: () => state,
    onWritten(facts) {
      noteWritten(state, facts);
      liveTeller.noteWritten(facts);
    },
    onFlushed() {
      dispatcher.resume();
      checkpointer.trail(flusher.touch);
    },
    onFenced() {
      dispatcher.stop();
      onFault({ what: "fenced" });
      ports.onLost();
    },
    onLaneRefused(endpoint, error) {
      if (endpoint === NO_ENDPOINT) {
        // Whoever asked for it is told.
        return undefined;
      }
      onFault({ what: "lane_stopped", endpoint, error });
      const row = stopRefused(state, endpoint);
      teller.tellStopped(state.lanes.get(endpoint));
      return row;
    },
    onRefused: stopLease,
    onFailed: (error) => onFault({ what: "flush_failed", error }),
  });
  const teller = createHoldTeller(state, { ...ports, flusher, onLogGrown });
  const latestOnly = createLatestOnly({ clock, flusher, keysMax: limits.laneReadyMax, onReady });
  const reader = createLaneReader(state, {
    ...ports,
    payloads,
    latestOnly,
    onReady(lane) {
      onReady(lane);
      // It may have read on to nothing that is owed, which no flush follows.
      checkpointer.trail(flusher.touch);
    },
    onFailed: onReadFailed,
  });
  const reading = { ...ports, flusher, window, routes, payloads, onReady, onFailed: onReadFailed };
  const replayReader = createReplayReader(state, reading);
  const dispatcher = createDispatcher({
    ...ports,
    alarm,
    payloads,
    readEvents: (offsets) => store.readEvents(state.lease.id, offsets),
    erased: state.erased,
    // What goes out while nothing can be stored goes out again after a crash.
    mayBegin: () => !flusher.isFailing && flusher.waiting < limits.unflushedMax && ports.mayBegin(),
    onTaken: (lane) => reader.readOn(lane),
    onOutcome(settled) {
      counts.attempts += 1;
      counts.delivered += settled.outcome.verdict.kind === "delivered" ? settled.item.offsets.length : 0;
      flusher.add(outcomeChange(withoutErased(settled, state.erased), outcomePorts));
    },
    onGreeted,
    onHoldEnded() {
      checkpointer.hurry();
      flusher.touch();
    },
    onDropped: (lane, dropped) => flusher.add(dropChange({ lane, dropped, now: clock.now(), ...own })),
    onReadFailed,
    onFault(lane, error) {
      lane.attention = error instanceof ContractFault ? error.code : "internal_fault";
      onFault({ what: "lane_stopped", endpoint: lane.endpoint, error });
      teller.tellStopped(lane);
    },
  });
  const feeder = createRetryFeeder(state, { ...ports, alarm, window, routes, onReady });
  const own = { window, routedTo: () => state.routedTo, onReady, onLogGrown, onRetryAdded: feeder.feed };
  const outcomePorts: OutcomePorts = { ...state, ...ports, ...own };

  function onGreeted(lane: Lane, outcome: GreetingOutcome): void {
    const { welcomesMax } = limits;
    const change = greetingChange(lane, outcome, { ...state, ...ports, ...own, welcomesMax });
    if (change !== undefined) {
      flusher.add(change);
    }
  }

  function stopLease(error: unknown): void {
    state.isStopped = true;
    dispatcher.stop();
    onFault({ what: "lease_stopped", error });
  }

  function onReady(lane: Lane): void {
    teller.tellStopped(lane);
    reader.readOn(lane);
    replayReader.readOn(lane);
    dispatcher.enqueue(lane);
  }

  const taking = { window, routes, payloads, latestOnly, liveTeller, statKeeper };
  return { ...taking, flusher, dispatcher, checkpointer, feeder, alarm, counts, onReady };
}
