import type { Clock } from "../../clock.ts";
import type {
  AttemptPage,
  AttemptPosition,
  AttemptQuery,
  DeadQuery,
  EventPage,
  EventQuery,
  Reader,
} from "../../reader.ts";
import { lastOffsetBefore } from "../attempt-place.ts";
import { integerIn, optionalIn, type Row } from "../columns.ts";
import type { HashSubject } from "../directory/subject-hash.ts";
import { attemptOf, deadLetterOf, eventOf, gapOf, laneOf, listedEventOf, retryOf } from "../log-rows.ts";
import { markOf } from "../registry-rows.ts";
import { findAttempts, findDead, findEvents, outsideOf, unsettledOf } from "../scans.ts";
import { wantedBy } from "../wanted.ts";
import { knownKeyOf } from "./append.ts";
import { bigints, texts } from "./binary-arrays.ts";
import type { Database } from "./database.ts";
import { lookThrough, type Part } from "./directory.ts";
import { readWithoutSecrets } from "./endpoints.ts";
import { readGapsAt, readGapsBetween } from "./gaps.ts";
import { SCAN_ATTEMPTS } from "./queries/attempt-scan.ts";
import {
  READ_ATTEMPTS_AT,
  READ_DEAD_LETTERS_AT,
  READ_LANES_OF,
  READ_LISTED_ATTEMPTS,
  READ_RETRIES_AT,
  SCAN_DEAD_LETTERS,
  SCAN_DEAD_LETTERS_OF,
} from "./queries/facts.ts";
import { LIST_GAPS } from "./queries/gaps.ts";
import {
  READ_EVENT,
  READ_KEY,
  READ_LISTED_EVENTS,
  SCAN_EVENTS,
  SCAN_EVENTS_UPWARDS,
  SCAN_UNSETTLED,
} from "./queries/log.ts";
import { overOffsets } from "./queries/over-part.ts";
import { LIST_MARKS, LIST_TROUBLED } from "./queries/registry.ts";
import { readStats } from "./stats.ts";
import type { TenantShards } from "./tenant-shards.ts";

const MAX = Number.MAX_SAFE_INTEGER;
const BEYOND: AttemptPosition = { offset: MAX, endpoint: MAX, cursor: MAX, number: MAX };

export interface ReaderPorts {
  readonly database: Database;
  readonly clock: Clock;
  readonly shards: TenantShards;
  readonly hashSubject: HashSubject;
}

/** Lists and pages over a database. */
export function createReader(ports: ReaderPorts): Omit<Reader, "survey"> {
  const { database, clock, shards } = ports;
  return {
    async readEvent(tenant, offset) {
      const [row] = await database.rows(READ_EVENT, await shards.of(tenant), offset, tenant);
      return row && eventOf(row);
    },
    readEndpoints: (tenant) => readWithoutSecrets(database, tenant),
    listMarks: async ({ tenant, before = MAX, limit }) =>
      (await database.rows(LIST_MARKS, await shards.of(tenant), tenant, before, limit)).map(markOf),
    listTroubled: async ({ before = MAX, limit, also }) =>
      (await database.rows(LIST_TROUBLED, before, limit, bigints(also))).map((row) => ({
        number: integerIn(row, "number"),
        tenant: integerIn(row, "tenant"),
      })),
    readStats: async (query) => readStats(ports, query),
    listEvents: async (query) => listEvents(ports, await shards.of(query.tenant), query),
    async readKey(tenant, key) {
      const place = [await shards.of(tenant), tenant, key.toWellFormed(), clock.now()];
      const [row] = await database.rows(READ_KEY, ...place);
      const known = row && knownKeyOf(row);
      return known && { first: known.first.offset, count: known.count };
    },
    async readFacts({ tenant, offsets, endpoint }) {
      const shard = await shards.of(tenant);
      const asked = [...new Set(offsets)].sort((one, other) => one - other);
      const place = [shard, bigints(asked), endpoint] as const;
      // What waits is read before what is final: a delivery that is settled meanwhile is found at least once.
      const retries = await database.rows(READ_RETRIES_AT, ...place);
      const attempts = await database.rows(READ_ATTEMPTS_AT, ...place);
      const deadLetters = await database.rows(READ_DEAD_LETTERS_AT, ...place);
      const gaps = await readGapsAt(database, { shard, offsets: asked, endpoint });
      return {
        attempts: attempts.map(attemptOf),
        retries: retries.map(retryOf),
        deadLetters: deadLetters.map(deadLetterOf),
        gaps: gaps.filter(({ from, to }) => asked.some((offset) => from <= offset && offset <= to)),
      };
    },
    listAttempts: async (query) => listAttempts(ports, await shards.of(query.tenant), query),
    async readStoredLanes(tenant, endpoints) {
      const rows = await database.rows(READ_LANES_OF, await shards.of(tenant), bigints(endpoints));
      return rows.map((row) => ({
        row: row["endpoint"] === null ? undefined : laneOf(row),
        checkpoint: integerIn(row, "checkpoint"),
        retries: integerIn(row, "retries"),
        failingSince: optionalIn(row, "since", integerIn),
      }));
    },
    async listGaps({ tenant, endpoints, reasons, limit }) {
      const place = [await shards.of(tenant), bigints(endpoints)] as const;
      return (await database.rows(LIST_GAPS, ...place, texts(reasons), limit)).map(gapOf);
    },
    listDead: async (query) => listDead(ports, await shards.of(query.tenant), query),
    async listUnsettled({ tenant, types, endpoint, after, scanMax }) {
      const shard = await shards.of(tenant);
      const read = ({ offsets, ...part }: Part) =>
        database.rows(
          overOffsets(SCAN_UNSETTLED, offsets),
          shard,
          part.after,
          part.to,
          part.limit,
          offsets,
          tenant,
          endpoint,
        );
      const search = { after, to: MAX, wanted: { tenant, types, hasAddressed: true } };
      const { rows } = await lookThrough({ session: database, shard, read }, search, { limit: scanMax + 1 });
      const page = unsettledOf(rows, scanMax);
      const last = page.events.at(-1)?.offset ?? after;
      const gaps = await readGapsBetween(database, { shard, from: after + 1, to: last, endpoint });
      return outsideOf(gaps, page);
    },
  };
}

