import type { Clock } from "../clock.ts";
import { LIVE } from "../model/delivery.ts";
import { currentVersion } from "../model/endpoint.ts";
import type { Random } from "../random.ts";
import type { Reader } from "../reader.ts";
import type { Registry } from "../registry.ts";
import type { Store } from "../store.ts";
import { findAged, readRetentions } from "./memory/ageing.ts";
import { findErasable } from "./memory/erasure.ts";
import { flush, readSettled } from "./memory/flush.ts";
import { append, readLog, reapKeys } from "./memory/log.ts";
import { createReader } from "./memory/reader.ts";
import { createRegistry } from "./memory/registry.ts";
import { readOpenReplays } from "./memory/replays.ts";
import { forgetLog, readNeeding } from "./memory/retention.ts";
import { retriesOf } from "./memory/retries.ts";
import { createNodes, type MemoryNode } from "./memory/sharing.ts";
import { createState, type State } from "./memory/state.ts";
import { forgetStats } from "./memory/stats.ts";

export interface MemoryStore extends Store, Registry, Reader {
  /**
   * Opens it for one of several nodes, which hold the lease for `leaseMs` of the clock's monotonic time. Who
   * has only the store shares it with nobody.
   */
  openNode(holder: string): MemoryNode;
  /** Says whether nodes wait for a person before they send, as those of a restored database do. */
  pauseNodes(isPaused: boolean): void;
}

export interface MemoryPorts {
  readonly clock: Clock;
  readonly random: Random;
  /** How long the lease is held without being renewed. Default: for as long as nobody takes it. */
  readonly leaseMs?: number;
}

const ONLY_LEASE = 0;

/**
 * Makes a store that forgets with the process: for simulations and tests. It outlives the engine that uses
 * it: closing it does nothing, and a new engine takes the lease and goes on as after a crash.
 */
export function createMemoryStore(ports: MemoryPorts): MemoryStore {
  const state = createState(ports.random);
  const store = { ...createStore(state, ports), ...createReader(state, ports.clock) };
  return {
    ...store,
    ...createRegistry(state, ports.clock),
    openNode: createNodes({ state, store, ...ports }),
    pauseNodes(isPaused) {
      state.isPaused = isPaused;
    },
  };
}

function createStore(state: State, { clock, leaseMs }: MemoryPorts): Omit<Store, "readFacts"> {
  return {
    leases: () => [ONLY_LEASE],
    leaseOf: () => ONLY_LEASE,

    async takeLease(lease) {
      assertLease(lease);
      const { epoch, checkpoint, changesApplied, countedTo } = state.lease;
      state.lease = { ...state.lease, epoch: epoch + 1, flushes: 0 };
      return {
        id: lease,
        leaseMs,
        epoch: epoch + 1,
        checkpoint,
        changesApplied,
        replays: Math.max(0, ...state.replays.keys()),
        directoryTo: state.directory.rows.at(-1)?.to ?? 0,
        countedTo,
      };
    },
    async renewLease({ id, epoch }) {
      assertLease(id);
      return epoch === state.lease.epoch ? "renewed" : "fenced";
    },
    async releaseLease() {},
    async append(lease, submissions) {
      assertLease(lease);
      return append(state, clock, [...submissions]);
    },
    async readHead(lease) {
      assertLease(lease);
      return { head: state.head, changes: state.changes };
    },
    async readLog(query) {
      assertLease(query.lease);
      return readLog(state, query);
    },
    async readEvents(lease, offsets) {
      assertLease(lease);
      return offsets.map((offset) => state.events.find({ offset })).filter((event) => event !== undefined);
    },
    async readSettled(query) {
      assertLease(query.lease);
      return readSettled(state, query);
    },
    async readRoutes(number) {
      const row = state.tenants[number - 1];
      const endpoints = state.endpoints.filter(({ tenant }) => tenant === number);
      return row && { tenant: row.tenant, endpoints };
    },
    async readEndpoint(endpoint) {
      return state.endpoints[endpoint - 1];
    },
    async readChanged(lease, change) {
      assertLease(lease);
      return state.endpoints
        .filter((endpoint) => currentVersion(endpoint).change > change)
        .sort((a, b) => currentVersion(a).change - currentVersion(b).change);
    },
    async readLanes(lease) {
      assertLease(lease);
      return [...state.lanes.values()].sort((a, b) => a.endpoint - b.endpoint);
    },
    async readRetries(lease, after, limit) {
      assertLease(lease);
      const { rows, countBefore, find } = state.due;
      const first = after === undefined ? 0 : countBefore(after) + (find(after) === undefined ? 0 : 1);
      return rows.slice(first, first + limit);
    },
    async readWaiting(lease, { endpoint, cursor, to }) {
      assertLease(lease);
      return retriesOf(state, endpoint)
        .filter((retry) => retry.cursor === cursor && retry.offset <= to)
        .map(({ offset }) => offset);
    },
    async readRetry(lease, key) {
      assertLease(lease);
      return state.retries.find(key);
    },
    async countRetries(lease) {
      assertLease(lease);
      const counts = new Map<number, { endpoint: number; live: number; replays: number }>();
      for (const { endpoint, cursor } of state.retries.rows) {
        const count = counts.get(endpoint) ?? { endpoint, live: 0, replays: 0 };
        counts.set(endpoint, count);
        count[cursor === LIVE ? "live" : "replays"] += 1;
      }
      return [...counts.values()];
    },
    async readFailing(lease) {
      assertLease(lease);
      return sinceRows(state.failing);
    },
    async readToldHolds(lease) {
      assertLease(lease);
      return sinceRows(state.toldHolds);
    },
    async readAttempts(lease, { endpoint, offset }) {
      assertLease(lease);
      const { rows, countBefore } = state.attempts;
      const first = { offset, cursor: LIVE, number: 0 };
      return rows
        .slice(countBefore({ ...first, endpoint }), countBefore({ ...first, endpoint: endpoint + 1 }))
        .sort((a, b) => a.startedAt - b.startedAt || a.cursor - b.cursor || a.number - b.number);
    },
    async readReplays(lease) {
      assertLease(lease);
      return readOpenReplays(state);
    },
    async readErasures(lease) {
      assertLease(lease);
      return [...state.erasures.values()];
    },
    async findErasable(query) {
      assertLease(query.lease);
      return findErasable(state, query);
    },
    async scrub() {},
    async flush(lease, facts) {
      assertLease(lease.id);
      return flush(state, clock, { lease, facts });
    },
    async reapKeys(now, limit) {
      return reapKeys(state, now, limit);
    },
    async readRetentions() {
      return readRetentions(state);
    },
    async findAged(query) {
      assertLease(query.lease);
      return findAged(state, query);
    },
    async readNeeding(lease, to) {
      assertLease(lease);
      return readNeeding(state, to);
    },
    async forgetLog(to, limit) {
      return forgetLog(state, to, limit);
    },
    async forgetStats(lease, query) {
      assertLease(lease);
      return forgetStats(state, query);
    },
    async close() {},
  };
}

function assertLease(lease: number): void {
  if (lease !== ONLY_LEASE) {
    throw new Error(`memory has one lease, ${ONLY_LEASE}, got ${lease}`);
  }
}

function sinceRows(known: ReadonlyMap<number, number>) {
  const rows = [...known].map(([endpoint, since]) => ({ endpoint, since }));
  return rows.sort((a, b) => a.endpoint - b.endpoint);
}
