import type { Clock } from "../../clock.ts";
import { timeOfOffset } from "../../model/offset.ts";
import { integerIn, textIn } from "../columns.ts";
import type { InspectedContents, InspectedServer, Inspection } from "../inspection.ts";
import { assertArrived } from "./arriving.ts";
import { type Database, openDatabase } from "./database.ts";
import { readStatus } from "./migrate.ts";
import { READ_SERVER, READ_TIMES } from "./queries/inspection.ts";
import { readBackedUpAt } from "./restoration.ts";
import { createSecrets } from "./secrets.ts";
import { assertSettings } from "./settings.ts";

/** Looks at a database. As `inspectDatabase`. */
export async function inspectPostgres(url: string, clock: Clock): Promise<Inspection> {
  const database = openDatabase({ url, name: "posthorn doctor", connectionsMax: 1 });
  try {
    await assertSettings(database);
    await assertArrived(database);
    const migrations = await readStatus(database);
    return {
      migrations,
      contents: migrations.missing.length > 0 ? undefined : await contentsOf(database, clock),
      server: await serverOf(database),
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function contentsOf(database: Database, clock: Clock): Promise<InspectedContents> {
  // The connection is there by now: what is measured is one way there and one back.
  const askedAt = clock.now();
  const [row = {}] = await database.rows(READ_TIMES);
  const middle = (askedAt + clock.now()) / 2;
  return {
    newestAt: timeOfOffset(integerIn(row, "newest")),
    clockAheadMs: Math.round(integerIn(row, "now") - middle),
    isBackup: (await readBackedUpAt(database)) !== undefined,
    readSealed: createSecrets(database).readSealed,
  };
}

async function serverOf(database: Database): Promise<InspectedServer> {
  const [row = {}] = await database.rows(READ_SERVER);
  return {
    version: textIn(row, "version"),
    databaseBytes: integerIn(row, "database_bytes"),
    connections: integerIn(row, "connections"),
    connectionsMax: integerIn(row, "connections_max"),
    oldestTransactionMs: integerIn(row, "oldest_transaction_ms"),
    forbidden: textIn(row, "forbidden"),
  };
}
