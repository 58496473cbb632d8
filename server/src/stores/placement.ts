import type { NewEvent, StoredEvent } from "../model/event.ts";
import { type Offset, timeOfOffset } from "../model/offset.ts";
import type { Submission } from "../store.ts";

/** What an idempotency key stored, and what it came with. */
export interface KnownKey {
  readonly first: Offset;
  readonly count: number;
  readonly hash: Uint8Array;
}

export interface PlacedKey extends KnownKey {
  readonly text: string;
}

export type Placement =
  | {
      readonly kind: "placed";
      readonly offsets: readonly Offset[];
      readonly stored: readonly StoredEvent[];
      readonly keys: readonly PlacedKey[];
    }
  | { readonly kind: "key_reused"; readonly index: number };

/** Where new events go, and how a key that has not expired is found. */
export interface Log {
  /** The offset of the next new event. */
  readonly next: Offset;
  find(key: string): KnownKey | undefined;
}

/**
 * Decides what a submission stores: everything new gets the next offsets in a row, what its keys stored
 * before is found again. With a key of its own, the keys of its events are not looked at.
 */
export function placeSubmission(submission: Submission, log: Log): Placement {
  return submission.key === undefined ? placeEach(submission, log) : placeWhole(submission, log);
}

function placeWhole({ tenant, events, key }: Submission, log: Log): Placement {
  if (key === undefined || events.length === 0) {
    return { kind: "placed", offsets: [], stored: [], keys: [] };
  }
  const text = key.text.toWellFormed();
  const known = log.find(text);
  if (known === undefined) {
    const stored = events.map(({ event }, index) => storedEvent(event, tenant, log.next + index));
    const offsets = stored.map(({ offset }) => offset);
    return {
      kind: "placed",
      offsets,
      stored,
      keys: [{ text, first: log.next, count: events.length, hash: key.hash }],
    };
  }
  if (known.count !== events.length || !isSame(known.hash, key.hash)) {
    return { kind: "key_reused", index: -1 };
  }
  return { kind: "placed", offsets: events.map((_, index) => known.first + index), stored: [], keys: [] };
}

function placeEach({ tenant, events }: Submission, log: Log): Placement {
  const offsets: Offset[] = [];
  const stored: StoredEvent[] = [];
  const keys = new Map<string, PlacedKey>();
  for (const [index, { event, key }] of events.entries()) {
    const text = key?.text.toWellFormed();
    const known = text === undefined ? undefined : (keys.get(text) ?? log.find(text));
    if (known !== undefined && key !== undefined) {
      if (known.count !== 1 || !isSame(known.hash, key.hash)) {
        return { kind: "key_reused", index };
      }
      offsets.push(known.first);
      continue;
    }
    const offset = log.next + stored.length;
    offsets.push(offset);
    stored.push(storedEvent(event, tenant, offset));
    if (text !== undefined && key !== undefined) {
      keys.set(text, { text, first: offset, count: 1, hash: key.hash });
    }
  }
  return { kind: "placed", offsets, stored, keys: [...keys.values()] };
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
  };
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
