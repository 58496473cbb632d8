import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openReaderConnection } from "./connection.ts";
import { markAsBackup } from "./restoration.ts";

/**
 * Copies a database as it is at one moment into a file of its own, while a server serves it or none does:
 * what is committed, without what was erased or deleted before. The file is there when it is whole and
 * durable. Throws if there is no database, or a file already.
 */
export function backUp({ path, to, now }: { path: string; to: string; now: number }): void {
  if (!existsSync(path)) {
    throw new Error(`there must be a database at ${path}`);
  }
  if (existsSync(to)) {
    throw new Error(`${to} is there already: a backup is a file of its own`);
  }
  const partial = `${to}.partial`;
  rmSync(partial, { force: true });
  using reading = openReaderConnection(path);
  reading.prepare("VACUUM INTO ?").run(partial);
  using copy = new DatabaseSync(partial);
  markAsBackup(copy, now);
  sync(partial);
  renameSync(partial, to);
  sync(dirname(to));
}

function sync(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
