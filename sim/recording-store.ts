import type { Facts, Store } from "../server/src/store.ts";
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
}

/** Writes down what a store has really committed. */
export function recordStore(store: Store, ports: RecordingPorts): Store {
  const { book, ledger, elapsed, onFlushed, tell } = ports;
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
      const result = await store.flush(lease, facts);
      if (result === "flushed") {
        ledger.apply(facts, elapsed());
        tell?.(facts);
        await onFlushed(facts);
      }
      return result;
    },
  };
}
