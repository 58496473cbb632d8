import { textIn } from "../columns.ts";
import type { Session } from "./database.ts";

const VERSION_MIN = 140_000;

const READ_SETTINGS = `
  SELECT current_setting('server_version_num') AS version,
         current_setting('server_version') AS version_name,
         current_setting('fsync') AS fsync,
         current_setting('full_page_writes') AS full_page_writes,
         current_setting('synchronous_commit') AS synchronous_commit,
         current_setting('server_encoding') AS encoding,
         current_setting('default_transaction_isolation') AS isolation,
         CASE WHEN pg_is_in_recovery() THEN 'standby' ELSE 'primary' END AS role`;

/**
 * Reads back what makes commits durable, and what statements are written for. Throws an Error that says
 * which setting is wrong and what it must be.
 */
export async function assertSettings(session: Session): Promise<void> {
  const [row = {}] = await session.rows(READ_SETTINGS);
  const must = (name: string, column: string, allowed: readonly string[]) => {
    const value = textIn(row, column);
    if (!allowed.includes(value)) {
      throw new Error(`PostgreSQL's ${name} must be ${allowed.join(" or ")}, it is ${value}`);
    }
  };
  if (Number(textIn(row, "version")) < VERSION_MIN) {
    throw new Error(`PostgreSQL must be 14 or newer, it is ${textIn(row, "version_name")}`);
  }
  if (textIn(row, "role") === "standby") {
    throw new Error("this PostgreSQL is a standby, which takes no writes: name the primary");
  }
  must("fsync", "fsync", ["on"]);
  must("full_page_writes", "full_page_writes", ["on"]);
  must("synchronous_commit", "synchronous_commit", ["on", "remote_apply"]);
  must("server_encoding", "encoding", ["UTF8"]);
  must("default_transaction_isolation", "isolation", ["read committed"]);
}
