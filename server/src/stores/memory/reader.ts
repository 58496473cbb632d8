import type { Clock } from "../../clock.ts";
import { type Attempt, LIVE } from "../../model/delivery.ts";
import type { ListedEvent, StoredEvent } from "../../model/event.ts";
import type { AttemptPage, AttemptQuery, EventCount, EventPage, EventQuery, Reader } from "../../reader.ts";
import { retriesOf } from "./flush.ts";
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
    async countEvents(query) {
      return countEvents(state, query);
    },
  };
}

function listEvents(state: State, query: EventQuery): EventPage {
  const { tenant, from = 0, before = Number.POSITIVE_INFINITY, limit, scanMax } = query;
  const type = query.type?.toWellFormed();
  const subject = query.subject?.toWellFormed();
  const events: ListedEvent[] = [];
  let looked = 0;
  let next: number | undefined;
  for (let place = state.events.countBefore({ offset: before }) - 1; place >= 0; place -= 1) {
    const event = state.events.rows[place];
    if (event === undefined || event.offset < from) {
      break;
    }
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

function countEvents(
  state: State,
  { tenant, after, limit }: { readonly tenant: number; readonly after: number; readonly limit: number },
): EventCount {
  const later = state.events.rows.slice(state.events.countBefore({ offset: after + 1 }));
  const counts = new Map<string, number>();
  for (const event of later.slice(-limit).filter((each) => each.tenant === tenant)) {
    counts.set(event.type, (counts.get(event.type) ?? 0) + 1);
  }
  const byType = [...counts].map(([type, count]) => ({ type, count }));
  byType.sort((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1));
  return { byType, isPartial: later.length > limit };
}
