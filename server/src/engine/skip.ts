import { type DeliveryKey, LIVE } from "../model/delivery.ts";
import type { Offset } from "../model/offset.ts";
import { asInMemory } from "./as-in-memory.ts";
import type { AskedPorts } from "./asked-ports.ts";
import type { Skipping, SkipResult } from "./engine.ts";
import { flushed } from "./flushed.ts";
import { isIdle, isRefused, keepsOrder, type Lane, retryKey, rowOf, settledBelow } from "./lane.ts";
import { type Ending, type LeaseState, laneFor } from "./lease-state.ts";
import { wait } from "./wait.ts";

/** How long a head that is being read is waited for, each time. */
const LOOK_AGAIN_MS = 5;

/** What of a lane is skipped: its live deliveries up to an offset that are not settled. */
interface Cut {
  readonly lane: Lane;
  readonly from: Offset;
  readonly to: Offset;
  /** Retries that wait and are not on their way. */
  readonly retries: number;
  readonly reason: Why;
}

type Why = "skipped" | "expired";

interface Asked {
  readonly asked: Offset | undefined;
  readonly waiting: readonly Offset[];
  readonly reason: Why;
}

/**
 * Lets a lane go on behind its head, or behind a place in the log. Memory forgets at once; the gap that says
 * so is durable before the answer. What is on its way is answered still, and does not go again.
 */
export interface Skip {
  skip(skipping: Skipping): Promise<SkipResult>;
  /** The same for what is too old to be kept, up to a place; the lane's row is behind it then, too. */
  expire(endpoint: number, to: Offset): Promise<SkipResult>;
}

export function createSkip(state: LeaseState, ports: AskedPorts): Skip {
  const { store, clock, routes, window, flusher } = ports;
  const lease = state.lease.id;

  async function untilHeadIsRead(lane: Lane): Promise<void> {
    while (lane.isBehind && lane.cursor < state.routedTo && headTo(lane) === undefined) {
      ports.onReady(lane);
      await wait(clock, LOOK_AGAIN_MS);
    }
  }

  function skipped(cut: Cut, now: number): Promise<void> {
    const { lane, from, to, retries, reason } = cut;
    const { endpoint } = lane;
    const ending = endingAt(state, endpoint, to);
    forget(cut, { now, routedTo: state.routedTo });
    window.removeWhere(endpoint, (retry) => isLiveUpTo(to, retry));
    // What follows is not sent before it is durable that this was skipped (invariant 3).
    lane.stopsWaiting += 1;
    return flushed(flusher, {
      endpoint,
      contribute(facts) {
        facts.abandoned.push({ endpoint, from, to, replaysBefore: 0, reason, at: now });
        // An idle lane may have left memory since, and come back as another.
        const known = state.lanes.get(endpoint);
        if (known?.row !== undefined && !isIdle(known)) {
          known.row = rowOf(known, state.routedTo);
          facts.lanes.push(known.row);
        } else {
          facts.releasedLanes.push(endpoint);
        }
      },
      applied() {
        // A page of retries that was read meanwhile may have brought some back.
        window.removeWhere(endpoint, (retry) => isLiveUpTo(to, retry));
        lane.retries -= retries;
        lane.stopsWaiting -= 1;
        if (state.ending.get(endpoint) === ending) {
          state.ending.delete(endpoint);
        }
        ports.onReady(lane);
      },
      failed() {
        lane.stopsWaiting -= 1;
      },
    });
  }

  /** Lets a lane's row stand where the lane does, which nothing of it needs to be before. */
  function renewRow({ endpoint }: Lane): Promise<void> {
    return flushed(flusher, {
      endpoint,
      contribute(facts) {
        const lane = state.lanes.get(endpoint);
        if (lane?.row !== undefined) {
          lane.row = rowOf(lane, state.routedTo);
          facts.lanes.push(lane.row);
        }
      },
      applied: () => undefined,
    });
  }

  async function goBehind({ endpoint, to: asked }: Skipping, reason: Why): Promise<SkipResult> {
    await ports.catchUp();
    const route = await routes.find(endpoint);
    if (route === undefined) {
      return { kind: "nothing" };
    }
    if (asked === undefined && !keepsOrder({ route })) {
      return { kind: "no_head" };
    }
    const lane = laneFor(state, routes.latest(route));
    if (asked === undefined) {
      await untilHeadIsRead(lane);
    }
    return await asInMemory({
      flusher,
      asked: state.asked,
      // A batch goes whole, wherever it ends.
      deliveries: { endpoint, from: 0, to: Infinity },
      read: () => store.readWaiting(lease, { endpoint, cursor: LIVE, to: asked ?? 0 }),
      act: (waiting) => cutOff(lane, { asked, waiting, reason }),
    });
  }

  /** Skips by what waits in `retry` of the lane. */
  async function cutOff(lane: Lane, { asked, waiting, reason }: Asked): Promise<SkipResult> {
    if (state.isStopped || isRefused(lane)) {
      return { kind: "stopped" };
    }
    if (keepsOrder(lane) && lane.requestsOut > (lane.isGreeting ? 1 : 0)) {
      return { kind: "in_flight" };
    }
    const place = asked === undefined ? headTo(lane) : wholeBatch(lane, Math.min(asked, state.routedTo));
    const from = Math.min(settledBelow(lane), waiting[0] ?? Infinity);
    if (place === undefined || from > place) {
      if (reason === "expired" && lane.row !== undefined) {
        await renewRow(lane);
      }
      return { kind: "nothing" };
    }
    const retries = waiting.filter((offset) => !isOnItsWay(lane, offset)).length;
    await skipped({ lane, from, to: place, retries, reason }, clock.now());
    return { kind: "skipped", from, to: place };
  }

  return {
    skip: (skipping) => goBehind(skipping, "skipped"),
    expire: (endpoint, to) => goBehind({ endpoint, to }, "expired"),
  };
}

