import type { DatabaseSync } from "node:sqlite";
import { StoreUnavailable } from "../../store-unavailable.ts";
import { truncateLog } from "./connection.ts";
import { isFatal, passingAs } from "./errors.ts";
import { createLogKeeper } from "./log-keeper.ts";
import type { WalSync } from "./wal-sync.ts";

/** The one who writes. */
export interface Writer {
  /**
   * Runs an operation in the next transaction, with everything else that is asked until then, and answers
   * once that is durable. One that throws changes nothing and takes no other down.
   */
  write<Result>(operation: () => Result): Promise<Result>;
  /** Something is committed that is not durable yet: resolves when that is over, well or not. */
  readonly syncing: Promise<void> | undefined;
  /** Leaves nothing in the files of what was overwritten or deleted before, between two transactions. */
  scrub(): Promise<void>;
  /** Throws if the store is closed, or broken. */
  assertOpen(): void;
  /** Writes what waits; refuses everything from then on. */
  close(): Promise<void>;
}

interface Waiting {
  /** Runs the operation and returns how to answer once it is durable. */
  run(): () => void;
  reject(error: unknown): void;
}

export interface WriterOptions {
  readonly path: string;
  readonly database: DatabaseSync;
  readonly wal: WalSync;
  readonly onFatal: (error: unknown) => void;
}

/**
 * Makes the writer over a connection. COMMIT leaves the sync to a thread of the pool, so that the event loop
 * reads, renders and sends meanwhile; what is asked meanwhile waits for its end, and is the next transaction.
 * So one sync is under way at most, and nobody hears of what it has not reached. `onFatal` is called once if
 * the disk fails: what it holds is uncertain then, so that everything is refused until the process starts
 * again and recovers.
 */
export function createWriter({ path, database, wal, onFatal }: WriterOptions): Writer {
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  const rollback = database.prepare("ROLLBACK");
  const savepoint = database.prepare("SAVEPOINT operation");
  const release = database.prepare("RELEASE operation");
  const rollbackTo = database.prepare("ROLLBACK TO operation");
  const keeper = createLogKeeper({ path, database, onFailed: refuseIfFatal });
  let waiting: Waiting[] = [];
  let syncing: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  let refusal: Error | undefined;

  function writeGroup(): void {
    if (syncing !== undefined) {
      // What waits is written at its end.
      return;
    }
    const group = waiting;
    waiting = [];
    if (refusal !== undefined) {
      rejectAll(group, refusal);
    } else if (group.length > 0) {
      try {
        begin.run();
        const answers = group.map(runOne);
        commit.run();
        sync(group, answers);
      } catch (error) {
        fail(group, error);
      }
    }
  }

  function sync(group: readonly Waiting[], answers: readonly (() => void)[]): void {
    syncing = Promise.withResolvers<void>();
    wal.sync((error) => {
      syncing?.resolve();
      syncing = undefined;
      if (error === null) {
        // Those who read were told just now, and go first: what the next transaction writes is not durable.
        // It comes before the answers, so that the disk syncs while what follows from them is done.
        queueMicrotask(writeGroup);
        queueMicrotask(() => {
          for (const answer of answers) {
            answer();
          }
          noteCommit();
        });
      } else {
        refuse(error);
        rejectAll(group, new StoreUnavailable(error));
        writeGroup();
      }
    });
  }

  function runOne(operation: Waiting): () => void {
    savepoint.run();
    try {
      const answer = operation.run();
      release.run();
      return answer;
    } catch (error) {
      // A full disk may end the whole transaction, and with it the savepoint.
      if (isFatal(error) || !database.isTransaction) {
        throw error;
      }
      rollbackTo.run();
      release.run();
      return () => operation.reject(passingAs(error));
    }
  }

  function fail(group: readonly Waiting[], error: unknown): void {
    refuseIfFatal(error);
    try {
      if (database.isTransaction) {
        rollback.run();
      }
    } catch (rollbackError) {
      refuse(rollbackError);
    }
    rejectAll(group, passingAs(error));
  }

  /** What was committed is: nobody hears of a disk that fails just after. */
  function noteCommit(): void {
    try {
      keeper.noteCommit();
    } catch (error) {
      refuseIfFatal(error);
    }
  }

  function refuseIfFatal(error: unknown): void {
    if (isFatal(error)) {
      refuse(error);
    }
  }

  function refuse(cause: unknown): void {
    if (refusal === undefined) {
      refusal = new StoreUnavailable(
        new Error("the database failed: it refuses everything until the process starts anew", { cause }),
      );
      onFatal(cause);
    }
  }

  return {
    write(operation) {
      return new Promise((resolve, reject) => {
        waiting.push({
          run() {
            const result = operation();
            return () => resolve(result);
          },
          reject,
        });
        if (waiting.length === 1 && syncing === undefined) {
          setImmediate(writeGroup);
        }
      });
    },
    async scrub() {
      // Two checkpoints at once are one that fails.
      await keeper.idle();
      if (refusal !== undefined) {
        throw refusal;
      }
      try {
        // A group is written without giving others a turn: here no transaction is open.
        truncateLog(database);
      } catch (error) {
        refuseIfFatal(error);
        throw passingAs(error);
      }
    },
    assertOpen() {
      if (refusal !== undefined) {
        throw refusal;
      }
    },
    get syncing() {
      return syncing?.promise;
    },
    async close() {
      if (syncing !== undefined) {
        await syncing.promise;
      }
      writeGroup();
      refusal ??= new Error("the store is closed");
      await syncing?.promise;
      await keeper.close();
    },
  };
}

function rejectAll(group: readonly Waiting[], error: unknown): void {
  for (const { reject } of group) {
    reject(error);
  }
}
