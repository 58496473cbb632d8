import type { Limits } from "./limits.ts";
import type { Line, Room } from "./turns.ts";

/** Counts the requests in flight of a process, by whose they are, against the limits on them. */
export interface InFlight extends Room {
  readonly isFull: boolean;
  /** A request that ends is counted where its lane stood when it began. */
  count(line: Line, requests: 1 | -1): void;
  /** Adds one who gives turns: it is told when others have made room. Returns what takes it out again. */
  share(giveTurns: () => void): () => void;
}

interface Counts {
  all: number;
  slow: number;
}

export function createInFlight(limits: Limits): InFlight {
  const total: Counts = { all: 0, slow: 0 };
  /** By tenant; whoever has none is not in it. */
  const ofTenants = new Map<number, Counts>();
  const sharing = new Set<() => void>();

  /** Whoever was told first is told last the next time. */
  function tellAll(): void {
    const [first, ...others] = sharing;
    if (first !== undefined) {
      sharing.delete(first);
      sharing.add(first);
      [...others, first].forEach((giveTurns) => giveTurns());
    }
  }

  return {
    get isFull() {
      return total.all >= limits.inFlightMax;
    },
    share(giveTurns) {
      sharing.add(giveTurns);
      return () => void sharing.delete(giveTurns);
    },
    get hasSlow() {
      return total.slow < limits.inFlightSlowMax;
    },
    has({ tenant, isSlow }) {
      const its = ofTenants.get(tenant);
      return (
        its === undefined ||
        (its.all < limits.inFlightPerTenantMax && (!isSlow || its.slow < limits.inFlightSlowPerTenantMax))
      );
    },
    count({ tenant, isSlow }, requests) {
      const its = ofTenants.get(tenant) ?? { all: 0, slow: 0 };
      const wasFull = total.all >= limits.inFlightMax || total.slow >= limits.inFlightSlowMax;
      for (const counts of [total, its]) {
        counts.all += requests;
        counts.slow += isSlow ? requests : 0;
      }
      if (its.all === 0) {
        ofTenants.delete(tenant);
      } else {
        ofTenants.set(tenant, its);
      }
      // Whoever ends a request gives turns by itself.
      if (wasFull && requests < 0 && sharing.size > 1) {
        tellAll();
      }
    },
  };
}
