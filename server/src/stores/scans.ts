/** How rows that a scan goes over become pages: each is bounded, and each gets on. */
import type { Gap } from "../model/delivery.ts";
import type { StoredEvent } from "../model/event.ts";
import type { Offset } from "../model/offset.ts";
import type { AttemptPosition, AttemptQuery, DeadQuery, EventQuery, UnsettledEvents } from "../reader.ts";
import type { AgedPage, AgedQuery, ErasablePage, ErasableQuery, LogPage, LogQuery } from "../store.ts";
import { integerIn, type Row } from "./columns.ts";
import { eventMetaOf, eventOf } from "./log-rows.ts";
import { isOfTypes } from "./wanted.ts";

/**
 * Makes a page of rows of the log with `data_bytes`, of which there is one more than may be looked at if
 * there is more.
 */
export function logPageOf(rows: Iterable<Row>, query: LogQuery): LogPage {
  const { after, to, tenant, limit, bytesMax } = query;
  const events: StoredEvent[] = [];
  let bytes = 0;
  let looked = 0;
  let scannedTo = after;
  for (const row of rows) {
    if (looked === limit) {
      return { events, scannedTo };
    }
    if (tenant === undefined || (row["tenant"] === tenant && isRowOfTypes(row, query))) {
      bytes += integerIn(row, "data_bytes");
      if (events.length > 0 && bytes > bytesMax) {
        return { events, scannedTo };
      }
      events.push(eventOf(row));
    }
    looked += 1;
    scannedTo = integerIn(row, "offset");
  }
  return { events, scannedTo: to };
}

function isRowOfTypes(row: Row, query: LogQuery): boolean {
  return query.types === undefined || isOfTypes(query, eventMetaOf(row));
}

/** Makes a page of rows whose `data_bytes` is 0 where nothing is to be erased; otherwise as logPageOf. */
export function erasablePageOf(
  rows: Iterable<Row>,
  { from, to, limit, bytesMax }: ErasableQuery,
): ErasablePage {
  const offsets: Offset[] = [];
  let bytes = 0;
  let looked = 0;
  let scannedTo = from - 1;
  for (const row of rows) {
    const dataBytes = integerIn(row, "data_bytes");
    bytes += dataBytes;
    if (looked === limit || (dataBytes > 0 && offsets.length > 0 && bytes > bytesMax)) {
      return { offsets, scannedTo };
    }
    const offset = integerIn(row, "offset");
    if (dataBytes > 0) {
      offsets.push(offset);
    }
    looked += 1;
    scannedTo = offset;
  }
  return { offsets, scannedTo: to };
}

/** Makes a page of rows, of which there are at most as many as may be looked at. */
export function agedPageOf(
  rows: readonly Row[],
  { after, to, limit }: Pick<AgedQuery, "after" | "to" | "limit">,
): AgedPage {
  const last = rows.length < limit ? undefined : rows.at(-1);
  return {
    found: rows
      .filter((row) => integerIn(row, "is_there") === 1)
      .map((row) => ({
        offset: integerIn(row, "offset"),
        tenant: integerIn(row, "tenant"),
        isOver: integerIn(row, "is_over") === 1,
      })),
    scannedTo: last === undefined ? Math.max(after, to) : integerIn(last, "offset"),
  };
}

interface Found<Place> {
  readonly found: readonly Place[];
  /** The place that was looked at last; undefined: there are no more. */
  readonly next: Place | undefined;
}

/** Finds a query's events among rows, of which there is one more than may be looked at if there is more. */
export function findEvents(rows: Iterable<Row>, query: EventQuery): Found<Offset> {
  const type = query.type?.toWellFormed();
  const subject = query.subject?.toWellFormed();
  return find(rows, query, {
    placeOf: (row) => integerIn(row, "offset"),
    isWanted: (row) =>
      row["tenant"] === query.tenant &&
      (type === undefined || row["type"] === type) &&
      (subject === undefined || row["subject"] === subject),
  });
}

/** As findEvents. */
export function findAttempts(rows: Iterable<Row>, query: AttemptQuery): Found<AttemptPosition> {
  const { tenant, endpoint, verdict } = query;
  return find(rows, query, {
    placeOf: (row) => ({
      offset: integerIn(row, "offset"),
      endpoint: integerIn(row, "endpoint"),
      cursor: integerIn(row, "cursor"),
      number: integerIn(row, "number"),
    }),
    isWanted: (row) =>
      row["tenant"] === tenant &&
      (endpoint === undefined || row["endpoint"] === endpoint) &&
      (verdict === undefined || row["verdict"] === verdict),
  });
}

/** As findEvents, of rows that are dead letters: those of one event come together, and count once. */
export function findDead(rows: Iterable<Row>, query: Pick<DeadQuery, "tenant" | "limit" | "scanMax">) {
  let last: Offset | undefined;
  return find(rows, query, {
    placeOf: (row) => integerIn(row, "offset"),
    isWanted: (row) => {
      const isAnother = row["offset"] !== last;
      last = integerIn(row, "offset");
      return isAnother && row["tenant"] === query.tenant;
    },
  });
}

function find<Place>(
  rows: Iterable<Row>,
  { limit, scanMax }: { readonly limit: number; readonly scanMax: number },
  { placeOf, isWanted }: { placeOf: (row: Row) => Place; isWanted: (row: Row) => boolean },
): Found<Place> {
  const found: Place[] = [];
  let looked = 0;
  let next: Place | undefined;
  for (const row of rows) {
    if (looked === scanMax || found.length === limit) {
      return { found, next };
    }
    looked += 1;
    next = placeOf(row);
    if (isWanted(row)) {
      found.push(next);
    }
  }
  return { found, next: undefined };
}

/** Makes a page of rows that say whether they are passed over; one row more says there is more. */
export function unsettledOf(rows: readonly Row[], scanMax: number): UnsettledEvents {
  return {
    events: rows
      .slice(0, scanMax)
      .filter((row) => integerIn(row, "is_passed") === 0)
      .map(eventMetaOf),
    isPartial: rows.length > scanMax,
  };
}

/** Leaves out the events that a gap covers; they come in order. */
export function outsideOf(gaps: readonly Gap[], { events, isPartial }: UnsettledEvents): UnsettledEvents {
  const waiting = gaps.toSorted((one, other) => one.from - other.from);
  let coveredTo = -1;
  let next = 0;
  const outside = events.filter(({ offset }) => {
    for (let gap = waiting[next]; gap !== undefined && gap.from <= offset; gap = waiting[next]) {
      coveredTo = Math.max(coveredTo, gap.to);
      next += 1;
    }
    return offset > coveredTo;
  });
  return { events: outside, isPartial };
}

/**
 * Stands for a stretch of the log in which the directory names nothing wanted: a row that every query passes
 * over, and goes on after. Tenants and endpoints count from 1.
 */
export function nobodysAt(offset: Offset): Row {
  return { offset, tenant: 0, endpoint: 0, cursor: 0, number: 0, data_bytes: 0, is_passed: 1 };
}