/** Where the head of a lane ends that has one: a batch goes as a whole. */
function headTo({ batch, ready }: Lane): Offset | undefined {
  return batch?.offsets.at(-1) ?? ready.peek();
}

function wholeBatch({ batch }: Lane, to: Offset): Offset {
  const [first = Infinity] = batch?.offsets ?? [];
  return first <= to ? Math.max(to, batch?.offsets.at(-1) ?? to) : to;
}

function isLiveUpTo(to: Offset, { cursor, offset }: Omit<DeliveryKey, "endpoint">): boolean {
  return cursor === LIVE && offset <= to;
}

function isOnItsWay(lane: Lane, offset: Offset): boolean {
  return lane.inFlight.has(offset) || lane.retriesInFlight.has(retryKey({ cursor: LIVE, offset }));
}

/** Keeps what is ended, until that is durable, from coming back out of the store. */
function endingAt(state: LeaseState, endpoint: number, to: Offset): Ending {
  const known = state.ending.get(endpoint);
  const ending = { to: Math.max(to, known?.to ?? 0), replays: known?.replays ?? LIVE };
  state.ending.set(endpoint, ending);
  return ending;
}

function forget({ lane, to, reason }: Cut, { now, routedTo }: { now: number; routedTo: Offset }): void {
  lane.ready.filter((offset) => offset > to);
  for (const [key, retry] of lane.due) {
    if (isLiveUpTo(to, retry)) {
      lane.due.delete(key);
    }
  }
  for (const offset of lane.cancelled) {
    if (offset <= to && !isOnItsWay(lane, offset)) {
      lane.cancelled.delete(offset);
    }
  }
  // What is answered now goes no more.
  const onTheirWay = [...lane.retriesInFlight.values()].filter((retry) => isLiveUpTo(to, retry));
  for (const offset of [...lane.inFlight, ...onTheirWay.map((retry) => retry.offset)]) {
    if (offset <= to) {
      lane.cancelled.add(offset);
    }
  }
  if ((lane.batch?.offsets[0] ?? Infinity) <= to) {
    lane.batch = undefined;
  }
  if (lane.hold !== undefined && keepsOrder(lane)) {
    const { until } = lane.hold;
    // The next one has not been tried. That its head is too old says nothing of the receiver, which is left
    // alone for as long as it was to be; a person who skips wants to see what happens now.
    lane.hold = { ...lane.hold, requests: 0, until: reason === "skipped" ? Math.min(until, now) : until };
  }
  lane.cursor = Math.max(lane.cursor, to);
  lane.isBehind &&= to < routedTo;
  lane.attention = undefined;
}
