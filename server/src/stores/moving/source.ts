import { existsSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import type { Offset } from "../../model/offset.ts";
import { realPathOf } from "../../real-path.ts";
import type { SecretRegistry } from "../../secret-registry.ts";
import { bytesIn, integerIn, optionalIn, textIn } from "../columns.ts";
import { ID_KEY } from "../id-key.ts";
import type { LeavingMark } from "../move-marks.ts";
import { PARTITIONED, partitionsFor } from "../postgres/partitions.ts";
import { openReaderConnection, openWriterConnection } from "../sqlite/connection.ts";
import { LEASE } from "../sqlite/lease.ts";
import { readLeaving, writeLeaving } from "../sqlite/leaving.ts";
import { holdLock } from "../sqlite/lock.ts";
import { readMigrationStatus } from "../sqlite/migrate.ts";
import { nextOffsetIn, READ_GIVEN, READ_PLACES } from "../sqlite/queries/moving.ts";
import { READ_META } from "../sqlite/queries/registry.ts";
import { isBackup } from "../sqlite/restoration.ts";
import { prepareReadSealed } from "../sqlite/secrets.ts";
import { createSourceRows, type SourceRows } from "./source-rows.ts";

/** Where the one log stands, and what was given out of it. */
export interface LogPlaces {
  readonly head: Offset;
  readonly changes: number;
  readonly epoch: number;
  readonly checkpoint: Offset;
  readonly changesApplied: number;
  readonly countedTo: Offset;
  readonly idKey: Uint8Array;
  /** By table the last number that was given to a row of it. */
  readonly given: ReadonlyMap<string, number>;
}

/** A file of SQLite that is to be left. */
export interface Source extends Pick<SecretRegistry, "readSealed"> {
  readonly path: string;
  readonly rows: SourceRows;
  readMark(): LeavingMark | undefined;
  writeMark(mark: LeavingMark): void;
  readPlaces(): LogPlaces;
  /** An offset of each week that something is from. */
  readWeeks(): readonly Offset[];
  close(): void;
}

/**
 * Opens a file to move what is in it, or only to look at it, which may be done while a server serves it.
 * Throws, with what to do, if it is served, has not this version's schema, or was restored and sends nothing.
 */
export function openSource(givenPath: string, purpose: "move" | "look"): Source {
  if (!existsSync(givenPath)) {
    throw new Error(`there must be a database at ${givenPath}`);
  }
  const path = realPathOf(givenPath);
  const opened = new DisposableStack();
  try {
    if (purpose === "move") {
      opened.adopt(holdLock(path), (lock) => lock.release());
    }
    assertSchema(path);
    const open = purpose === "move" ? openWriterConnection : openReaderConnection;
    const database = opened.adopt(open(path), (each) => each.close());
    assertSends(database, path);
    const readSealed = prepareReadSealed(database);
    return {
      path,
      rows: createSourceRows(database),
      readSealed: async (after, limit) => readSealed(after, limit),
      readMark: () => readLeaving(database),
      writeMark: (mark) => writeLeaving(database, mark),
      readPlaces: () => readPlaces(database),
      readWeeks: () => PARTITIONED.flatMap((table) => readWeeks(database, table)),
      close: () => opened.dispose(),
    };
  } catch (error) {
    opened.dispose();
    throw error;
  }
}

function assertSchema(path: string): void {
  const { missing } = readMigrationStatus(path);
  if (missing.length > 0) {
    throw new Error(
      `${path} has the schema of an older version: bring it up to date with posthorn migrate up, ` +
        `and POSTHORN_DATABASE_URL=sqlite:${path}`,
    );
  }
}

/** PostgreSQL does not know what was restored, and would send at once what may have been delivered since. */
function assertSends(database: DatabaseSync, path: string): void {
  if (isBackup(database)) {
    throw new Error(
      `${path} was restored from a backup, and nothing is sent from it until POST /v1/sending/resume: ` +
        "start a server on it and resume, and move it then",
    );
  }
}

function readPlaces(database: DatabaseSync): LogPlaces {
  const row = database.prepare(READ_PLACES).get(LEASE) ?? {};
  const given = database.prepare(READ_GIVEN).all();
  return {
    head: integerIn(row, "head"),
    changes: integerIn(row, "changes"),
    epoch: integerIn(row, "epoch"),
    checkpoint: integerIn(row, "checkpoint"),
    changesApplied: integerIn(row, "changes_applied"),
    countedTo: integerIn(row, "counted_to"),
    idKey: bytesIn(database.prepare(READ_META).get(ID_KEY) ?? {}, "value"),
    given: new Map(given.map((each) => [textIn(each, "name"), integerIn(each, "last")])),
  };
}

function readWeeks(database: DatabaseSync, table: string): readonly Offset[] {
  const statement = database.prepare(nextOffsetIn(table));
  const next = (from: Offset) => optionalIn(statement.get(from) ?? {}, "next", integerIn);
  const weeks: Offset[] = [];
  for (let offset = next(0); offset !== undefined; ) {
    weeks.push(offset);
    const [week] = partitionsFor(offset);
    offset = week && next(week.to);
  }
  return weeks;
}
