import type { Sharing } from "../sharing.ts";
import type { Appended, Lease } from "../store.ts";
import { createRounds, type Rounds } from "./rounds.ts";

export interface InboxMoverPorts {
  readonly lease: Lease;
  readonly sharing: Pick<Sharing, "moveInbox">;
  readonly onAppended: (appended: Appended) => void;
  readonly onFailed: (error: unknown) => void;
}

/** Moves what applications handed over in transactions of their own into the log, in order, all there is. */
export function createInboxMover({ lease, sharing, onAppended, onFailed }: InboxMoverPorts): Rounds {
  return createRounds(async (isStopped) => {
    while (!isStopped()) {
      const moved = await sharing.moveInbox(lease);
      // A new owner moves what is left.
      if (moved === "empty" || moved === "fenced") {
        return;
      }
      onAppended(moved);
    }
  }, onFailed);
}
