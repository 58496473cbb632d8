import type { Store, TakenLease } from "../../store.ts";
import { StoreUnavailable } from "../../store-unavailable.ts";
import { integerIn } from "../columns.ts";
import type { Database } from "./database.ts";
import { READ_LEASE, RELEASE_LEASE, RENEW_LEASE, TAKE_LEASE } from "./queries/facts.ts";

export type Leases = Pick<Store, "takeLease" | "renewLease" | "releaseLease">;

export interface LeasesPorts {
  readonly database: Database;
  /** Names this process. */
  readonly holder: string;
  readonly leaseMs: number;
}

/** Leases by the database's clock, on which all nodes agree. */
export function createLeases({ database, holder, leaseMs }: LeasesPorts): Leases {
  return {
    async takeLease(lease): Promise<TakenLease> {
      const [taken] = await database.rows(TAKE_LEASE, lease, holder, leaseMs);
      if (taken === undefined) {
        throw new StoreUnavailable(new Error(`another node has the lease ${lease}`));
      }
      const [row = {}] = await database.rows(READ_LEASE, lease);
      return {
        id: lease,
        epoch: integerIn(taken, "epoch"),
        leaseMs,
        checkpoint: integerIn(row, "checkpoint"),
        changesApplied: integerIn(row, "changes_applied"),
        replays: integerIn(row, "replays"),
        directoryTo: integerIn(row, "directory_to"),
        countedTo: integerIn(row, "counted_to"),
      };
    },
    async renewLease({ id, epoch }) {
      return (await database.run(RENEW_LEASE, id, epoch, leaseMs, holder)) === 1 ? "renewed" : "fenced";
    },
    async releaseLease({ id, epoch }) {
      await database.run(RELEASE_LEASE, id, epoch, holder);
    },
  };
}
