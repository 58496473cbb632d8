import { type Owner, takeOwner } from "./owner.ts";
import type { OwnerPorts } from "./owner-ports.ts";

/** The owners that run in this process, by lease. */
export interface Owners {
  /** Takes leases and recovers; resolves when those that it took at first are recovered. */
  start(how: "sending" | "paused"): Promise<void>;
  /** Begins to send, if it has not. */
  resume(): void;
  /** Undefined: the lease is another node's, or on its way from one to the other. */
  of(lease: number): Owner | undefined;
  all(): readonly Owner[];
  stop(graceMs: number): Promise<void>;
}

/** The owners of a process that has every lease of its store. */
export function createAllOwners(ports: Omit<OwnerPorts, "onLost">): Owners {
  const owners = new Map<number, Owner>();
  return {
    async start(how) {
      for (const lease of ports.store.leases()) {
        const owner = await takeOwner(lease, { ...ports, onLost: () => undefined });
        await owner.recover(how);
        owners.set(lease, owner);
      }
    },
    resume() {
      owners.forEach((owner) => owner.resume());
    },
    of: (lease) => owners.get(lease),
    all: () => [...owners.values()],
    async stop(graceMs) {
      await Promise.all([...owners.values()].map((owner) => owner.stop(graceMs)));
    },
  };
}
