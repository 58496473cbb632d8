import type { Clock } from "../../clock.ts";
import { LIVE } from "../../model/delivery.ts";
import type { AskedReads, FactReads, LogReads, Store } from "../../store.ts";
import { integerIn } from "../columns.ts";
import type { HashSubject } from "../directory/subject-hash.ts";
import {
  attemptOf,
  erasureOf,
  eventOf,
  laneOf,
  openReplaysOf,
  retryCountOf,
  retryOf,
  settledDeliveryOf,
  sinceOf,
} from "../log-rows.ts";
import { BEFORE_RETRIES } from "../page-start.ts";
import { tenantOf } from "../registry-rows.ts";
import { erasablePageOf, logPageOf, nobodysAt } from "../scans.ts";
import { createAgeing } from "./ageing.ts";
import { type Appender, readHead } from "./append.ts";
import { bigints } from "./binary-arrays.ts";
import type { Database } from "./database.ts";
import { lookThrough, type Part } from "./directory.ts";
import { readEndpoints, readEndpointsOf } from "./endpoints.ts";
import { refusing } from "./errors.ts";
import { flush } from "./flush.ts";
import { readGapsBetween } from "./gaps.ts";
import type { Leases } from "./leases.ts";
import { READ_ERASURES, SCAN_ERASABLE } from "./queries/erasure.ts";
import {
  COUNT_RETRIES,
  READ_ATTEMPTS,
  READ_FAILING,
  READ_LANES,
  READ_RETRIES,
  READ_RETRY,
  READ_SETTLED,
  READ_TOLD_HOLDS,
  READ_WAITING,
} from "./queries/facts.ts";
import { READ_EVENTS, READ_LOG, REAP_KEYS } from "./queries/log.ts";
import { overOffsets } from "./queries/over-part.ts";
import { READ_CHANGED, READ_ENDPOINT } from "./queries/read-endpoints.ts";
import { READ_ANY_TENANT } from "./queries/registry.ts";
import { READ_OPEN_REPLAYS } from "./queries/replays.ts";
import { createRetention } from "./retention.ts";
import type { TenantShards } from "./tenant-shards.ts";
import type { OffsetTime } from "./time.ts";

type Writes = Pick<Store, keyof Leases | "append" | "flush" | "reapKeys" | "scrub">;

export interface StorePorts {
  readonly database: Database;
  readonly clock: Clock;
  readonly offsetTime: OffsetTime;
  readonly appender: Appender;
  readonly hashSubject: HashSubject;
  readonly leases: Leases;
  readonly shards: TenantShards;
}

// What erasing overwrites or removes, and what sealing anew does.
const OVERWRITTEN = ["event", "attempt", "event_key", "directory", "erasure", "secret"];

/** What the engine writes through, over a database. */
export function createStore(ports: StorePorts): Omit<Store, "close" | "readFacts"> {
  const shardCount = ports.shards.count;
  return {
    leases: () => Array.from({ length: shardCount }, (_, shard) => shard),
    leaseOf: (shard) => shard % shardCount,
    ...createWrites(ports),
    ...createLogReads(ports),
    ...createFactReads(ports),
    ...createAsked(ports),
    ...createRetention(ports.database),
    ...createAgeing(ports.database),
  };
}

function createWrites(ports: StorePorts): Writes {
  const { database, appender, leases } = ports;
  const shardCount = ports.shards.count;
  /** The last append of each lease: those that wait for one another would each take a connection. */
  const appending = new Map<number, Promise<unknown>>();
  function assertLease(lease: number): void {
    if (!Number.isInteger(lease) || lease < 0 || lease >= shardCount) {
      throw new Error(`the log has the leases 0 to ${shardCount - 1}, got ${lease}`);
    }
  }
  return {
    ...leases,
    async takeLease(lease) {
      assertLease(lease);
      return leases.takeLease(lease);
    },
    async append(lease, submissions) {
      assertLease(lease);
      const before = appending.get(lease);
      const appended = refusing(async () => {
        await before?.catch(() => undefined);
        return await appender.append(database, lease, [...submissions]);
      });
      appending.set(lease, appended);
      return appended;
    },
    flush: (lease, facts) => refusing(() => flush(ports, lease, facts)),
    reapKeys: (now, limit) => database.run(REAP_KEYS, now, limit),
    // What was overwritten stands in old versions of its rows until they are vacuumed.
    async scrub() {
      for (const table of OVERWRITTEN) {
        await database.maintain(`VACUUM ${table}`);
      }
    },
  };
}

