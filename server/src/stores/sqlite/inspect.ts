import { existsSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { timeOfOffset } from "../../model/offset.ts";
import { integerIn } from "../columns.ts";
import type { InspectedContents, Inspection } from "../inspection.ts";
import { assertVersion, openReaderConnection } from "./connection.ts";
import { LEASE } from "./lease.ts";
import { assertStays } from "./leaving.ts";
import { readMigrationStatus } from "./migrate.ts";
import { READ_PLACES } from "./queries/moving.ts";
import { isBackup } from "./restoration.ts";
import { prepareReadSealed } from "./secrets.ts";

/** Looks at a file, without its lock. As `inspectDatabase`. */
export function inspectSqlite(path: string): Inspection | undefined {
  if (!existsSync(path)) {
    return undefined;
  }
  const migrations = readMigrationStatus(path);
  const database = openReaderConnection(path);
  try {
    assertVersion(database);
    assertStays(database, path);
    return {
      migrations,
      contents: migrations.missing.length > 0 ? undefined : contentsOf(database),
      server: undefined,
      close: async () => database.close(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

function contentsOf(database: DatabaseSync): InspectedContents {
  const readSealed = prepareReadSealed(database);
  return {
    newestAt: timeOfOffset(integerIn(database.prepare(READ_PLACES).get(LEASE) ?? {}, "head")),
    clockAheadMs: undefined,
    isBackup: isBackup(database),
    readSealed: async (after, limit) => readSealed(after, limit),
  };
}
