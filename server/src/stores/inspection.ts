import type { SecretRegistry } from "../secret-registry.ts";
import type { MigrationStatus } from "./migration.ts";

/** What a look at a database finds, whether a server serves it or none does. It changes nothing. */
export interface Inspection {
  readonly migrations: MigrationStatus;
  /** Undefined: the schema is not this version's, whose statements are for no other. */
  readonly contents: InspectedContents | undefined;
  /** Undefined: it is a file, which nobody serves but us. */
  readonly server: InspectedServer | undefined;
  close(): Promise<void>;
}

export interface InspectedContents extends Pick<SecretRegistry, "readSealed"> {
  /** When the newest place of the log is from, in milliseconds since 1970. */
  readonly newestAt: number;
  /** How far the database's clock is ahead of this machine's; undefined: it has none of its own. */
  readonly clockAheadMs: number | undefined;
  /** Whether nothing is sent until a person has looked, as it was restored from a backup. */
  readonly isBackup: boolean;
}

/** What a server of databases tells of itself, and of who else is there. */
export interface InspectedServer {
  readonly version: string;
  readonly databaseBytes: number;
  /** Of everybody, to all of its databases. */
  readonly connections: number;
  /** As many as it has for whoever is no superuser. */
  readonly connectionsMax: number;
  /** How long somebody else's transaction has been open in this database; 0: none that is shown. */
  readonly oldestTransactionMs: number;
  /** What this user may not write, or not change; empty: nothing. */
  readonly forbidden: string;
}
