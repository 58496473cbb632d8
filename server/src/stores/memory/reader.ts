import type { Clock } from "../../clock.ts";
import { type Attempt, LIVE } from "../../model/delivery.ts";
import { currentVersion, type Endpoint, type EndpointWithoutSecrets } from "../../model/endpoint.ts";
import type { ListedEvent, StoredEvent } from "../../model/event.ts";
import type { Offset } from "../../model/offset.ts";
import type {
  AttemptPage,
  AttemptPosition,
  AttemptQuery,
  DeadQuery,
  EndpointMark,
  EventPage,
  EventQuery,
  MarkQuery,
  Reader,
  TroubledQuery,
  UnsettledEvents,
  UnsettledQuery,
} from "../../reader.ts";
import { firstPlaceAt, lastOffsetBefore } from "../attempt-place.ts";
import { wantedBy } from "../wanted.ts";
import { lookThrough, lookThroughEvents } from "./directory.ts";
import { readSettled } from "./flush.ts";
import { findKey } from "./log.ts";
import { retriesOf } from "./retries.ts";
import type { State } from "./state.ts";
import { readStats } from "./stats.ts";

const MAX = Number.MAX_SAFE_INTEGER;
const BEYOND: AttemptPosition = { offset: MAX, endpoint: MAX, cursor: MAX, number: MAX };

/** Lists and pages over a state in memory. */
export function createReader(state: State, clock: Clock): Reader {
  return {
    survey: async () => ({
      database: { kind: "memory", version: undefined, bytes: 0 },
      migrations: { applied: 0, known: 0 },
      nodes: undefined,
      leases: [{ lease: 0, owner: undefined, epoch: state.lease.epoch, heldUntil: undefined }],
    }),
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
    async listGaps({ endpoints, reasons, limit }) {
      const found = endpoints.map((endpoint) =>
        state.gaps.rows.filter((gap) => gap.endpoint === endpoint && reasons.includes(gap.reason)),
      );
      return found.flatMap((gaps) => gaps.slice(0, limit));
    },
    async listAttempts(query) {
      return listAttempts(state, query);
    },
    async readStoredLanes(_tenant, endpoints) {
      return endpoints.map((endpoint) => ({
        row: state.lanes.get(endpoint),
        checkpoint: state.lease.checkpoint,
        retries: retriesOf(state, endpoint).filter(({ cursor }) => cursor === LIVE).length,
        failingSince: state.failing.get(endpoint),
      }));
    },
    async listDead(query) {
      return listDead(state, query);
    },
    async readEndpoints(number) {
      return state.endpoints.filter(({ tenant }) => tenant === number).map(withoutSecrets);
    },
    async listMarks(query) {
      return listMarks(state, query);
    },
    async listTroubled(query) {
      return listTroubled(state, query);
    },
    async readStats(query) {
      return readStats(state, query);
    },
    async listUnsettled(query) {
      return listUnsettled(state, query);
    },
  };
}

function withoutSecrets({ secrets: _, ...endpoint }: Endpoint): EndpointWithoutSecrets {
  return endpoint;
}

function listMarks(state: State, { tenant, before = MAX, limit }: MarkQuery): readonly EndpointMark[] {
  return endpointsBefore(state, before)
    .filter((endpoint) => endpoint.tenant === tenant)
    .slice(0, limit)
    .map((endpoint) => ({
      number: endpoint.number,
      isEnabled: currentVersion(endpoint).state === "enabled",
      isHeld: state.lanes.get(endpoint.number)?.hold !== undefined,
      isFailing: state.failing.has(endpoint.number),
    }));
}

function listTroubled(state: State, { before = MAX, limit, also }: TroubledQuery) {
  return endpointsBefore(state, before)
    .filter(
      ({ number }) =>
        also.includes(number) || state.failing.has(number) || state.lanes.get(number)?.hold !== undefined,
    )
    .slice(0, limit)
    .map(({ number, tenant }) => ({ number, tenant }));
}