async function listEvents(
  { database, hashSubject }: ReaderPorts,
  shard: number,
  query: EventQuery,
): Promise<EventPage> {
  const { from = 0, before = MAX, isOldestFirst = false, scanMax } = query;
  const scan = isOldestFirst ? SCAN_EVENTS_UPWARDS : SCAN_EVENTS;
  const wanted = wantedBy(query, hashSubject);
  const read = ({ offsets, ...part }: Part) =>
    database.rows(overOffsets(scan, offsets), shard, part.after, part.to, part.limit, offsets);
  const search = { after: from - 1, to: before - 1, wanted, isNewestFirst: !isOldestFirst };
  const isPage = (rows: readonly Row[]) => findEvents(rows, query).next !== undefined;
  const enough = { limit: scanMax + 1, page: query.limit, isPage };
  const looked = await lookThrough({ session: database, shard, read }, search, enough);
  const { found, next } = findEvents(looked.rows, query);
  const rows = await database.rows(READ_LISTED_EVENTS, shard, bigints(found));
  return { events: rows.map(listedEventOf), next };
}

async function listDead({ database }: ReaderPorts, shard: number, query: DeadQuery): Promise<EventPage> {
  const { endpoint, from = 0, before = MAX, scanMax } = query;
  const place = [shard, from - 1, before - 1, scanMax + 1];
  const scanned =
    endpoint === undefined
      ? await database.rows(SCAN_DEAD_LETTERS, ...place)
      : await database.rows(SCAN_DEAD_LETTERS_OF, ...place, endpoint);
  const { found, next } = findDead(scanned, query);
  const rows = await database.rows(READ_LISTED_EVENTS, shard, bigints(found));
  return { events: rows.map(listedEventOf), next };
}

async function listAttempts(
  { database }: ReaderPorts,
  shard: number,
  query: AttemptQuery,
): Promise<AttemptPage> {
  const { tenant, offset, before = BEYOND, scanMax } = query;
  const read = ({ offsets, ...part }: Part) => {
    const start = before.offset <= part.to ? before : { ...BEYOND, offset: part.to };
    const place = [start.offset, start.endpoint, start.cursor, start.number];
    return database.rows(
      overOffsets(SCAN_ATTEMPTS, offsets),
      shard,
      ...place,
      part.after,
      offsets,
      part.limit,
    );
  };
  const to = Math.min(offset ?? MAX, lastOffsetBefore(before));
  const search = { after: (offset ?? 0) - 1, to, wanted: { tenant }, isNewestFirst: true };
  const isPage = (rows: readonly Row[]) => findAttempts(rows, query).next !== undefined;
  const enough = { limit: scanMax + 1, page: query.limit, isPage };
  const looked = await lookThrough({ session: database, shard, read }, search, enough);
  const { found, next } = findAttempts(looked.rows, query);
  const rows = await database.rows(
    READ_LISTED_ATTEMPTS,
    shard,
    bigints(found.map((at) => at.offset)),
    bigints(found.map((at) => at.endpoint)),
    bigints(found.map((at) => at.cursor)),
    bigints(found.map((at) => at.number)),
  );
  return { attempts: rows.map(attemptOf), next };
}
