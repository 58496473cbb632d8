import type { Facts } from "../server/src/facts.ts";
import type { Registry } from "../server/src/registry.ts";
import type { Store } from "../server/src/store.ts";
import type { Book } from "./book.ts";
import type { Ledger } from "./ledger.ts";

export interface RecordingPorts {
  readonly book: Book;
  readonly ledger: Ledger;
  readonly elapsed: () => number;
  /** Looks at what the store has become, after every flush that wrote something. */
  readonly onFlushed: (facts: Facts) => Promise<void>;
  /** Is told what was written about one endpoint, for a person who looks for a cause. */
  readonly tell: ((facts: Facts) => void) | undefined;
  /** Looks at what the store has just forgotten. */
  readonly onForgotten: (offsets: readonly number[], to: number) => Promise<void>;
}

/** Writes down what a store has really committed. */
export function recordStore(store: Store, ports: RecordingPorts): Store {
  const { book, ledger, elapsed, onFlushed, tell, onForgotten } = ports;
  return {
    ...store,
    async takeLease(lease) {
      const taken = await store.takeLease(lease);
      ledger.epoch = taken.epoch;
      return taken;
    },
    async append(lease, submissions) {
      const appended = await store.append(lease, submissions);
      for (const result of appended.results) {
        if (result.kind === "accepted") {
          result.stored.forEach((event) => book.store(event));
        }
      }
      return appended;
    },
    async flush(lease, facts) {
      const { head } = await store.readHead(LEASE);
      const result = await store.flush(lease, facts);
      if (result === "flushed") {
        await recordRaised(store, book, head);
        ledger.apply(facts, elapsed());
        tell?.(facts);
        await onFlushed(facts);
      }
      return result;
    },
    async forgetLog(to, limit) {
      const count = await store.forgetLog(to, limit);
      const known = book.stored.map(({ offset }) => offset).filter((offset) => !book.isForgotten(offset));
      const kept = new Set((await store.readEvents(LEASE, known)).map(({ offset }) => offset));
      const gone = known.filter((offset) => !kept.has(offset));
      gone.forEach(book.forget);
      await onForgotten(gone, to);
      return count;
    },
  };
}

/** Writes down what a change of an endpoint has added to the log. */
export function recordRegistry(registry: Registry, store: Store, book: Book): Registry {
  return {
    ...registry,
    async updateEndpoint(change) {
      const before = await store.readHead(LEASE);
      const changed = await registry.updateEndpoint(change);
      await recordRaised(store, book, before.head);
      return changed;
    },
  };
}

/** Finds what the store appended by itself after an offset, among what producers submitted meanwhile. */
async function recordRaised(store: Store, book: Book, after: number): Promise<void> {
  const { head } = await store.readHead(LEASE);
  const unbounded = { limit: Number.MAX_SAFE_INTEGER, bytesMax: Number.MAX_SAFE_INTEGER };
  const { events } = await store.readLog({ lease: LEASE, after, to: head, ...unbounded });
  events.forEach((event) => book.store(event));
}

const LEASE = 0;
