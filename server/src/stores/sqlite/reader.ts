import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../../clock.ts";
import type { Attempt } from "../../model/delivery.ts";
import type { ListedEvent } from "../../model/event.ts";
import type {
  AttemptPage,
  AttemptPosition,
  AttemptQuery,
  DeliveryFacts,
  EventCount,
  EventPage,
  EventQuery,
  Reader,
} from "../../reader.ts";
import { prepareFindKey } from "./append.ts";
import { integerIn, textIn } from "./columns.ts";
import type { Connections } from "./connections.ts";
import {
  COUNT_LIVE_RETRIES,
  READ_ATTEMPT,
  READ_ATTEMPTS_AT,
  READ_DEAD_LETTERS_AT,
  READ_FAILING_SINCE,
  READ_GAPS,
  READ_LANE,
  READ_RETRIES_AT,
  SCAN_ATTEMPTS,
} from "./queries/facts.ts";
import { COUNT_EVENTS, READ_EVENT, READ_LISTED_EVENT, SCAN_EVENTS, SKIP_EVENTS } from "./queries/log.ts";
import { attemptOf, deadLetterOf, eventOf, gapOf, laneOf, listedEventOf, retryOf } from "./rows.ts";

const MAX = Number.MAX_SAFE_INTEGER;
const BEYOND: AttemptPosition = { offset: MAX, endpoint: MAX, cursor: MAX, number: MAX };

/** Lists and pages over a database. */
export function createReader({ reading, read }: Connections, clock: Clock): Reader {
  const readEvent = reading.prepare(READ_EVENT);
  const findKey = prepareFindKey(reading);
  const listEvents = prepareListEvents(reading);
  const readFacts = prepareReadFacts(reading);
  const listAttempts = prepareListAttempts(reading);
  const readLane = reading.prepare(READ_LANE);
  const countLiveRetries = reading.prepare(COUNT_LIVE_RETRIES);
  const readFailingSince = reading.prepare(READ_FAILING_SINCE);
  const countEvents = prepareCountEvents(reading);

  return {
    readEvent: (tenant, offset) =>
      read(() => {
        const row = readEvent.get(offset);
        return row === undefined || row["tenant"] !== tenant ? undefined : eventOf(row);
      }),
    listEvents: (query) => read(() => listEvents(query)),
    readKey: (tenant, key) =>
      read(() => {
        const known = findKey(tenant, key, clock.now());
        return known && { first: known.first, count: known.count };
      }),
    readFacts: (query) => read(() => readFacts(query)),
    listAttempts: (query) => read(() => listAttempts(query)),
    readLane: (endpoint) =>
      read(() => {
        const row = readLane.get(endpoint);
        const retries = integerIn(countLiveRetries.get(endpoint) ?? {}, "retries");
        const failing = readFailingSince.get(endpoint);
        return { row: row && laneOf(row), retries, failingSince: failing && integerIn(failing, "since") };
      }),
    countEvents: (query) => read(() => countEvents(query)),
  };
}

function prepareListEvents(database: DatabaseSync): (query: EventQuery) => EventPage {
  const scan = database.prepare(SCAN_EVENTS);
  const readListed = database.prepare(READ_LISTED_EVENT);
  return ({ tenant, from = 0, before = MAX, limit, scanMax, ...wanted }) => {
    const type = wanted.type?.toWellFormed();
    const subject = wanted.subject?.toWellFormed();
    const events: ListedEvent[] = [];
    let looked = 0;
    let next: number | undefined;
    for (const row of scan.iterate(from, before, scanMax + 1)) {
      if (looked === scanMax || events.length === limit) {
        return { events, next };
      }
      looked += 1;
      next = integerIn(row, "offset");
      if (
        row["tenant"] === tenant &&
        (type === undefined || row["type"] === type) &&
        (subject === undefined || row["subject"] === subject)
      ) {
        events.push(listedEventOf(readListed.get(next) ?? {}));
      }
    }
    return { events, next: undefined };
  };
}

function prepareListAttempts(database: DatabaseSync): (query: AttemptQuery) => AttemptPage {
  const scan = database.prepare(SCAN_ATTEMPTS);
  const readAttempt = database.prepare(READ_ATTEMPT);
  return ({ tenant, endpoint, offset, verdict, before = BEYOND, limit, scanMax }) => {
    const attempts: Attempt[] = [];
    let looked = 0;
    let next: AttemptPosition | undefined;
    const start = offset !== undefined && before.offset > offset ? { ...BEYOND, offset } : before;
    const place = [start.offset, start.endpoint, start.cursor, start.number];
    for (const row of scan.iterate(...place, offset ?? 0, scanMax + 1)) {
      if (looked === scanMax || attempts.length === limit) {
        return { attempts, next };
      }
      looked += 1;
      next = {
        offset: integerIn(row, "offset"),
        endpoint: integerIn(row, "endpoint"),
        cursor: integerIn(row, "cursor"),
        number: integerIn(row, "number"),
      };
      if (
        row["tenant"] === tenant &&
        (endpoint === undefined || next.endpoint === endpoint) &&
        (verdict === undefined || row["verdict"] === verdict)
      ) {
        attempts.push(attemptOf(readAttempt.get(next.offset, next.endpoint, next.cursor, next.number) ?? {}));
      }
    }
    return { attempts, next: undefined };
  };
}

function prepareReadFacts(
  database: DatabaseSync,
): (query: { readonly offsets: readonly number[]; readonly endpoint?: number }) => DeliveryFacts {
  const attemptsAt = database.prepare(READ_ATTEMPTS_AT);
  const retriesAt = database.prepare(READ_RETRIES_AT);
  const deadLettersAt = database.prepare(READ_DEAD_LETTERS_AT);
  const gaps = database.prepare(READ_GAPS);
  return ({ offsets, endpoint }) => {
    const asked = [...new Set(offsets)].sort((a, b) => a - b);
    const first = asked[0] ?? 0;
    const last = asked.at(-1) ?? -1;
    const of = endpoint ?? null;
    return {
      attempts: asked.flatMap((offset) => attemptsAt.all(offset, of).map(attemptOf)),
      retries: asked
        .flatMap((offset) => retriesAt.all(offset, of).map(retryOf))
        .sort((a, b) => a.endpoint - b.endpoint || a.cursor - b.cursor || a.offset - b.offset),
      deadLetters: asked.flatMap((offset) => deadLettersAt.all(offset, of).map(deadLetterOf)),
      gaps: gaps
        .all(first, last, of)
        .map(gapOf)
        .filter(({ from, to }) => asked.some((offset) => from <= offset && offset <= to)),
    };
  };
}

function prepareCountEvents(
  database: DatabaseSync,
): (query: { readonly tenant: number; readonly after: number; readonly limit: number }) => EventCount {
  const count = database.prepare(COUNT_EVENTS);
  const skip = database.prepare(SKIP_EVENTS);
  return ({ tenant, after, limit }) => {
    const byType = count
      .all(tenant, after, limit)
      .map((row) => ({ type: textIn(row, "type"), count: integerIn(row, "count") }));
    byType.sort((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1));
    return { byType, isPartial: skip.get(after, limit) !== undefined };
  };
}
