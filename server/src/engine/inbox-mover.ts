import type { Sharing } from "../sharing.ts";
import type { Appended, Lease } from "../store.ts";

/** Moves what applications handed over in transactions of their own into the log, in order. */
export interface InboxMover {
  /** Moves what there is; resolves when there is no more. */
  runOnce(): Promise<void>;
  stop(): void;
}

export interface InboxMoverPorts {
  readonly lease: Lease;
  readonly sharing: Pick<Sharing, "moveInbox">;
  readonly onAppended: (appended: Appended) => void;
  readonly onFailed: (error: unknown) => void;
}

export function createInboxMover({ lease, sharing, onAppended, onFailed }: InboxMoverPorts): InboxMover {
  let running: Promise<void> | undefined;
  let isStopped = false;

  async function moveAll(): Promise<void> {
    while (!isStopped) {
      const moved = await sharing.moveInbox(lease);
      // A new owner moves what is left.
      if (moved === "empty" || moved === "fenced") {
        return;
      }
      onAppended(moved);
    }
  }

  return {
    runOnce() {
      running ??= moveAll()
        .catch((error: unknown) => {
          if (!isStopped) {
            onFailed(error);
          }
        })
        .finally(() => {
          running = undefined;
        });
      return running;
    },
    stop() {
      isStopped = true;
    },
  };
}
