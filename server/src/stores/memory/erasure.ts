import type { ErasureStep } from "../../facts.ts";
import { ERASED_DATA, type Erasure, isErased } from "../../model/erasure.ts";
import type { Offset } from "../../model/offset.ts";
import type { ErasablePage, ErasableQuery } from "../../store.ts";
import { forgetSubjects, lookThroughEvents } from "./directory.ts";
import type { State } from "./state.ts";

/** Writes down what is to be erased. */
export function addErasure(state: State, erasure: Omit<Erasure, "number">): void {
  state.erasuresAsked += 1;
  const { erasuresAsked: number } = state;
  state.erasures.set(number, { ...erasure, subject: erasure.subject?.toWellFormed(), number });
}

export function findErasable(state: State, query: ErasableQuery): ErasablePage {
  const { tenant, subject, from, to, limit, bytesMax } = query;
  const subjectHash = subject === undefined ? undefined : state.hashSubject(subject);
  const offsets: Offset[] = [];
  let bytes = 0;
  let looked = 0;
  let scannedTo = from - 1;
  const search = { after: from - 1, to, wanted: { tenant, subjectHash } };
  for (const { at, row: event } of lookThroughEvents(state, search)) {
    const isWanted =
      event?.tenant === tenant && (subject === undefined || event.subject === subject) && !isErased(event);
    bytes += isWanted ? event.data.byteLength : 0;
    if (looked === limit || (isWanted && offsets.length > 0 && bytes > bytesMax)) {
      return { offsets, scannedTo };
    }
    if (isWanted) {
      offsets.push(at);
    }
    looked += 1;
    scannedTo = at;
  }
  return { offsets, scannedTo: to };
}

export function erase(state: State, { erasure, tenant, offsets, next }: ErasureStep): void {
  for (const offset of offsets) {
    const event = state.events.find({ offset });
    if (event?.tenant === tenant) {
      state.events.put({ ...event, subject: undefined, data: ERASED_DATA, extensions: undefined });
      eraseAnswers(state, offset);
      eraseHashes(state, tenant, offset);
      forgetSubjects(state, [offset]);
    }
  }
  const known = state.erasures.get(erasure);
  if (next === undefined) {
    state.erasures.delete(erasure);
  } else if (known !== undefined) {
    state.erasures.set(erasure, { ...known, from: Math.max(known.from, next) });
  }
}

/** What a batch was answered stands at its last member, whichever of them is erased. */
export function eraseAnswers(state: State, offset: Offset): void {
  const attempts = attemptsAt(state, offset);
  for (const attempt of attempts.flatMap((one) => [one, ...attemptsAt(state, one.batch ?? offset)])) {
    state.attempts.put({ ...attempt, answer: undefined, payloadHash: undefined });
  }
}

export function attemptsAt({ attempts }: State, offset: Offset) {
  const place = { endpoint: 0, cursor: 0, number: 0 };
  const first = attempts.countBefore({ ...place, offset });
  return attempts.rows.slice(first, attempts.countBefore({ ...place, offset: offset + 1 }));
}

function eraseHashes({ keys }: State, tenant: number, offset: Offset): void {
  for (const [place, row] of keys) {
    if (place.startsWith(`${tenant}/`) && row.first <= offset && offset < row.first + row.count) {
      keys.set(place, { ...row, hash: ERASED_DATA });
    }
  }
}
