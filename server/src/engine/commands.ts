import { type DeliveryKey, LIVE, type Retry } from "../model/delivery.ts";
import { isErased } from "../model/erasure.ts";
import type { StoredEvent } from "../model/event.ts";
import type { Offset } from "../model/offset.ts";
import { asInMemory } from "./as-in-memory.ts";
import type { AskedPorts } from "./asked-ports.ts";
import type { CommandResult, LiveDelivery } from "./engine.ts";
import { flushed } from "./flushed.ts";
import type { Change } from "./flusher.ts";
import { dropReady, isRefused, type Lane, retryKey, rowOf } from "./lane.ts";
import { type LeaseState, laneFor } from "./lease-state.ts";
import { wasOwed } from "./owed.ts";
import { isOwed, type Route } from "./routes.ts";

/** What a person asks of one delivery. Each resolves when its consequence is durable. */
export interface Commands {
  retry(delivery: LiveDelivery): Promise<CommandResult>;
  cancel(delivery: LiveDelivery): Promise<CommandResult>;
  replay(delivery: LiveDelivery): Promise<CommandResult>;
}

export interface CommandPorts extends AskedPorts {
  /** A retry was put into the window. */
  readonly onRetryAdded: () => void;
}

/** Where a delivery stands in the store, and in memory as well. */
interface Standing {
  /** Undefined: it does not wait in `retry`. */
  readonly retry: Retry | undefined;
  /** Also while it waits in `retry`. */
  readonly isSettled: boolean;
  readonly isTried: boolean;
}

interface Found {
  readonly route: Route;
  readonly lane: Lane | undefined;
  readonly event: StoredEvent;
  readonly key: DeliveryKey;
}

