import type { Offset } from "../../model/offset.ts";
import { bytesIn, integerIn, numberIn, optionalIn, type Row, textIn } from "../columns.ts";
import { ID_KEY } from "../id-key.ts";
import { type ArrivingMark, MOVE, markBytes } from "../move-marks.ts";
import { readArriving } from "../postgres/arriving.ts";
import { BE_ALONE } from "../postgres/be-alone.ts";
import { bigints, byteas, doubles, texts } from "../postgres/binary-arrays.ts";
import type { Database, Session } from "../postgres/database.ts";
import { findShards } from "../postgres/find-shards.ts";
import { migrate, readStatus } from "../postgres/migrate.ts";
import { addPartitions, makePartitions, partitionsAt, partitionsFor } from "../postgres/partitions.ts";
import {
  COUNT_UNPLACED,
  declareRows,
  FIND_OPENERS,
  fetchRows,
  findFilled,
  insertRows,
  PLACE_LEASES,
  PLACE_SHARDS,
  REPLACE_MARK,
  SET_GIVEN,
} from "../postgres/queries/moving.ts";
import { PUT_META, READ_META, SET_META } from "../postgres/queries/registry.ts";
import { assertSettings } from "../postgres/settings.ts";
import { type ColumnKind, MOVED_TABLES, type MovedTable } from "./moved-tables.ts";
import type { LogPlaces } from "./source.ts";
import type { Chunk } from "./source-rows.ts";
import { createDigestSum, type TableDigest } from "./table-digest.ts";

/** A database of PostgreSQL that is filled with what another one had. */
export interface Target {
  /** Undefined: nothing was moved here; it may have no tables yet. */
  readMark(): Promise<ArrivingMark | undefined>;
  /** Throws, with what to do, if the schema is not this version's, or the settings make nothing durable. */
  assertUsable(): Promise<void>;
  /** Throws if there is anything in it. */
  assertEmpty(): Promise<void>;
  /** Throws if a server, or a command, has it open. */
  assertUnopened(): Promise<void>;
  /** Makes schema and shards of an empty database, and marks it: nobody serves it from now on. */
  begin(mark: ArrivingMark, now: number): Promise<void>;
  /** Makes the partitions of the weeks that some offsets are in, and says how many shards there are. */
  prepare(weeks: readonly Offset[], now: number): Promise<number>;
  /**
   * Stores rows, and with them in one transaction how far that has come. Throws if somebody else has moved on
   * from the mark that was seen.
   */
  write(step: WriteStep): Promise<void>;
  /** Puts every shard where the one log stood, and numbers on from what was given. */
  place(places: LogPlaces): Promise<void>;
  /** Throws if a shard does not stand there. */
  assertPlaced(places: LogPlaces): Promise<void>;
  digest(table: MovedTable, onRows: (rows: number) => void): Promise<TableDigest>;
  /** Says that it may be served, when the database knows how much there is of what. */
  finish(change: MarkChange): Promise<void>;
}

/** The next mark, where the last one is as it was seen. */
export interface MarkChange {
  readonly seen: ArrivingMark;
  readonly next: ArrivingMark;
}

export interface WriteStep extends MarkChange {
  readonly table: MovedTable;
  readonly chunk: Chunk;
}

// Whatever a server or a move would have written.
const NEVER_FILLED = ["command", "outbox", "inbox", "directory"];

/** The server hashes what it shows, within the limit of a statement. */
const FETCHED_ROWS = 500;

/** Makes one over connections; `shards` is how many a new database gets. */
export function createTarget(database: Database, shards: number | undefined): Target {
  return {
    readMark: () => readArriving(database),
    assertUsable: () => assertUsable(database),
    assertEmpty: () => assertEmpty(database),
    assertUnopened: () => assertUnopened(database),
    begin: (mark, now) => begin(database, { mark, now, shards }),
    async prepare(weeks, now) {
      await makePartitions(database, now);
      const last = partitionsAt(now).at(-1)?.to ?? 0;
      // What a clock that ran ahead has accepted goes where everything goes that has no partition.
      const wanted = weeks.filter((offset) => offset < last).flatMap(partitionsFor);
      await addPartitions(database, [...new Map(wanted.map((each) => [each.name, each])).values()]);
      return await findShards(database, shards);
    },
    write: ({ table, chunk, ...change }) =>
      database.transaction(async (session) => {
        await replaceMark(session, change);
        await session.run(insertRows(table), ...columnsOf(table, chunk));
      }),
    place: (places) => database.transaction((session) => place(session, places)),
    assertPlaced: (places) => assertPlaced(database, places),
    digest: (table, onRows) => database.transaction((session) => digest(session, table, onRows)),
    async finish(change) {
      // Nothing has run that would have made the planner know them.
      await database.maintain(`ANALYZE ${MOVED_TABLES.map(({ name }) => name).join(", ")}`);
      await database.transaction((session) => replaceMark(session, change));
    },
  };
}

