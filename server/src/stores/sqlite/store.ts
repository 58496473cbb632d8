import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../../clock.ts";
import { LIVE } from "../../model/delivery.ts";
import type { AskedReads, FactReads, LogPage, LogQuery, LogReads, Store, TakenLease } from "../../store.ts";
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
import { logPageOf } from "../scans.ts";
import { createAgeing } from "./ageing.ts";
import { prepareAppend } from "./append.ts";
import type { Connections } from "./connections.ts";
import { prepareSearch } from "./directory.ts";
import { prepareEndpointQuery, prepareReadEndpointsOf } from "./endpoints.ts";
import { prepareFindErasable } from "./erasure.ts";
import { refusing } from "./errors.ts";
import { prepareFlush } from "./flush.ts";
import { prepareGapReads } from "./gaps.ts";
import { assertLease, LEASE } from "./lease.ts";
import { READ_ERASURES } from "./queries/erasure.ts";
import {
  COUNT_RETRIES,
  READ_ATTEMPTS,
  READ_FAILING,
  READ_LANES,
  READ_LEASE,
  READ_RETRIES,
  READ_RETRY,
  READ_SETTLED,
  READ_TOLD_HOLDS,
  READ_WAITING,
  TAKE_LEASE,
} from "./queries/facts.ts";
import { READ_EVENT, READ_HEAD, READ_LOG, READ_LOG_OF_TENANT, REAP_KEYS } from "./queries/log.ts";
import { READ_ANY_TENANT, READ_CHANGED, READ_ENDPOINT } from "./queries/registry.ts";
import { READ_OPEN_REPLAYS } from "./queries/replays.ts";
import { createRetention } from "./retention.ts";

type Writes = Pick<
  Store,
  "takeLease" | "renewLease" | "releaseLease" | "append" | "flush" | "reapKeys" | "scrub"
>;

/** What the engine writes through, over a database. */
export function createStore(
  connections: Connections,
  clock: Clock,
  hashSubject: HashSubject,
): Omit<Store, "close" | "readFacts"> {
  return {
    leases: () => [LEASE],
    leaseOf: () => LEASE,
    ...createWrites(connections, clock, hashSubject),
    ...createLogReads(connections),
    ...createFactReads(connections),
    ...createAsked(connections, hashSubject),
    ...createRetention(connections),
    ...createAgeing(connections),
  };
}

function createWrites(
  { writing, reading, write, read, scrub }: Connections,
  clock: Clock,
  hashSubject: HashSubject,
): Writes {
  const takeLease = writing.prepare(TAKE_LEASE);
  const append = prepareAppend(writing, clock);
  const flush = prepareFlush(writing, clock, hashSubject);
  const reapKeys = writing.prepare(REAP_KEYS);
  const readLease = reading.prepare(READ_LEASE);

  return {
    async takeLease(lease): Promise<TakenLease> {
      const epoch = await write(() => {
        assertLease(lease);
        return integerIn(takeLease.get(lease) ?? {}, "epoch");
      });
      return read(() => {
        const row = readLease.get(lease) ?? {};
        return {
          id: lease,
          epoch,
          leaseMs: undefined,
          checkpoint: integerIn(row, "checkpoint"),
          changesApplied: integerIn(row, "changes_applied"),
          replays: integerIn(row, "replays"),
          directoryTo: integerIn(row, "directory_to"),
          countedTo: integerIn(row, "counted_to"),
        };
      });
    },
    async renewLease({ id, epoch }) {
      return read(() => (integerIn(readLease.get(id) ?? {}, "epoch") === epoch ? "renewed" : "fenced"));
    },
    // The lock of the file goes with the process.
    async releaseLease() {},
    append: (lease, submissions) =>
      write(
        refusing(() => {
          assertLease(lease);
          return append([...submissions]);
        }),
      ),
    flush: (lease, facts) =>
      write(
        refusing(() => {
          assertLease(lease.id);
          return flush(lease, facts);
        }),
      ),
    scrub,
    reapKeys: (now, limit) => write(() => Number(reapKeys.run(now, limit).changes)),
  };
}

