import type { DatabaseSync } from "node:sqlite";

/** The two ways into an open database. */
export interface Connections {
  /** Statements that write, and those that must see what the same transaction wrote, are prepared here. */
  readonly writing: DatabaseSync;
  /** Statements that read what is durable are prepared here. */
  readonly reading: DatabaseSync;
  /** Runs an operation in the next group's transaction and answers once that is durable. */
  write<Result>(operation: () => Result): Promise<Result>;
  /** Leaves nothing in the files of what was overwritten or deleted before. */
  scrub(): Promise<void>;
  /** Runs a query; it and the statements in it see the same rows, because nothing else runs meanwhile. */
  read<Result>(query: () => Result): Promise<Result>;
  /** Throws if the store is closed, or broken. */
  assertOpen(): void;
}
