import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../../clock.ts";
import type { Random } from "../../random.ts";
import type { Reader } from "../../reader.ts";
import { realPathOf } from "../../real-path.ts";
import type { Registry } from "../../registry.ts";
import type { Restoration } from "../../restoration.ts";
import type { Store } from "../../store.ts";
import { bytesIn } from "../columns.ts";
import { createSubjectHash } from "../directory/subject-hash.ts";
import { ID_KEY, ID_KEY_BYTES } from "../id-key.ts";
import { openReaderConnection, openWriterConnection, truncateLog } from "./connection.ts";
import type { Connections } from "./connections.ts";
import { passingAs } from "./errors.ts";
import { assertStays } from "./leaving.ts";
import { holdLock } from "./lock.ts";
import { migrate } from "./migrate.ts";
import { PUT_META, READ_META } from "./queries/registry.ts";
import { createReader } from "./reader.ts";
import { createRegistry } from "./registry.ts";
import { findRestoration } from "./restoration.ts";
import { createStore } from "./store.ts";
import { createSurvey } from "./survey.ts";
import { openWalSync } from "./wal-sync.ts";
import { createWriter, type Writer } from "./writer.ts";

export interface SqliteStore extends Store, Registry, Reader {
  readonly restoration: Restoration;
}

export interface SqliteOptions {
  /** The database's file; made if there is none. Its folder must exist. */
  readonly path: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Called once if the disk fails: what it holds is uncertain, so the process must end and start anew. */
  readonly onFatal: (error: unknown) => void;
}

/**
 * Opens a database of one process. Throws, with the reason and what to do, if another process has it, if it
 * is another program's or a newer version's, or if it cannot be made durable.
 */
export function openSqliteStore({ path: givenPath, clock, random, onFatal }: SqliteOptions): SqliteStore {
  const path = realPathOf(givenPath);
  // Undone in reverse: on a failure at once, else by close().
  const opened = new DisposableStack();
  try {
    opened.adopt(holdLock(path), (each) => each.release());
    const writing = opened.adopt(openWriterConnection(path), (each) => each.close());
    assertStays(writing, path);
    migrate(writing, clock.now());
    // What was overwritten just before a crash still stands in the log.
    truncateLog(writing);
    const idKey = readIdKey(writing, random);
    const hashSubject = createSubjectHash(idKey);
    const reading = opened.adopt(openReaderConnection(path), (each) => each.close());
    const wal = opened.adopt(openWalSync(path), (each) => each.close());
    const writer = createWriter({ path, database: writing, wal, onFatal });
    const connections = createConnections(writer, writing, reading);
    const restoration = findRestoration(writing, writer.write, clock.now());
    return {
      restoration,
      ...createStore(connections, clock, hashSubject),
      ...createRegistry(connections, clock, idKey),
      ...createReader(connections, clock, hashSubject),
      ...createSurvey(connections),
      async close() {
        await writer.close();
        opened.dispose();
      },
    };
  } catch (error) {
    opened.dispose();
    throw error;
  }
}

function createConnections(writer: Writer, writing: DatabaseSync, reading: DatabaseSync): Connections {
  return {
    writing,
    reading,
    write: writer.write,
    scrub: writer.scrub,
    assertOpen: writer.assertOpen,
    async read(query) {
      // Nobody may act on what a power cut could still undo.
      while (writer.syncing !== undefined) {
        await writer.syncing;
      }
      writer.assertOpen();
      try {
        return query();
      } catch (error) {
        throw passingAs(error);
      }
    },
  };
}

function readIdKey(database: DatabaseSync, random: Random): Uint8Array {
  database.prepare(PUT_META).run(ID_KEY, random.bytes(ID_KEY_BYTES));
  return bytesIn(database.prepare(READ_META).get(ID_KEY) ?? {}, "value");
}
