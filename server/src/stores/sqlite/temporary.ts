import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { openSqliteStore, type SqliteOptions, type SqliteStore } from "./open.ts";

export interface TemporaryStore {
  readonly stores: SqliteStore;
  readonly path: string;
  /** Opens the same file again; to be called after the store was closed. */
  open(): SqliteStore;
}

/** Returns the path of a database in a folder that goes with the test. */
export function temporaryPath(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-sqlite-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, "posthorn.db");
}

/** Opens a store on a real file for one test. */
export function openInTemporaryFolder(
  ports: Pick<SqliteOptions, "clock" | "random">,
  t: TestContext,
): TemporaryStore {
  const opened: SqliteStore[] = [];
  // Before the folder goes: the hooks of a test run in the order they were added.
  t.after(() => Promise.all(opened.map((stores) => stores.close())));
  const path = temporaryPath(t);
  const open = () => {
    const onFatal = (error: unknown) => {
      throw error;
    };
    const stores = openSqliteStore({ ...ports, path, onFatal });
    opened.push(stores);
    return stores;
  };
  return { stores: open(), path, open };
}
