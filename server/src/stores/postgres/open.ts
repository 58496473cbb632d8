import { hostname } from "node:os";
import type { Clock } from "../../clock.ts";
import type { Inbox } from "../../inbox.ts";
import type { Random } from "../../random.ts";
import type { Reader } from "../../reader.ts";
import type { Registry } from "../../registry.ts";
import type { Restoration } from "../../restoration.ts";
import type { Sharing } from "../../sharing.ts";
import type { Store } from "../../store.ts";
import { bytesIn } from "../columns.ts";
import { createSubjectHash } from "../directory/subject-hash.ts";
import { ID_KEY, ID_KEY_BYTES } from "../id-key.ts";
import { createAppender } from "./append.ts";
import { assertArrived } from "./arriving.ts";
import { createCompactor } from "./compactor.ts";
import { type Database, openDatabase, type Session } from "./database.ts";
import { findShards } from "./find-shards.ts";
import { createHints } from "./hints.ts";
import { openInbox } from "./inbox.ts";
import { createLeases } from "./leases.ts";
import { followLineage, type WentBack } from "./lineage.ts";
import { createLiveTenants } from "./live-tenants.ts";
import { migrate } from "./migrate.ts";
import { createPartitioner } from "./partitioner.ts";
import { makePartitions } from "./partitions.ts";
import { PUT_META, READ_META } from "./queries/registry.ts";
import { createReader } from "./reader.ts";
import { createRegistry } from "./registry.ts";
import { openRestoration } from "./restoration.ts";
import { assertSettings } from "./settings.ts";
import { createSharing } from "./sharing.ts";
import { createStore } from "./store.ts";
import { createSurvey } from "./survey.ts";
import { createTenantShards } from "./tenant-shards.ts";
import { databaseTime, type OffsetTime } from "./time.ts";

export interface PostgresStore extends Store, Registry, Reader {
  readonly restoration: Restoration;
  readonly sharing: Sharing;
  readonly inbox: Inbox;
}

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Default: the database's clock gives offsets their times. */
  readonly offsetTime?: OffsetTime;
  /**
   * For as long as the store is open partitions are made ahead of their time, and hot tables are kept small;
   * told where one of these fails, which is tried again. Default: partitions are made once.
   */
  readonly onUpkeepFailed?: (what: Upkeep, error: unknown) => void;
  /** Is told when it is found that the database went back in time. Default: nobody is. */
  readonly onWentBack?: (how: WentBack) => void;
  /** Is told who has tables that are to be changed, which waits for that. Default: nobody is. */
  readonly onMigrationWaiting?: (holders: string) => void;
  /** Names this process among those that share the database. Default: by machine, process and chance. */
  readonly holder?: string;
  /** How long a lease is held without being renewed. Default: LEASE_MS. */
  readonly leaseMs?: number;
  /** How many shards the log has, for good once the database is made. Default: as `findShards` has it. */
  readonly shards?: number | undefined;
}

/** What is done for a database beside what it is for. */
export type Upkeep = "partitions" | "hot tables";

const LEASE_MS = 15_000;

// Those that pages and lists use are apart, so that a person who looks around keeps no event waiting.
const WRITING_CONNECTIONS_MAX = 12;
const READING_CONNECTIONS_MAX = 6;

/** What the server shows connections as. */
const NAME = "posthorn";

/**
 * Opens a database, of which several processes may have hold. Throws, with the reason and what to do, if it
 * is another program's or a newer version's, or if its commits are not durable.
 */
export async function openPostgresStore(options: PostgresOptions): Promise<PostgresStore> {
  const { url, clock, random, offsetTime = databaseTime } = options;
  const opened = new AsyncDisposableStack();
  try {
    const shardCount = await prepare(options);
    const first = async (session: Session) => {
      const wentBack = await followLineage(session);
      if (wentBack !== undefined) {
        options.onWentBack?.(wentBack);
      }
    };
    const writing = openDatabase({ url, name: NAME, connectionsMax: WRITING_CONNECTIONS_MAX, first });
    opened.defer(() => writing.close());
    const reading = openDatabase({ url, name: NAME, connectionsMax: READING_CONNECTIONS_MAX });
    opened.defer(() => reading.close());
    // Again, on connections that stay: a move that begins from now on finds them.
    await assertArrived(writing);
    startUpkeep(writing, options, opened);
    const tenants = createLiveTenants();
    const shards = createTenantShards(writing, shardCount);
    const appender = createAppender({ clock, offsetTime, tenants });
    const node = {
      database: writing,
      holder:
        options.holder ?? `${hostname()} ${process.pid} ${Buffer.from(random.bytes(8)).toString("hex")}`,
      leaseMs: options.leaseMs ?? LEASE_MS,
    };
    const leases = createLeases(node);
    const hints = createHints(writing, url);
    opened.defer(() => hints.close());
    const idKey = await readIdKey(writing, random);
    const restoration = await openRestoration(writing);
    const hashSubject = createSubjectHash(idKey);
    return {
      restoration,
      inbox: await openInbox(writing, shards),
      sharing: createSharing({ ...node, shards, hints, appender, restoration }),
      ...createStore({ database: writing, clock, offsetTime, appender, hashSubject, leases, shards }),
      ...createRegistry({ database: writing, clock, offsetTime, tenants, shards }, idKey),
      ...createReader({ database: reading, clock, shards, hashSubject }),
      ...createSurvey(reading, node.holder),
      close: () => opened.disposeAsync(),
    };
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

function startUpkeep(
  database: Database,
  { clock, onUpkeepFailed }: Pick<PostgresOptions, "clock" | "onUpkeepFailed">,
  opened: AsyncDisposableStack,
): void {
  if (onUpkeepFailed === undefined) {
    return;
  }
  const onFailed = (what: Upkeep) => (error: unknown) => onUpkeepFailed(what, error);
  const duties = [
    createPartitioner(database, { clock, onFailed: onFailed("partitions") }),
    createCompactor(database, { clock, onFailed: onFailed("hot tables") }),
  ];
  for (const duty of duties) {
    duty.start();
    opened.defer(() => duty.stop());
  }
}

/** Brings a database to what this version needs, and returns how many shards it has. */
async function prepare({ url, clock, shards, onMigrationWaiting }: PostgresOptions): Promise<number> {
  const database = openDatabase({ url, name: NAME, connectionsMax: 1 });
  try {
    await assertSettings(database);
    await assertArrived(database);
    await migrate(database, clock.now(), onMigrationWaiting && { onWaiting: onMigrationWaiting });
    await makePartitions(database, clock.now());
    return await findShards(database, shards);
  } finally {
    await database.close();
  }
}

async function readIdKey(database: Database, random: Random): Promise<Uint8Array> {
  await database.run(PUT_META, ID_KEY, random.bytes(ID_KEY_BYTES));
  const [row = {}] = await database.rows(READ_META, ID_KEY);
  return bytesIn(row, "value");
}