async function assertUsable(database: Database): Promise<void> {
  await assertSettings(database);
  const { applied, missing } = await readStatus(database);
  if (applied > 0 && missing.length > 0) {
    throw new Error(
      "the target has the schema of an older version: bring it up to date with posthorn migrate up, or " +
        "name a database without tables",
    );
  }
}

async function assertEmpty(session: Session): Promise<void> {
  if ((await readStatus(session)).applied === 0) {
    return;
  }
  const filled = await session.rows(findFilled([...MOVED_TABLES.map(({ name }) => name), ...NEVER_FILLED]));
  if (filled.length > 0) {
    const names = filled.map((row) => textIn(row, "name")).join(", ");
    throw new Error(
      `the target must be empty, there is something in ${names}: ` +
        "name a database that no server was started on",
    );
  }
}

async function assertUnopened(session: Session): Promise<void> {
  const { length: count } = await session.rows(FIND_OPENERS);
  if (count > 0) {
    throw new Error(
      `the target must be nobody's meanwhile, ${count} connections of a server are open: stop what serves it`,
    );
  }
}

async function begin(
  database: Database,
  { mark, now, shards }: { mark: ArrivingMark; now: number; shards: number | undefined },
): Promise<void> {
  await migrate(database, now);
  await findShards(database, shards);
  await database.transaction(async (session) => {
    await session.script(BE_ALONE);
    await assertEmpty(session);
    if ((await session.run(PUT_META, MOVE, markBytes(mark))) === 0) {
      throw new Error("another posthorn move into the target began just now");
    }
  });
}

async function replaceMark(session: Session, { seen, next }: MarkChange): Promise<void> {
  if ((await session.run(REPLACE_MARK, MOVE, markBytes(seen), markBytes(next))) === 0) {
    throw new Error(
      "the target is not as this move left it: another one writes into it, or was ended just now: " +
        "run it again",
    );
  }
}

function columnsOf({ columns }: MovedTable, { rows, shards }: Chunk): readonly Buffer[] {
  const values = Object.entries(columns).map(([name, kind]) => columnOf(rows, name, kind));
  return shards.length === 0 ? values : [bigints(shards), ...values];
}

function columnOf(rows: readonly Row[], name: string, kind: ColumnKind): Buffer {
  switch (kind) {
    case "integer":
      return bigints(rows.map((row) => optionalIn(row, name, integerIn)));
    case "real":
      return doubles(rows.map((row) => optionalIn(row, name, numberIn)));
    case "text":
      return texts(rows.map((row) => optionalIn(row, name, textIn)));
    case "bytes":
      return byteas(rows.map((row) => optionalIn(row, name, bytesIn)));
  }
}

async function place(session: Session, places: LogPlaces): Promise<void> {
  const { head, changes, idKey, given } = places;
  await session.run(PLACE_SHARDS, head, changes);
  await session.run(PLACE_LEASES, ...leasePlaces(places));
  await session.run(SET_META, ID_KEY, idKey);
  for (const [table, last] of given) {
    if (last > 0) {
      await session.run(SET_GIVEN, table, last);
    }
  }
}

function leasePlaces({ epoch, checkpoint, changesApplied, countedTo }: LogPlaces): readonly number[] {
  return [epoch, checkpoint, changesApplied, countedTo];
}

async function assertPlaced(session: Session, places: LogPlaces): Promise<void> {
  const { head, changes, idKey } = places;
  const [row = {}] = await session.rows(COUNT_UNPLACED, head, changes, ...leasePlaces(places));
  const [meta = {}] = await session.rows(READ_META, ID_KEY);
  if (integerIn(row, "unplaced") > 0 || Buffer.compare(bytesIn(meta, "value"), idKey) !== 0) {
    throw new Error("the target's shards do not stand where the log stood: move into an empty database");
  }
}

async function digest(
  session: Session,
  table: MovedTable,
  onRows: (rows: number) => void,
): Promise<TableDigest> {
  const sum = createDigestSum();
  const columns = [...(table.shardBy === undefined ? [] : ["shard"]), ...Object.keys(table.columns)];
  await session.run(declareRows(table));
  for (;;) {
    const rows = await session.rows(fetchRows(table, FETCHED_ROWS));
    for (const row of rows) {
      sum.add(columns.map((column) => row[column]));
    }
    onRows(rows.length);
    if (rows.length < FETCHED_ROWS) {
      return sum.total();
    }
  }
}
