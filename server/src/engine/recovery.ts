import type { Store } from "../store.ts";
import { type LeaseState, laneFor, noteRetries } from "./lease-state.ts";
import { CONTRACT_UNKNOWN, type Route, type Routes } from "./routes.ts";

/** Finds how many retries and replays wait on which endpoint. */
export async function findRetries(state: LeaseState, store: Store): Promise<void> {
  for (const count of await store.countRetries(state.lease.id)) {
    const lane = state.lanes.get(count.endpoint);
    if (lane === undefined) {
      state.retryCounts.set(count.endpoint, count);
    } else {
      noteRetries(lane, count);
    }
  }
}

/** Finds which holds the operator was told of. */
export async function findToldHolds(state: LeaseState, store: Store): Promise<void> {
  for (const { endpoint, since } of await store.readToldHolds(state.lease.id)) {
    state.toldHolds.set(endpoint, since);
    state.storedToldHolds.set(endpoint, since);
  }
}

/** Finds which endpoints nothing gets through to, and since when. */
export async function findFailing(state: LeaseState, store: Store): Promise<void> {
  for (const { endpoint, since } of await store.readFailing(state.lease.id)) {
    state.failing.set(endpoint, since);
    state.storedFailing.set(endpoint, since);
  }
}

/**
 * Finds the lanes that have a row: each reads on from its own position, so the checkpoint says nothing
 * about it.
 */
export async function findLanes(
  state: LeaseState,
  { store, routes }: { store: Store; routes: Routes },
): Promise<void> {
  for (const row of await store.readLanes(state.lease.id)) {
    const route = await routes.find(row.endpoint);
    if (route === undefined) {
      continue;
    }
    const lane = laneFor(state, route);
    lane.row = row;
    lane.storedRow = row;
    lane.isBehind = true;
    lane.cursor = row.position;
    lane.hold = row.hold;
    lane.attention = row.fault;
    lane.batch = staysFrozen(route) ? row.batch : undefined;
  }
}

/**
 * Whether a batch that was frozen is still one. A user's contract may have another discipline than before:
 * the members are then read from the log as any other event. One that is only missing may come back.
 */
function staysFrozen({ contract, fault }: Route): boolean {
  return contract.discipline === "batched" || fault === CONTRACT_UNKNOWN;
}
