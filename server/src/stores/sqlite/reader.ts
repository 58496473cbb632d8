import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../../clock.ts";
import type { FactsQuery, StoredFacts } from "../../model/delivery-state.ts";
import type {
  AttemptPage,
  AttemptPosition,
  AttemptQuery,
  DeadQuery,
  EventPage,
  EventQuery,
  Reader,
  UnsettledEvents,
  UnsettledQuery,
} from "../../reader.ts";
import { lastOffsetBefore } from "../attempt-place.ts";
import { integerIn } from "../columns.ts";
import type { HashSubject } from "../directory/subject-hash.ts";
import { attemptOf, deadLetterOf, eventOf, gapOf, laneOf, listedEventOf, retryOf } from "../log-rows.ts";
import { markOf } from "../registry-rows.ts";
import { findAttempts, findDead, findEvents, outsideOf, unsettledOf } from "../scans.ts";
import { wantedBy } from "../wanted.ts";
import { prepareFindKey } from "./append.ts";
import type { Connections } from "./connections.ts";
import { prepareSearch } from "./directory.ts";
import { prepareReadWithoutSecrets } from "./endpoints.ts";
import { prepareGapReads } from "./gaps.ts";
import { LEASE } from "./lease.ts";
import {
  COUNT_LIVE_RETRIES,
  READ_ATTEMPT,
  READ_ATTEMPTS_AT,
  READ_DEAD_LETTERS_AT,
  READ_FAILING_SINCE,
  READ_LANE,
  READ_LEASE,
  READ_RETRIES_AT,
  SCAN_ATTEMPTS,
  SCAN_DEAD_LETTERS,
  SCAN_DEAD_LETTERS_OF,
} from "./queries/facts.ts";
import { LIST_GAPS } from "./queries/gaps.ts";
import {
  READ_EVENT,
  READ_LISTED_EVENT,
  SCAN_EVENTS,
  SCAN_EVENTS_UPWARDS,
  SCAN_UNSETTLED,
} from "./queries/log.ts";
import { LIST_MARKS, LIST_TROUBLED } from "./queries/registry.ts";
import { prepareReadStats } from "./stats.ts";

const MAX = Number.MAX_SAFE_INTEGER;
const BEYOND: AttemptPosition = { offset: MAX, endpoint: MAX, cursor: MAX, number: MAX };

/** Lists and pages over a database. */
export function createReader(
  { reading, read }: Connections,
  clock: Clock,
  hashSubject: HashSubject,
): Omit<Reader, "survey"> {
  const readEvent = reading.prepare(READ_EVENT);
  const findKey = prepareFindKey(reading);
  const listEvents = prepareListEvents(reading, hashSubject);
  const readFacts = prepareReadFacts(reading);
  const listAttempts = prepareListAttempts(reading);
  const listDead = prepareListDead(reading);
  const listGaps = reading.prepare(LIST_GAPS);
  const readLane = reading.prepare(READ_LANE);
  const readLease = reading.prepare(READ_LEASE);
  const countLiveRetries = reading.prepare(COUNT_LIVE_RETRIES);
  const readFailingSince = reading.prepare(READ_FAILING_SINCE);
  const listUnsettled = prepareListUnsettled(reading);
  const readStats = prepareReadStats(reading);
  const readEndpoints = prepareReadWithoutSecrets(reading);
  const listMarks = reading.prepare(LIST_MARKS);
  const listTroubled = reading.prepare(LIST_TROUBLED);

  return {
    readEndpoints: (tenant) => read(() => readEndpoints(tenant)),
    listMarks: ({ tenant, before = MAX, limit }) =>
      read(() => listMarks.all(tenant, before, limit).map(markOf)),
    listTroubled: ({ before = MAX, limit, also }) =>
      read(() =>
        listTroubled
          .all(before, limit, JSON.stringify(also))
          .map((row) => ({ number: integerIn(row, "number"), tenant: integerIn(row, "tenant") })),
      ),
    readStats: (query) => read(() => readStats(query)),
    readEvent: (tenant, offset) =>
      read(() => {
        const row = readEvent.get(offset);
        return row === undefined || row["tenant"] !== tenant ? undefined : eventOf(row);
      }),
    listEvents: (query) => read(() => listEvents(query)),
    readKey: (tenant, key) =>
      read(() => {
        const known = findKey(tenant, key, clock.now());
        return known && { first: known.first.offset, count: known.count };
      }),
    readFacts: (query) => read(() => readFacts(query)),
    listGaps: ({ endpoints, reasons, limit }) =>
      read(() => endpoints.flatMap((each) => listGaps.all(each, JSON.stringify(reasons), limit).map(gapOf))),
    listAttempts: (query) => read(() => listAttempts(query)),
    readStoredLanes: (_tenant, endpoints) =>
      read(() => {
        const checkpoint = integerIn(readLease.get(LEASE) ?? {}, "checkpoint");
        return endpoints.map((endpoint) => {
          const row = readLane.get(endpoint);
          const failing = readFailingSince.get(endpoint);
          return {
            row: row && laneOf(row),
            checkpoint,
            retries: integerIn(countLiveRetries.get(endpoint) ?? {}, "retries"),
            failingSince: failing && integerIn(failing, "since"),
          };
        });
      }),
    listDead: (query) => read(() => listDead(query)),
    listUnsettled: (query) => read(() => listUnsettled(query)),
  };
}

