import type { Limits } from "./limits.ts";
import type { Line, Room } from "./turns.ts";

/** Counts the requests in flight, by whose they are, against the limits on them. */
export interface InFlight extends Room {
  readonly total: number;
  /** A request that ends is counted where its lane stood when it began. */
  count(line: Line, requests: 1 | -1): void;
}

interface Counts {
  all: number;
  slow: number;
}

export function createInFlight(limits: Limits): InFlight {
  const total: Counts = { all: 0, slow: 0 };
  /** By tenant; who has none is not in it. */
  const ofTenants = new Map<number, Counts>();

  return {
    get total() {
      return total.all;
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
      for (const counts of [total, its]) {
        counts.all += requests;
        counts.slow += isSlow ? requests : 0;
      }
      if (its.all === 0) {
        ofTenants.delete(tenant);
      } else {
        ofTenants.set(tenant, its);
      }
    },
  };
}
