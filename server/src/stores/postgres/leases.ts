import { setTimeout } from "node:timers/promises";
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
  /** Another process holds a lease that this one waits for; told once. */
  readonly onWaiting: () => void;
  /** Ends the waiting. */
  readonly closing: AbortSignal;
}

// How often it is asked whether a lease has ended; jittered, so that not all who wait ask at once.
const ASK_MS = 1000;

/** Leases by the database's clock, on which all processes agree. */
export function createLeases({ database, holder, leaseMs, onWaiting, closing }: LeasesPorts): Leases {
  async function take(shard: number): Promise<number | undefined> {
    try {
      const [row] = await database.rows(TAKE_LEASE, shard, holder, leaseMs);
      return row && integerIn(row, "epoch");
    } catch (error) {
      if (error instanceof StoreUnavailable) {
        // A process that stood still within a flush locks the row until the server ends its transaction.
        return undefined;
      }
      throw error;
    }
  }

  async function untilTaken(shard: number): Promise<number> {
    const taken = await take(shard);
    if (taken !== undefined) {
      return taken;
    }
    onWaiting();
    for (;;) {
      await setTimeout(ASK_MS * (0.5 + Math.random()), undefined, { signal: closing });
      const epoch = await take(shard);
      if (epoch !== undefined) {
        return epoch;
      }
    }
  }

  return {
    async takeLease(lease): Promise<TakenLease> {
      const epoch = await untilTaken(lease);
      const [row = {}] = await database.rows(READ_LEASE, lease);
      return {
        id: lease,
        epoch,
        leaseMs,
        checkpoint: integerIn(row, "checkpoint"),
        changesApplied: integerIn(row, "changes_applied"),
        replays: integerIn(row, "replays"),
        directoryTo: integerIn(row, "directory_to"),
      };
    },
    async renewLease({ id, epoch }) {
      return (await database.run(RENEW_LEASE, id, epoch, leaseMs)) === 1 ? "renewed" : "fenced";
    },
    async releaseLease({ id, epoch }) {
      await database.run(RELEASE_LEASE, id, epoch);
    },
  };
}
