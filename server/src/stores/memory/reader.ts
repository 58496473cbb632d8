import type { Clock } from "../../clock.ts";
import { type Attempt, LIVE } from "../../model/delivery.ts";
import type { ListedEvent, StoredEvent } from "../../model/event.ts";
import type { Offset } from "../../model/offset.ts";
import type {
  AttemptPage,
  AttemptQuery,
  EventPage,
  EventQuery,
  Reader,
  UnsettledEvents,
  UnsettledQuery,
} from "../../reader.ts";
import { readSettled, retriesOf } from "./flush.ts";
import { findKey } from "./log.ts";
import type { State } from "./state.ts";

/** Lists and pages over a state in memory. */
export function createReader(state: State, clock: Clock): Reader {
  return {
    async readEvent(tenant, offset) {
      const event = state.events.find({ offset });
      return event?.tenant === tenant ? event : undefined;
    },
    async listEvents(query) {
      return listEvents(state, query);
    },
    async readKey(tenant, key) {
      const row = findKey(state, { tenant, text: key.toWellFormed(), now: clock.now() });
      return row && { first: row.first, count: row.count };
    },
    async readFacts({ offsets, endpoint }) {
      const asked = new Set(offsets);
      const isAsked = (fact: { readonly endpoint: number }) =>
        endpoint === undefined || fact.endpoint === endpoint;
      const isFact = (fact: { readonly endpoint: number; readonly offset: number }) =>
        asked.has(fact.offset) && isAsked(fact);
      return {
        attempts: state.attempts.rows.filter(isFact),
        retries: state.retries.rows.filter(isFact),
        deadLetters: state.deadLetters.rows.filter(isFact),
        gaps: state.gaps.rows.filter(
          (gap) => isAsked(gap) && offsets.some((offset) => gap.from <= offset && offset <= gap.to),
        ),
      };
    },
    async listAttempts(query) {
      return listAttempts(state, query);
    },
    async readLane(endpoint) {
      const retries = retriesOf(state, endpoint).filter(({ cursor }) => cursor === LIVE).length;
      return { row: state.lanes.get(endpoint), retries, failingSince: state.failing.get(endpoint) };
    },
    async listUnsettled(query) {
      return listUnsettled(state, query);
    },
  };
}

function listEvents(state: State, query: EventQuery): EventPage {
  const { tenant, from = 0, before = Number.POSITIVE_INFINITY, limit, scanMax } = query;
  const { rows, countBefore } = state.events;
  const range = rows.slice(countBefore({ offset: from }), countBefore({ offset: before }));
  const type = query.type?.toWellFormed();
  const subject = query.subject?.toWellFormed();
  const events: ListedEvent[] = [];
  let looked = 0;
  let next: number | undefined;
  for (const event of query.isOldestFirst === true ? range : range.reverse()) {
    if (looked === scanMax || events.length === limit) {
      return { events, next };
    }
    looked += 1;
    next = event.offset;
    if (
      event.tenant === tenant &&
      (type === undefined || event.type === type) &&
      (subject === undefined || event.subject === subject)
    ) {
      events.push(listed(event));
    }
  }
  return { events, next: undefined };
}

function listed({ data, ...event }: StoredEvent): ListedEvent {
  return { ...event, dataBytes: data.length };
}

function listAttempts(state: State, query: AttemptQuery): AttemptPage {
  const { rows, countBefore } = state.attempts;
  const { tenant, endpoint, offset, verdict, before, limit, scanMax } = query;
  const attempts: Attempt[] = [];
  let looked = 0;
  let last: Attempt | undefined;
  const isOfTenant = (attempt: Attempt) => state.events.find(attempt)?.tenant === tenant;
  const beyond = { offset: Number.POSITIVE_INFINITY, endpoint: 0, cursor: 0, number: 0 };
  for (let place = countBefore(before ?? beyond) - 1; place >= 0; place -= 1) {
    const attempt = rows[place];
    if (attempt === undefined || (offset !== undefined && attempt.offset < offset)) {
      break;
    }
    if (offset !== undefined && attempt.offset > offset) {
      continue;
    }
    if (looked === scanMax || attempts.length === limit) {
      return { attempts, next: last && positionOf(last) };
    }
    looked += 1;
    last = attempt;
    if (
      (endpoint === undefined || attempt.endpoint === endpoint) &&
      (verdict === undefined || attempt.verdict === verdict) &&
      isOfTenant(attempt)
    ) {
      attempts.push(attempt);
    }
  }
  return { attempts, next: undefined };
}

function positionOf({ offset, endpoint, cursor, number }: Attempt) {
  return { offset, endpoint, cursor, number };
}

function listUnsettled(state: State, query: UnsettledQuery): UnsettledEvents {
  const { tenant, endpoint, after, scanMax } = query;
  const first = state.events.countBefore({ offset: after + 1 });
  const looked = state.events.rows.slice(first, first + scanMax);
  const last = looked.at(-1)?.offset ?? after;
  const settled = readSettled(state, { lease: 0, after, to: last, endpoint });
  const known = new Set(settled.deliveries.map(({ offset }) => offset));
  const isInGap = (offset: Offset) => settled.gaps.some(({ from, to }) => from <= offset && offset <= to);
  return {
    events: looked
      .filter((event) => event.tenant === tenant && !known.has(event.offset) && !isInGap(event.offset))
      .map(({ data: _, ...event }) => event),
    isPartial: state.events.rows.length > first + scanMax,
  };
}
