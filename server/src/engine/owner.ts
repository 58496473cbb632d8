import type { Contract } from "@posthorn/contracts/contract.ts";
import type { Clock } from "../clock.ts";
import type { Endpoint } from "../model/endpoint.ts";
import type { Ids } from "../model/ids.ts";
import type { Sender } from "../outbound/sender.ts";
import type { Appended, Store } from "../store.ts";
import { changeApplied } from "./abandonment-change.ts";
import { createAlarm } from "./alarm.ts";
import { createCheckpointer } from "./checkpointer.ts";
import { type Commands, createCommands } from "./commands.ts";
import { createDispatcher } from "./dispatcher.ts";
import { dropChange } from "./drop-change.ts";
import type { EngineStats, LaneView } from "./engine.ts";
import { createFlusher } from "./flusher.ts";
import { createFollower } from "./follower.ts";
import type { Lane } from "./lane.ts";
import { createLaneReader } from "./lane-reader.ts";
import { laneView } from "./lane-view.ts";
import { createLeaseState } from "./lease-state.ts";
import type { Limits } from "./limits.ts";
import { outcomeChange } from "./outcome-change.ts";
import { createPayloads } from "./payloads.ts";
import { findLanes, findRetries } from "./recovery.ts";
import { createRetryFeeder } from "./retry-feeder.ts";
import { createRetryWindow } from "./retry-window.ts";
import { createRoutes } from "./routes.ts";
import type { Fraction } from "./schedule.ts";

/** Delivers one lease's part of the log. */
export interface Owner extends Commands {
  onAppended(appended: Appended): void;
  /** Applies what the registry stored. */
  noteChanges(): void;
  laneView(endpoint: number): LaneView | undefined;
  stats(): Omit<EngineStats, "accepted">;
  stop(graceMs: number): Promise<void>;
}

export interface OwnerPorts {
  readonly store: Store;
  readonly sender: Sender;
  readonly clock: Clock;
  readonly fraction: Fraction;
  readonly contracts: ReadonlyMap<string, Contract>;
  readonly ids: Ids;
  readonly unseal: (sealed: Uint8Array, endpoint: Endpoint) => string;
  readonly digest: (bytes: Uint8Array) => Uint8Array;
  readonly limits: Limits;
  /** Tells a person of a fault; never carries a payload, a secret or a credential (invariant 12). */
  readonly onFault: (fault: Fault) => void;
}

export interface Fault {
  readonly what: "flush_failed" | "fenced" | "read_failed" | "lane_stopped" | "accept_failed";
  readonly endpoint?: number;
  readonly error?: unknown;
}

/**
 * Takes a lease and recovers: lanes with rows and waiting retries first, then the log from the checkpoint on, passing
 * over what the store knows as settled. Resolves when every event up to the head has been routed; sending has begun.
 */
export async function startOwner(leaseId: number, ports: OwnerPorts): Promise<Owner> {
  const { store, clock, limits, onFault } = ports;
  const lease = await store.takeLease(leaseId);
  const { head } = await store.readHead(leaseId);
  const state = createLeaseState(lease, head);
  const alarm = createAlarm(clock);
  const payloads = createPayloads(limits.payloadBytesMax);
  const window = createRetryWindow(limits.retryWindowMax);
  const routes = createRoutes(ports, limits.routesMax);
  const counts = { attempts: 0, delivered: 0 };
  let isTrailing = false;
  let isStopped = false;

  const checkpointer = createCheckpointer(state, ports);
  const flusher = createFlusher({
    store,
    clock,
    lease,
    checkpoint: (facts) => checkpointer.contribute(facts),
    position: () => state,
    onFlushed() {
      dispatcher.resume();
      trailCheckpoint();
    },
    onFenced() {
      dispatcher.stop();
      onFault({ what: "fenced" });
    },
    onFailed: (error) => onFault({ what: "flush_failed", error }),
  });
  const reader = createLaneReader(state, {
    ...ports,
    payloads,
    onReady,
    onFailed: (lane, error) => onFault({ what: "read_failed", endpoint: lane.endpoint, error }),
  });
  const dispatcher = createDispatcher({
    ...ports,
    alarm,
    payloads,
    readEvents: (offsets) => store.readEvents(leaseId, offsets),
    unflushed: () => flusher.waiting,
    onTaken: (lane) => reader.readOn(lane),
    onOutcome(settled) {
      counts.attempts += 1;
      counts.delivered += settled.outcome.verdict.kind === "delivered" ? settled.item.offsets.length : 0;
      flusher.add(outcomeChange(settled, outcomePorts));
    },
    onDropped: (lane, dropped) => flusher.add(dropChange({ lane, dropped, now: clock.now(), onReady })),
    onFault(lane, error) {
      lane.attention = "needs_attention";
      onFault({ what: "lane_stopped", endpoint: lane.endpoint, error });
    },
  });
  const feeder = createRetryFeeder(state, { ...ports, alarm, window, routes, onReady });
  const follower = createFollower(state, {
    ...ports,
    routes,
    payloads,
    onReady,
    onRouted: trailCheckpoint,
    onChanged: (endpoint, ended) => {
      flusher.add(changeApplied(state, window, { endpoint, ended, now: clock.now() }));
      const lane = state.lanes.get(endpoint.number);
      if (lane !== undefined) {
        onReady(lane);
      }
    },
    onFailed: (error) => onFault({ what: "read_failed", error }),
  });
  const outcomePorts = {
    window,
    fraction: ports.fraction,
    routedTo: () => state.routedTo,
    onReady,
    onDisabled: () => void follower.catchUp(),
    onRetryAdded: feeder.feed,
  };
  const commands = createCommands(state, {
    store,
    clock,
    routes,
    window,
    flusher,
    onReady,
    onRetryAdded: feeder.feed,
  });

  function onReady(lane: Lane): void {
    reader.readOn(lane);
    dispatcher.enqueue(lane);
  }

  /** The checkpoint follows what is settled even when nothing more comes. */
  function trailCheckpoint(): void {
    if (isTrailing || isStopped) {
      return;
    }
    isTrailing = true;
    clock.after(limits.checkpointEveryMs, () => {
      isTrailing = false;
      if (!isStopped && checkpointer.isBehind()) {
        flusher.touch();
      }
    });
  }

  await findRetries(state, store);
  await findLanes(state, { store, routes });
  await follower.catchUp();
  for (const lane of state.lanes.values()) {
    onReady(lane);
  }
  feeder.feed();

  return {
    ...commands,
    onAppended: (appended) => follower.onAppended(appended),
    noteChanges: () => void follower.catchUp(),
    laneView: (endpoint) => laneView(state, endpoint),
    stats: () => ({ ...counts, inFlight: dispatcher.inFlight }),
    async stop(graceMs) {
      dispatcher.stop();
      follower.stop();
      const until = clock.monotonic() + graceMs;
      while (dispatcher.inFlight > 0 && clock.monotonic() < until) {
        await new Promise<void>((resolve) => clock.after(10, resolve));
      }
      checkpointer.hurry();
      flusher.touch();
      await flusher.drained();
      isStopped = true;
      flusher.stop();
      alarm.stop();
    },
  };
}