function createLogReads({ reading, read }: Connections): LogReads {
  const readHead = reading.prepare(READ_HEAD);
  const readLog = prepareReadLog(reading);
  const readEvent = reading.prepare(READ_EVENT);
  const readTenant = reading.prepare(READ_ANY_TENANT);
  const endpointsOf = prepareReadEndpointsOf(reading);
  const readEndpoint = prepareEndpointQuery(reading, READ_ENDPOINT);
  const readChanged = prepareEndpointQuery(reading, READ_CHANGED);
  const readFor = readingFor(read);

  return {
    readHead: (lease) =>
      readFor(lease, () => {
        const row = readHead.get(lease) ?? {};
        return { head: integerIn(row, "head"), changes: integerIn(row, "changes") };
      }),
    readLog: (query) => readFor(query.lease, () => readLog(query)),
    readEvents: (lease, offsets) =>
      readFor(lease, () =>
        offsets
          .map((offset) => readEvent.get(offset))
          .filter((row) => row !== undefined)
          .map(eventOf),
      ),
    readRoutes: (tenant) =>
      read(() => {
        const row = readTenant.get(tenant);
        return row && { tenant: tenantOf(row), endpoints: endpointsOf(tenant) };
      }),
    readEndpoint: (endpoint) => read(() => readEndpoint(endpoint)[0]),
    readChanged: (lease, change) => readFor(lease, () => readChanged(change)),
  };
}

function createAsked({ reading, read }: Connections, hashSubject: HashSubject): AskedReads {
  const readErasures = reading.prepare(READ_ERASURES);
  const readReplays = reading.prepare(READ_OPEN_REPLAYS);
  const findErasable = prepareFindErasable(reading, hashSubject);
  const readFor = readingFor(read);
  return {
    readReplays: (lease) => readFor(lease, () => openReplaysOf(readReplays.all())),
    readErasures: (lease) => readFor(lease, () => readErasures.all().map(erasureOf)),
    findErasable: (query) => readFor(query.lease, () => findErasable(query)),
  };
}

function prepareReadLog(database: DatabaseSync): (query: LogQuery) => LogPage {
  const readAll = database.prepare(READ_LOG);
  const readOfTenant = database.prepare(READ_LOG_OF_TENANT);
  const search = prepareSearch(database);
  return (query) => {
    const { after, to, tenant, types } = query;
    const rows =
      tenant === undefined
        ? readAll.iterate(after, to)
        : search({ after, to, wanted: { tenant, types, hasAddressed: true } }, (stretch) =>
            readOfTenant.iterate(stretch.after, stretch.to, tenant),
          );
    return logPageOf(rows, query);
  };
}

/** Reads for the owner of a lease. */
function readingFor(read: Connections["read"]) {
  return <Result>(lease: number, query: () => Result): Promise<Result> =>
    read(() => {
      assertLease(lease);
      return query();
    });
}

function createFactReads({ reading, read }: Connections): FactReads {
  const readSettled = reading.prepare(READ_SETTLED);
  const gaps = prepareGapReads(reading);
  const readLanes = reading.prepare(READ_LANES);
  const readRetries = reading.prepare(READ_RETRIES);
  const readWaiting = reading.prepare(READ_WAITING);
  const readRetry = reading.prepare(READ_RETRY);
  const countRetries = reading.prepare(COUNT_RETRIES);
  const readFailing = reading.prepare(READ_FAILING);
  const readToldHolds = reading.prepare(READ_TOLD_HOLDS);
  const readAttempts = reading.prepare(READ_ATTEMPTS);
  const readFor = readingFor(read);

  return {
    readSettled: ({ lease, after, to, endpoint, cursor = LIVE }) =>
      readFor(lease, () => ({
        deliveries: readSettled.all(after, to, endpoint ?? null, cursor).map(settledDeliveryOf),
        gaps: cursor === LIVE ? gaps.between(after + 1, to, endpoint) : [],
      })),
    readLanes: (lease) => readFor(lease, () => readLanes.all().map(laneOf)),
    readRetries: (lease, after, limit) =>
      readFor(lease, () => {
        const { dueAt, endpoint, cursor, offset } = after ?? BEFORE_RETRIES;
        return readRetries.all(dueAt, endpoint, cursor, offset, limit).map(retryOf);
      }),
    readWaiting: (lease, { endpoint, cursor, to }) =>
      readFor(lease, () => readWaiting.all(endpoint, cursor, to).map((row) => integerIn(row, "offset"))),
    readRetry: (lease, { endpoint, cursor, offset }) =>
      readFor(lease, () => {
        const row = readRetry.get(endpoint, cursor, offset);
        return row && retryOf(row);
      }),
    countRetries: (lease) => readFor(lease, () => countRetries.all().map(retryCountOf)),
    readFailing: (lease) => readFor(lease, () => readFailing.all().map(sinceOf)),
    readToldHolds: (lease) => readFor(lease, () => readToldHolds.all().map(sinceOf)),
    readAttempts: (lease, { offset, endpoint }) =>
      readFor(lease, () => readAttempts.all(offset, endpoint).map(attemptOf)),
  };
}
