import type { Facts } from "../server/src/facts.ts";
import type { Endpoint } from "../server/src/model/endpoint.ts";
import type { StoredEvent } from "../server/src/model/event.ts";
import type { Store } from "../server/src/store.ts";
import type { SimClock } from "./clock.ts";

/** Breaks one guard of the system by standing between the engine and its store. */
export type Sabotage = (store: Store, clock: SimClock) => Store;

/** Changes what a flush writes, by that and the head of the log. */
export function changingFacts(change: (facts: Facts, head: number) => Facts): (store: Store) => Store {
  return (store) => ({
    ...store,
    async flush(lease, facts) {
      const { head } = await store.readHead(lease.id);
      return await store.flush(lease, change(facts, head));
    },
  });
}

/** Each must be noticed within a few seeds; one that is not says that the simulation is blind there. */
export const SABOTAGES: ReadonlyMap<string, Sabotage> = new Map([
  ["retries are not stored", changingFacts((facts) => ({ ...facts, retries: [] }))],
  ["ended retries stay", changingFacts((facts) => ({ ...facts, endedRetries: [] }))],
  ["lane rows are not stored", changingFacts((facts) => ({ ...facts, lanes: [] }))],
  ["attempts are not stored", changingFacts((facts) => ({ ...facts, attempts: [] }))],
  ["dead letters are not stored", changingFacts((facts) => ({ ...facts, deadLetters: [] }))],
  ["what is erased stays", changingFacts((facts) => ({ ...facts, erasing: [] }))],
  ["what was erased comes from the log as it was", remembering],
  ["gaps are not stored", changingFacts((facts) => ({ ...facts, gaps: [] }))],
  ["failing is not remembered", (store) => ({ ...store, readFailing: async () => [] })],
  ["what was told of holds is not remembered", (store) => ({ ...store, readToldHolds: async () => [] })],
  ["a hold tells nobody", changingFacts(withoutHolds)],
  ["disabling is not recorded", changingFacts((facts) => ({ ...facts, abandoned: [] }))],
  ["what is raised is not stored", changingFacts((facts) => ({ ...facts, raised: [] }))],
  ["a disabling tells nobody", changingFacts(withoutTelling)],
  ["the checkpoint is the head", changingFacts((facts, head) => ({ ...facts, checkpoint: head }))],
  [
    "changes count as applied",
    changingFacts((facts) => ({ ...facts, changesApplied: facts.changesApplied + 1 })),
  ],
  ["the epoch is not checked", withoutFencing],
  ["events are acknowledged before they are stored", acknowledgingEarly],
  ["a page of the log is out of order", shufflingPages],
  ["how far replays are is not stored", changingFacts((facts) => ({ ...facts, replaying: [] }))],
  ["a replay counts as further than it is", changingFacts(withReplaysAhead)],
  ["what is settled is not told", forgettingSettled],
  ["keys are not remembered", forgettingKeys],
  ["secrets do not end", changingEndpoints(withSecretsThatLast)],
  ["a rotation is not seen", changingEndpoints(withoutTheNewestSecret)],
]);

/** The same of what several nodes share. */
export const NODE_SABOTAGES: ReadonlyMap<string, Sabotage> = new Map([
  ["an old epoch writes", withTheNewestEpoch],
  ["a lease is renewed that another node has", (store) => ({ ...store, renewLease: async () => "renewed" })],
]);

const newestEpochs = new WeakMap<SimClock, number>();

/** Each node flushes under the epoch of whoever took the lease last. */
function withTheNewestEpoch(store: Store, clock: SimClock): Store {
  return {
    ...store,
    async takeLease(lease) {
      const taken = await store.takeLease(lease);
      newestEpochs.set(clock, taken.epoch);
      return taken;
    },
    flush: (lease, facts) => store.flush({ ...lease, epoch: newestEpochs.get(clock) ?? lease.epoch }, facts),
  };
}

function withoutHolds(facts: Facts): Facts {
  return { ...facts, raised: facts.raised.filter(({ event }) => event.type !== "endpoint.held") };
}

function withoutTelling(facts: Facts): Facts {
  const disabled = facts.disabled.map(({ endpoint, reason }) => ({ endpoint, reason }));
  return { ...facts, disabled };
}

function changingEndpoints(change: (endpoint: Endpoint) => Endpoint): Sabotage {
  return (store) => ({
    ...store,
    readChanged: async (lease, after) => (await store.readChanged(lease, after)).map(change),
    async readRoutes(tenant) {
      const found = await store.readRoutes(tenant);
      return found && { ...found, endpoints: found.endpoints.map(change) };
    },
  });
}

function withSecretsThatLast(endpoint: Endpoint): Endpoint {
  return { ...endpoint, secrets: endpoint.secrets.map((secret) => ({ ...secret, expiresAt: undefined })) };
}

function withoutTheNewestSecret(endpoint: Endpoint): Endpoint {
  const [, ...older] = endpoint.secrets;
  return older.length === 0 ? endpoint : withSecretsThatLast({ ...endpoint, secrets: older });
}

function withoutFencing(store: Store): Store {
  let epoch = 0;
  return {
    ...store,
    async takeLease(lease) {
      const taken = await store.takeLease(lease);
      epoch = taken.epoch;
      return taken;
    },
    flush: (lease, facts) => store.flush({ ...lease, epoch }, facts),
  };
}

function acknowledgingEarly(store: Store, clock: SimClock): Store {
  const STORED_AFTER_MS = 30;
  let lost = 0;
  return {
    ...store,
    async append(lease, submissions) {
      const { head, changes } = await store.readHead(lease);
      let next = head;
      const taken = [...submissions];
      const results = taken.map(({ events }) => {
        const offsets = events.map(() => (next += 1));
        return { kind: "accepted" as const, offsets, stored: [] };
      });
      lost += 1;
      // Now and then the machine stops before it gets to it.
      if (lost % 5 !== 0) {
        clock.after(STORED_AFTER_MS, () => void store.append(lease, taken));
      }
      return { results, previousHead: head, head, changes };
    },
  };
}

function shufflingPages(store: Store): Store {
  return {
    ...store,
    async readLog(query) {
      const { events, scannedTo } = await store.readLog(query);
      return { events: events.toReversed(), scannedTo };
    },
  };
}

function withReplaysAhead(facts: Facts): Facts {
  const replaying = facts.replaying.map((step) => {
    const { progress } = step;
    return { ...step, progress: { ...progress, position: progress.position + 4096 * 1000 } };
  });
  return { ...facts, replaying };
}

/** Finds nothing settled. */
export function forgettingSettled(store: Store): Store {
  return { ...store, readSettled: async () => ({ deliveries: [], gaps: [] }) };
}

/** Stores what comes under a key as if it had none. */
export function forgettingKeys(store: Store): Store {
  return {
    ...store,
    append: (lease, submissions) =>
      store.append(
        lease,
        Array.from(submissions, (submission) => ({
          ...submission,
          key: undefined,
          events: submission.events.map(({ event }) => ({ event, key: undefined })),
        })),
      ),
  };
}

/** Reads events as they were when they were first read. */
function remembering(store: Store): Store {
  const seen = new Map<number, StoredEvent>();
  const remember = (event: StoredEvent): StoredEvent => {
    const known = seen.get(event.offset) ?? event;
    seen.set(event.offset, known);
    return known;
  };
  return {
    ...store,
    readLog: async (query) => {
      const page = await store.readLog(query);
      return { ...page, events: page.events.map(remember) };
    },
    readEvents: async (lease, offsets) => (await store.readEvents(lease, offsets)).map(remember),
  };
}