function createLogReads({ database }: StorePorts): LogReads {
  return {
    readHead: (lease) => readHead(database, lease),
    async readLog(query) {
      const { lease, after, to, tenant, types, limit, bytesMax } = query;
      const wanted = tenant === undefined ? undefined : { tenant, types, hasAddressed: true };
      const read = ({ offsets, ...part }: Part) =>
        database.rows(
          overOffsets(READ_LOG, offsets),
          lease,
          part.after,
          part.to,
          part.limit,
          bytesMax,
          tenant,
          offsets,
        );
      // One row more than may be looked at says whether there is more.
      const ports = { session: database, shard: lease, read };
      const { rows, isCut } = await lookThrough(ports, { after, to, wanted }, { limit: limit + 1 });
      return isCut
        ? logPageOf([...rows, nobodysAt(to)], { ...query, limit: rows.length })
        : logPageOf(rows, query);
    },
    readEvents: async (lease, offsets) =>
      (await database.rows(READ_EVENTS, lease, bigints(offsets))).map(eventOf),
    async readRoutes(number) {
      const [tenant] = await database.rows(READ_ANY_TENANT, number);
      return tenant && { tenant: tenantOf(tenant), endpoints: await readEndpointsOf(database, number) };
    },
    async readEndpoint(number) {
      const [read] = await readEndpoints(database, READ_ENDPOINT, number);
      return read?.endpoint;
    },
    readChanged: async (lease, change) =>
      (await readEndpoints(database, READ_CHANGED, lease, change)).map(({ endpoint }) => endpoint),
  };
}

function createAsked({ database, hashSubject }: StorePorts): AskedReads {
  return {
    readReplays: async (lease) => openReplaysOf(await database.rows(READ_OPEN_REPLAYS, lease)),
    readErasures: async (lease) => (await database.rows(READ_ERASURES, lease)).map(erasureOf),
    async findErasable(query) {
      const { lease, from, to, tenant, subject, limit } = query;
      const wanted = { tenant, subjectHash: subject === undefined ? undefined : hashSubject(subject) };
      const read = ({ offsets, ...part }: Part) =>
        database.rows(
          overOffsets(SCAN_ERASABLE, offsets),
          lease,
          part.after,
          part.to,
          part.limit,
          offsets,
          tenant,
          subject,
        );
      const ports = { session: database, shard: lease, read };
      const { rows } = await lookThrough(ports, { after: from - 1, to, wanted }, { limit: limit + 1 });
      return erasablePageOf(rows, query);
    },
  };
}

function createFactReads({ database }: StorePorts): FactReads {
  return {
    async readSettled({ lease, after, to, endpoint, cursor = LIVE }) {
      // A retry may end in a gap meanwhile: it is found as one of them, if not as both.
      const deliveries = await database.rows(READ_SETTLED, lease, after, to, endpoint, cursor);
      const place = { shard: lease, from: after + 1, to, endpoint };
      const gaps = cursor === LIVE ? await readGapsBetween(database, place) : [];
      return {
        deliveries: deliveries.map(settledDeliveryOf),
        gaps,
      };
    },
    readLanes: async (lease) => (await database.rows(READ_LANES, lease)).map(laneOf),
    async readRetries(lease, after, limit) {
      const { dueAt, endpoint, cursor, offset } = after ?? BEFORE_RETRIES;
      const rows = await database.rows(READ_RETRIES, lease, dueAt, endpoint, cursor, offset, limit);
      return rows.map(retryOf);
    },
    readWaiting: async (lease, { endpoint, cursor, to }) =>
      (await database.rows(READ_WAITING, lease, endpoint, cursor, to)).map((row) => integerIn(row, "offset")),
    async readRetry(lease, { endpoint, cursor, offset }) {
      const [row] = await database.rows(READ_RETRY, lease, endpoint, cursor, offset);
      return row && retryOf(row);
    },
    countRetries: async (lease) => (await database.rows(COUNT_RETRIES, lease)).map(retryCountOf),
    readFailing: async (lease) => (await database.rows(READ_FAILING, lease)).map(sinceOf),
    readToldHolds: async (lease) => (await database.rows(READ_TOLD_HOLDS, lease)).map(sinceOf),
    readAttempts: async (lease, { offset, endpoint }) =>
      (await database.rows(READ_ATTEMPTS, lease, offset, endpoint)).map(attemptOf),
  };
}
