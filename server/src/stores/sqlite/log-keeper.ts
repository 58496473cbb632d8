import type { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import { CHECKPOINT_PAGES } from "./connection.ts";

/** Keeps the WAL short: copies it into the file on a thread of its own, while transactions go on. */
export interface LogKeeper {
  /** Looks now and then whether it is time. Throws what the disk says. */
  noteCommit(): void;
  /** Resolves when no checkpoint is under way; one that begins later does so after a commit. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export interface LogKeeperOptions {
  readonly path: string;
  /** The connection that writes. */
  readonly database: DatabaseSync;
  /** What the disk said where nobody waits for it. */
  readonly onFailed: (error: unknown) => void;
}

// A look costs as much as a statement, and commits between two looks write less than CHECKPOINT_PAGES.
const LOOK_EVERY_COMMITS = 16;

/**
 * Makes the keeper of a database's log. Its thread starts when the log is long for the first time. What the
 * thread has left, because it was written meanwhile, the connection that writes copies itself: only a log
 * that is copied to its end is begun anew, and that is little.
 */
export function createLogKeeper({ path, database, onFailed }: LogKeeperOptions): LogKeeper {
  const look = database.prepare("PRAGMA wal_checkpoint(NOOP)");
  const finish = database.prepare("PRAGMA wal_checkpoint(PASSIVE)");
  let worker: Worker | undefined;
  let commits = 0;
  let copying: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  let isClosed = false;

  function copy(): void {
    copying = Promise.withResolvers<void>();
    worker ??= startWorker();
    worker.postMessage("copy", []);
  }

  function startWorker(): Worker {
    const started = new Worker(`(${copyWhenTold.toString()})()`, { eval: true, workerData: path });
    started.on("message", onCopied);
    // It cannot even open the file: the connection that writes does all of it.
    started.on("error", () => undefined);
    started.on("exit", () => {
      worker = undefined;
      onCopied();
    });
    return started;
  }

  function onCopied(): void {
    try {
      if (!isClosed) {
        finish.get();
      }
    } catch (error) {
      onFailed(error);
    }
    copying?.resolve();
    copying = undefined;
  }

  return {
    noteCommit() {
      commits += 1;
      if (commits % LOOK_EVERY_COMMITS === 0 && copying === undefined && !isClosed) {
        const { log, checkpointed } = look.get() ?? {};
        if (Number(log) - Number(checkpointed) >= CHECKPOINT_PAGES) {
          copy();
        }
      }
    },
    async idle() {
      await copying?.promise;
    },
    async close() {
      isClosed = true;
      await copying?.promise;
      await worker?.terminate();
    },
  };
}

/**
 * What the thread does. It is given this text and nothing around it: a module of TypeScript would bring what
 * strips its types, three times the memory of the thread.
 */
function copyWhenTold(): void {
  const { parentPort, ...given } = process.getBuiltinModule("node:worker_threads");
  const path: unknown = given.workerData;
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  const database = new DatabaseSync(String(path));
  database.exec("PRAGMA synchronous = FULL; PRAGMA mmap_size = 0");
  const copy = database.prepare("PRAGMA wal_checkpoint(PASSIVE)");
  parentPort?.on("message", () => {
    try {
      copy.get();
    } catch {
      // The connection that writes meets the same disk next, and tells.
    }
    parentPort.postMessage("copied", []);
  });
}