function endpointsBefore({ endpoints }: State, before: number): readonly Endpoint[] {
  return endpoints
    .filter((endpoint) => endpoint.number < before && currentVersion(endpoint).state !== "deleted")
    .toReversed();
}

function listEvents(state: State, query: EventQuery): EventPage {
  const { tenant, from = 0, before = MAX, isOldestFirst = false, limit, scanMax } = query;
  const type = query.type?.toWellFormed();
  const subject = query.subject?.toWellFormed();
  const wanted = wantedBy(query, state.hashSubject);
  const search = { after: from - 1, to: before - 1, wanted, isNewestFirst: !isOldestFirst };
  const events: ListedEvent[] = [];
  let looked = 0;
  let next: number | undefined;
  for (const { at, row: event } of lookThroughEvents(state, search)) {
    if (looked === scanMax || events.length === limit) {
      return { events, next };
    }
    looked += 1;
    next = at;
    if (
      event?.tenant === tenant &&
      (type === undefined || event.type === type) &&
      (subject === undefined || event.subject === subject)
    ) {
      events.push(listed(event));
    }
  }
  return { events, next: undefined };
}

function listed({ data, extensions: _, ...event }: StoredEvent): ListedEvent {
  return { ...event, dataBytes: data.length };
}

function listDead(state: State, query: DeadQuery): EventPage {
  const { tenant, endpoint, from = 0, before = MAX, limit, scanMax } = query;
  const events: ListedEvent[] = [];
  const dead = state.deadLetters.rows
    .filter((row) => from <= row.offset && row.offset < before)
    .filter((row) => endpoint === undefined || row.endpoint === endpoint)
    .toSorted((one, other) => other.offset - one.offset);
  let next: Offset | undefined;
  for (const [looked, { offset }] of dead.entries()) {
    if (looked === scanMax || events.length === limit) {
      return { events, next };
    }
    const event = offset === next ? undefined : state.events.find({ offset });
    next = offset;
    if (event?.tenant === tenant) {
      events.push(listed(event));
    }
  }
  return { events, next: undefined };
}

function listAttempts(state: State, query: AttemptQuery): AttemptPage {
  const { rows, countBefore } = state.attempts;
  const { tenant, endpoint, offset, verdict, before = BEYOND, limit, scanMax } = query;
  const attempts: Attempt[] = [];
  let looked = 0;
  let next: AttemptPosition | undefined;
  const isOfTenant = (attempt: Attempt) => state.events.find(attempt)?.tenant === tenant;
  const range = { after: (offset ?? 0) - 1, to: Math.min(offset ?? MAX, lastOffsetBefore(before)) };
  const table = {
    rows: rows.slice(0, countBefore(before)),
    rowsBefore: (at: Offset) => countBefore(firstPlaceAt(at)),
  };
  const search = { ...range, wanted: { tenant }, isNewestFirst: true };
  for (const { at, row: attempt } of lookThrough(state, table, search)) {
    if (looked === scanMax || attempts.length === limit) {
      return { attempts, next };
    }
    looked += 1;
    next = attempt === undefined ? firstPlaceAt(at) : positionOf(attempt);
    if (
      attempt !== undefined &&
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
  const { tenant, types, endpoint, after, scanMax } = query;
  const wanted = { tenant, types, hasAddressed: true };
  const looks = lookThroughEvents(state, { after, to: MAX, wanted });
  const looked = [...looks.take(scanMax + 1)];
  const events = looked.slice(0, scanMax).flatMap(({ row }) => (row?.tenant === tenant ? [row] : []));
  const last = events.at(-1)?.offset ?? after;
  const settled = readSettled(state, { lease: 0, after, to: last, endpoint });
  const known = new Set(settled.deliveries.map(({ offset }) => offset));
  const isInGap = (offset: Offset) => settled.gaps.some(({ from, to }) => from <= offset && offset <= to);
  return {
    events: events
      .filter(({ offset }) => !known.has(offset) && !isInGap(offset))
      .map(({ data: _, extensions: __, ...event }) => event),
    isPartial: looked.length > scanMax,
  };
}