export function createCommands(state: LeaseState, ports: CommandPorts): Commands {
  const { store, clock, routes, window, flusher } = ports;
  const lease = state.lease.id;

  async function find({ tenant, endpoint, offset }: LiveDelivery): Promise<Found | undefined> {
    // What was disabled and enabled again before it is asked must not end what is asked after.
    const { changes } = await store.readHead(lease);
    if (changes > state.changes) {
      await ports.catchUp();
    }
    const [event] = await store.readEvents(lease, [offset]);
    const route = await routes.find(endpoint);
    if (route === undefined || event === undefined || event.tenant !== tenant || !wasOwed(route, event)) {
      return undefined;
    }
    const key = { endpoint, cursor: LIVE, offset };
    return { route, lane: state.lanes.get(endpoint), event, key };
  }

  async function done(change: Change): Promise<CommandResult> {
    await flushed(flusher, change);
    return "done";
  }

  /** Does what follows from where a delivery stands, unless that is on its way to become something else. */
  async function byStanding(
    key: DeliveryKey,
    act: (standing: Standing) => Promise<CommandResult>,
  ): Promise<CommandResult> {
    const { endpoint, offset } = key;
    return await asInMemory({
      flusher,
      asked: state.asked,
      deliveries: { endpoint, from: offset, to: offset },
      async read() {
        const [retry, settled, attempts] = await Promise.all([
          store.readRetry(lease, key),
          store.readSettled({ lease, after: offset - 1, to: offset, endpoint }),
          store.readAttempts(lease, { endpoint, offset }),
        ]);
        const isSettled = settled.deliveries.length > 0 || settled.gaps.length > 0;
        return { retry, isSettled, isTried: attempts.some(({ cursor }) => cursor === LIVE) };
      },
      async act(standing) {
        const lane = state.lanes.get(endpoint);
        if (lane !== undefined && isInFlight(lane, offset)) {
          return "in_flight";
        }
        // A replay has delivered it, which the store learns now.
        if (lane?.replayed.has(offset) === true) {
          return "settled";
        }
        return standing.retry === undefined && standing.isSettled ? "settled" : await act(standing);
      },
    });
  }

  /** Takes a waiting retry out of the line, wherever it waits, so that nothing sends it meanwhile. */
  function takeWaiting(key: DeliveryKey): void {
    window.remove(key);
    state.lanes.get(key.endpoint)?.due.delete(retryKey(key));
  }

  /** Whether nothing of the lane can be stored, so that nothing is begun. */
  function isStopped(lane: Lane | undefined): boolean {
    return state.isStopped || (lane !== undefined && isRefused(lane));
  }

  /** As goOn, and ends its hold. */
  function release(lane: Lane): void {
    if (lane.hold !== undefined) {
      lane.hold = { ...lane.hold, until: clock.now() };
    }
    goOn(lane);
  }

  /** Lets a lane go on that a fault stopped. */
  function goOn(lane: Lane): void {
    lane.attention = undefined;
    ports.onReady(lane);
  }

  async function retryNow(key: DeliveryKey, { retry }: Standing): Promise<CommandResult> {
    const lane = state.lanes.get(key.endpoint);
    if (retry !== undefined) {
      takeWaiting(key);
      const due = { ...retry, dueAt: clock.now() };
      return await done({
        endpoint: key.endpoint,
        contribute: (facts) => facts.retries.push(due),
        applied() {
          window.add(due);
          ports.onRetryAdded();
          if (lane !== undefined) {
            release(lane);
          }
        },
      });
    }
    if (lane !== undefined) {
      if (lane.batch?.offsets.includes(key.offset) === true) {
        lane.batch = { ...lane.batch, dueAt: clock.now() };
      }
      release(lane);
    }
    return "done";
  }

  async function cancelNow(
    route: Route,
    key: DeliveryKey,
    { retry, isTried }: Standing,
  ): Promise<CommandResult> {
    const { endpoint, offset } = key;
    // An idle lane may have left memory while the store was read: this is the one in force now.
    const lane = laneFor(state, routes.latest(route));
    if (lane.batch?.offsets.includes(offset) === true) {
      return "in_batch";
    }
    takeWaiting(key);
    // While the head is on its way, the first of those that are ready is the second. A lane found after a
    // crash may not have read its head yet: on an ordered one no other was tried.
    const isNext = lane.ready.peek() === offset && lane.inFlight.size === 0;
    const isHead = isNext || (retry === undefined && isTried && lane.route.contract.discipline === "ordered");
    dropReady(lane, offset, state.routedTo);
    // What follows is not sent before it is durable that this was cancelled (invariant 3).
    lane.stopsWaiting += 1;
    if (isHead && lane.hold !== undefined) {
      // The next one, which may be taken before this is durable, has not been tried.
      lane.hold = { ...lane.hold, requests: 0 };
    }
    const { hold } = lane;
    return await done({
      endpoint,
      contribute(facts) {
        const gap = { endpoint, from: offset, to: offset, reason: "cancelled", at: clock.now() } as const;
        facts.gaps.push(gap);
        facts.endedRetries.push(key);
        if (isHead && hold !== undefined && lane.hold === hold) {
          lane.hold = { ...hold, until: clock.now() };
          lane.row = rowOf(lane, state.routedTo);
          facts.lanes.push(lane.row);
        }
      },
      applied() {
        // A page of retries that was read meanwhile may have brought it back.
        window.remove(key);
        lane.due.delete(retryKey(key));
        lane.retries -= retry === undefined ? 0 : 1;
        lane.stopsWaiting -= 1;
        goOn(lane);
      },
      failed() {
        lane.stopsWaiting -= 1;
      },
    });
  }

  return {
    async retry(delivery) {
      const found = await find(delivery);
      if (found === undefined || !isOwed(found.route, found.event)) {
        return "not_owed";
      }
      const { lane, key } = found;
      if (isStopped(lane)) {
        return "stopped";
      }
      if (lane !== undefined && isInFlight(lane, key.offset)) {
        return "in_flight";
      }
      return await byStanding(key, (standing) => retryNow(key, standing));
    },

    async cancel(delivery) {
      const found = await find(delivery);
      if (found === undefined || !isOwed(found.route, found.event)) {
        return "not_owed";
      }
      const { route, lane, key } = found;
      if (lane !== undefined && isInFlight(lane, key.offset)) {
        return "in_flight";
      }
      return await byStanding(key, (standing) => cancelNow(route, key, standing));
    },

    async replay(delivery) {
      const found = await find(delivery);
      const route = found === undefined ? undefined : routes.latest(found.route);
      if (
        found === undefined ||
        route === undefined ||
        route.state === "disabled" ||
        route.state === "deleted"
      ) {
        return "not_owed";
      }
      if (isErased(found.event)) {
        return "erased";
      }
      if (isStopped(found.lane)) {
        return "stopped";
      }
      const { endpoint, offset } = found.key;
      const now = clock.now();
      state.replays += 1;
      const { replays: number, changes } = state;
      const replay = { number, endpoint, from: offset, to: offset, changes, createdAt: now };
      const retry: Retry = {
        endpoint,
        cursor: replay.number,
        offset,
        requests: 0,
        used: 0,
        dueAt: now,
        reason: "replay",
      };
      const lane = laneFor(state, route);
      const { abandonedTo } = lane.route;
      lane.retries += 1;
      lane.replays += 1;
      return await done({
        endpoint,
        contribute(facts) {
          facts.replays.push(replay);
          facts.retries.push(retry);
        },
        applied() {
          // Disabling ends a replay that was asked for before.
          if (lane.route.abandonedTo === abandonedTo || offset > lane.route.abandonedTo) {
            window.add(retry);
            ports.onRetryAdded();
          }
          goOn(lane);
        },
      });
    },
  };
}

function isInFlight(lane: Lane, offset: Offset): boolean {
  return (
    lane.retriesInFlight.has(retryKey({ cursor: LIVE, offset })) ||
    (lane.inFlight.has(offset) && lane.batch?.offsets.includes(offset) !== true)
  );
}
