import type { NewEvent, StoredEvent } from "../model/event.ts";
import { type Offset, timeOfOffset } from "../model/offset.ts";
import type { Submission, SubmissionResult } from "../store.ts";

/** Where an event stands: at an offset it was given before, or so many places ahead of the next one. */
export type Place = { readonly offset: Offset } | { readonly ahead: number };

/** What an idempotency key stored, and what it came with. */
export interface KnownKey<At = Place> {
  readonly first: At;
  readonly count: number;
  readonly hash: Uint8Array;
}

/** A key to be stored. */
export interface NewKey<At = Place> extends KnownKey<At> {
  readonly tenant: number;
  readonly text: string;
  readonly expiresAt: number;
}

/** What is known before anything is placed. */
export interface Known {
  /** Whether a tenant is there, and not deleted. */
  isLive(tenant: number): boolean;
  /** What a key that has not expired stored. */
  find(tenant: number, key: string): KnownKey | undefined;
}

/** What submissions come to, before it is known where in the log that will stand. */
export interface Placement {
  readonly results: readonly PlacedResult[];
  /** What is new, in order. */
  readonly fresh: readonly FreshEvent[];
  readonly keys: readonly NewKey[];
}

type PlacedResult =
  | { readonly kind: "accepted"; readonly places: readonly Place[]; readonly fresh: number }
  | Exclude<SubmissionResult, { readonly kind: "accepted" }>;

interface FreshEvent {
  readonly tenant: number;
  readonly event: NewEvent;
}

interface Draft {
  readonly results: PlacedResult[];
  readonly fresh: FreshEvent[];
  readonly keys: Map<string, NewKey>;
}

/**
 * Decides what submissions store, each whole or not at all: everything new gets the next offsets in a row,
 * and what its keys stored before is found again. In a submission with a key of its own, the keys of its
 * events are not looked at.
 */
export function placeSubmissions(submissions: readonly Submission[], known: Known): Placement {
  const draft: Draft = { results: [], fresh: [], keys: new Map() };
  for (const submission of submissions) {
    draft.results.push(known.isLive(submission.tenant) ? placeOne(submission, draft, known) : NO_TENANT);
  }
  return { ...draft, keys: [...draft.keys.values()] };
}

const NO_TENANT = { kind: "no_tenant" } as const;

function placeOne(submission: Submission, draft: Draft, known: Known): PlacedResult {
  const { tenant } = submission;
  const find = (key: string) => draft.keys.get(keyName(tenant, key)) ?? known.find(tenant, key);
  const placed =
    submission.key === undefined ? placeEach(submission, draft, find) : placeWhole(submission, draft, find);
  if (placed.kind === "key_reused") {
    return placed;
  }
  const { places, fresh, keys } = placed;
  draft.fresh.push(...fresh.map((event) => ({ tenant, event })));
  for (const { text, ...key } of keys) {
    draft.keys.set(keyName(tenant, text), { ...key, text, tenant, expiresAt: submission.keysExpireAt });
  }
  return { kind: "accepted", places, fresh: fresh.length };
}

type Find = (key: string) => KnownKey | undefined;

type Placed =
  | {
      readonly kind: "placed";
      readonly places: readonly Place[];
      readonly fresh: readonly NewEvent[];
      readonly keys: readonly (KnownKey & { readonly text: string })[];
    }
  | { readonly kind: "key_reused"; readonly index: number };

function placeWhole({ events, key }: Submission, { fresh }: Draft, find: Find): Placed {
  if (key === undefined || events.length === 0) {
    return { kind: "placed", places: [], fresh: [], keys: [] };
  }
  const text = key.text.toWellFormed();
  const known = find(text);
  if (known === undefined) {
    const first = { ahead: fresh.length };
    return {
      kind: "placed",
      places: events.map((_, index) => placeAfter(first, index)),
      fresh: events.map(({ event }) => event),
      keys: [{ text, first, count: events.length, hash: key.hash }],
    };
  }
  if (known.count !== events.length || !isSame(known.hash, key.hash)) {
    return { kind: "key_reused", index: -1 };
  }
  return {
    kind: "placed",
    places: events.map((_, index) => placeAfter(known.first, index)),
    fresh: [],
    keys: [],
  };
}

function placeEach({ events }: Submission, draft: Draft, find: Find): Placed {
  const places: Place[] = [];
  const fresh: NewEvent[] = [];
  const keys = new Map<string, KnownKey & { readonly text: string }>();
  for (const [index, { event, key }] of events.entries()) {
    const text = key?.text.toWellFormed();
    const known = text === undefined ? undefined : (keys.get(text) ?? find(text));
    if (known !== undefined && key !== undefined) {
      if (known.count !== 1 || !isSame(known.hash, key.hash)) {
        return { kind: "key_reused", index };
      }
      places.push(known.first);
      continue;
    }
    const first = { ahead: draft.fresh.length + fresh.length };
    places.push(first);
    fresh.push(event);
    if (text !== undefined && key !== undefined) {
      keys.set(text, { text, first, count: 1, hash: key.hash });
    }
  }
  return { kind: "placed", places, fresh, keys: [...keys.values()] };
}

function placeAfter(first: Place, index: number): Place {
  return "offset" in first ? { offset: first.offset + index } : { ahead: first.ahead + index };
}

/** A placement that stands in the log. */
export interface StandingPlacement {
  readonly results: readonly SubmissionResult[];
  readonly stored: readonly StoredEvent[];
  readonly keys: readonly NewKey<Offset>[];
}

/** Says what a placement comes to where `next` is the next offset. */
export function standingAt({ results, fresh, keys }: Placement, next: Offset): StandingPlacement {
  const offsetOf = (place: Place) => ("offset" in place ? place.offset : next + place.ahead);
  const stored = fresh.map(({ tenant, event }, ahead) => storedEvent(event, tenant, next + ahead));
  let told = 0;
  return {
    results: results.map((result) => {
      if (result.kind !== "accepted") {
        return result;
      }
      const from = told;
      told += result.fresh;
      return {
        kind: "accepted",
        offsets: result.places.map(offsetOf),
        stored: stored.slice(from, told),
      };
    }),
    stored,
    keys: keys.map((key) => ({ ...key, first: offsetOf(key.first) })),
  };
}

// Text is UTF-8 in every database: half a surrogate pair, which UTF-8 cannot hold, becomes U+FFFD.
function storedEvent(event: NewEvent, tenant: number, offset: Offset): StoredEvent {
  return {
    offset,
    tenant,
    type: event.type.toWellFormed(),
    subject: event.subject?.toWellFormed(),
    occurredAt: event.occurredAt ?? timeOfOffset(offset),
    data: event.data,
    expiresAt: event.expiresAt,
    to: event.to,
    extensions: event.extensions,
  };
}

/** Names the key of a tenant: no two have the same. */
export function keyName(tenant: number, text: string): string {
  return `${tenant}/${text}`;
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