function prepareListEvents(
  database: DatabaseSync,
  hashSubject: HashSubject,
): (query: EventQuery) => EventPage {
  const scanDown = database.prepare(SCAN_EVENTS);
  const scanUp = database.prepare(SCAN_EVENTS_UPWARDS);
  const readListed = database.prepare(READ_LISTED_EVENT);
  const search = prepareSearch(database);
  return (query) => {
    const { from = 0, before = MAX, isOldestFirst = false } = query;
    const scan = isOldestFirst ? scanUp : scanDown;
    const wanted = wantedBy(query, hashSubject);
    const rows = search(
      { after: from - 1, to: before - 1, wanted, isNewestFirst: !isOldestFirst },
      (stretch) => scan.iterate(stretch.after, stretch.to),
    );
    const { found, next } = findEvents(rows, query);
    return { events: found.map((offset) => listedEventOf(readListed.get(offset) ?? {})), next };
  };
}

function prepareListDead(database: DatabaseSync): (query: DeadQuery) => EventPage {
  const scan = database.prepare(SCAN_DEAD_LETTERS);
  const scanOf = database.prepare(SCAN_DEAD_LETTERS_OF);
  const readListed = database.prepare(READ_LISTED_EVENT);
  return (query) => {
    const { endpoint, from = 0, before = MAX } = query;
    const place = [from - 1, before - 1];
    const rows = endpoint === undefined ? scan.iterate(...place) : scanOf.iterate(...place, endpoint);
    const { found, next } = findDead(rows, query);
    return { events: found.map((offset) => listedEventOf(readListed.get(offset) ?? {})), next };
  };
}

function prepareListAttempts(database: DatabaseSync): (query: AttemptQuery) => AttemptPage {
  const scan = database.prepare(SCAN_ATTEMPTS);
  const readAttempt = database.prepare(READ_ATTEMPT);
  const search = prepareSearch(database);
  return (query) => {
    const { tenant, offset, before = BEYOND } = query;
    const after = (offset ?? 0) - 1;
    const to = Math.min(offset ?? MAX, lastOffsetBefore(before));
    const rows = search({ after, to, wanted: { tenant }, isNewestFirst: true }, (stretch) => {
      const start = before.offset <= stretch.to ? before : { ...BEYOND, offset: stretch.to };
      return scan.iterate(start.offset, start.endpoint, start.cursor, start.number, stretch.after);
    });
    const { found, next } = findAttempts(rows, query);
    const attempts = found.map((at) =>
      attemptOf(readAttempt.get(at.offset, at.endpoint, at.cursor, at.number) ?? {}),
    );
    return { attempts, next };
  };
}

function prepareReadFacts(database: DatabaseSync): (query: FactsQuery) => StoredFacts {
  const attemptsAt = database.prepare(READ_ATTEMPTS_AT);
  const retriesAt = database.prepare(READ_RETRIES_AT);
  const deadLettersAt = database.prepare(READ_DEAD_LETTERS_AT);
  const gaps = prepareGapReads(database);
  return ({ offsets, endpoint }) => {
    const asked = [...new Set(offsets)].sort((a, b) => a - b);
    const of = endpoint ?? null;
    return {
      attempts: asked.flatMap((offset) => attemptsAt.all(offset, of).map(attemptOf)),
      retries: asked
        .flatMap((offset) => retriesAt.all(offset, of).map(retryOf))
        .sort((a, b) => a.endpoint - b.endpoint || a.cursor - b.cursor || a.offset - b.offset),
      deadLetters: asked.flatMap((offset) => deadLettersAt.all(offset, of).map(deadLetterOf)),
      gaps: gaps
        .at(asked, endpoint)
        .filter(({ from, to }) => asked.some((offset) => from <= offset && offset <= to)),
    };
  };
}

function prepareListUnsettled(database: DatabaseSync): (query: UnsettledQuery) => UnsettledEvents {
  const scan = database.prepare(SCAN_UNSETTLED);
  const gaps = prepareGapReads(database);
  const search = prepareSearch(database);
  return ({ tenant, types, endpoint, after, scanMax }) => {
    const rows = search({ after, to: MAX, wanted: { tenant, types, hasAddressed: true } }, (stretch) =>
      scan.iterate(stretch.after, stretch.to, tenant, endpoint),
    );
    const page = unsettledOf([...rows.take(scanMax + 1)], scanMax);
    const last = page.events.at(-1)?.offset ?? after;
    return outsideOf(gaps.between(after + 1, last, endpoint), page);
  };
}
