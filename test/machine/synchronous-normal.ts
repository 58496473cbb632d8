/**
 * Loaded before a server, breaks the promise that its commits are synced: what SQLite calls synchronous =
 * NORMAL, set as soon as the writer's connection has read its own setting back. A power cut must be seen to
 * lose what such a server acknowledged.
 */
import { DatabaseSync } from "node:sqlite";

const { exec } = DatabaseSync.prototype;

DatabaseSync.prototype.exec = function execAndLoosen(this: DatabaseSync, sql: string): void {
  exec.call(this, sql);
  // Of the writer alone, and later than the setting it undoes.
  if (sql.startsWith("PRAGMA wal_autocheckpoint")) {
    exec.call(this, "PRAGMA synchronous = NORMAL");
  }
};
