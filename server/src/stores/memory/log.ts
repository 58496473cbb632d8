import type { Clock } from "../../clock.ts";
import type { RaisedEvent, StoredEvent } from "../../model/event.ts";
import { nextOffset } from "../../model/offset.ts";
import { submissionOf } from "../../raised.ts";
import { type Appended, type LogPage, type LogQuery, StoreRefusal, type Submission } from "../../store.ts";
import { keyName, placeSubmissions, standingAt } from "../placement.ts";
import { isOfTypes } from "../wanted.ts";
import { lookThroughEvents } from "./directory.ts";
import type { KeyRow, State } from "./state.ts";

/** Stores submissions, each whole or not at all. */
export function append(state: State, clock: Clock, submissions: readonly Submission[]): Appended {
  assertWhole(submissions);
  const previousHead = state.head;
  const now = clock.now();
  const placement = placeSubmissions(submissions, {
    isLive: (tenant) => state.tenants[tenant - 1]?.isDeleted === false,
    find(tenant, text) {
      const row = findKey(state, { tenant, text, now });
      return row && { ...row, first: { offset: row.first } };
    },
  });
  const { results, stored, keys } = standingAt(placement, nextOffset(previousHead, now));
  for (const event of stored) {
    state.events.put(event);
    state.head = event.offset;
  }
  for (const key of keys) {
    state.keys.set(keyName(key.tenant, key.text), key);
  }
  return { results, previousHead, head: state.head, changes: state.changes };
}

/** Stores an event that the server itself tells of. */
export function raise(state: State, clock: Clock, raised: RaisedEvent | undefined): void {
  if (raised !== undefined) {
    append(state, clock, [submissionOf(raised)]);
  }
}

// As a database, which refuses a fraction in a whole column.
function assertWhole(submissions: readonly Submission[]): void {
  const times = submissions.flatMap(({ events, keysExpireAt }) => [
    keysExpireAt,
    ...events.flatMap(({ event }) => [event.occurredAt, event.expiresAt]),
  ]);
  const wrong = times.find((time) => time !== undefined && !Number.isSafeInteger(time));
  if (wrong !== undefined) {
    throw new StoreRefusal(new Error(`times are whole numbers, got ${wrong}`));
  }
}

/** Finds a key that has not expired. */
export function findKey(
  state: State,
  { tenant, text, now }: { readonly tenant: number; readonly text: string; readonly now: number },
): KeyRow | undefined {
  const row = state.keys.get(keyName(tenant, text));
  return row === undefined || row.expiresAt < now ? undefined : row;
}

/** Forgets keys that expired before `now`. */
export function reapKeys(state: State, now: number, limit: number): number {
  let reaped = 0;
  for (const [place, { expiresAt }] of state.keys) {
    if (reaped === limit) {
      break;
    }
    if (expiresAt < now) {
      state.keys.delete(place);
      reaped += 1;
    }
  }
  return reaped;
}

/** Reads events after an offset, in a bounded number of looks. */
export function readLog(state: State, query: LogQuery): LogPage {
  const { after, to, tenant, types, limit, bytesMax } = query;
  const wanted = tenant === undefined ? undefined : { tenant, types, hasAddressed: true };
  const events: StoredEvent[] = [];
  let bytes = 0;
  let looked = 0;
  let scannedTo = after;
  for (const { at, row: event } of lookThroughEvents(state, { after, to, wanted })) {
    const isWanted =
      event !== undefined && (tenant === undefined || (event.tenant === tenant && isOfTypes(query, event)));
    bytes += isWanted ? event.data.length : 0;
    if (looked === limit || (isWanted && events.length > 0 && bytes > bytesMax)) {
      return { events, scannedTo };
    }
    if (isWanted) {
      events.push(event);
    }
    looked += 1;
    scannedTo = at;
  }
  return { events, scannedTo: to };
}
