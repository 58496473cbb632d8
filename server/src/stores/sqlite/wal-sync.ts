import { closeSync, fdatasync, openSync } from "node:fs";

/** Puts on the disk what COMMIT wrote into the WAL, while the event loop goes on. */
export interface WalSync {
  /** Calls back once all that was committed before the call is durable, or with what the disk said. */
  sync(onEnd: (error: Error | null) => void): void;
  close(): void;
}

/**
 * Opens the WAL of a database beside a connection that has read or written, since when it is there, and stays
 * the same file until the last connection is closed. SQLite's locks are on other files: a descriptor that is
 * closed here drops none.
 */
export function openWalSync(path: string): WalSync {
  // To write, as Windows syncs nothing that may only be read.
  const descriptor = openSync(`${path}-wal`, "r+");
  return {
    sync: (onEnd) => fdatasync(descriptor, onEnd),
    close: () => closeSync(descriptor),
  };
}
