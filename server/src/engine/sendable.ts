import { type GapReason, LIVE } from "../model/delivery.ts";
import { isErased } from "../model/erasure.ts";
import { type StoredEvent, saidBytesOf } from "../model/event.ts";
import type { Offset } from "../model/offset.ts";
import { type Item, isAbandoned, type Lane } from "./lane.ts";
import { isSuperseded } from "./newest.ts";

/** What becomes of an item that was taken, once its events are there. */
export interface Sendable {
  /** Go now, in one request. */
  readonly events: readonly StoredEvent[];
  /** Members of a batch that do not go with it: they are sent later. */
  readonly later: readonly StoredEvent[];
  readonly dropped: Dropped | undefined;
}

export interface Dropped {
  readonly item: Item;
  /** What will not be sent, and why. */
  readonly reasons: ReadonlyMap<Offset, GapReason>;
  /** Whether nothing of the item is left to send. */
  readonly isWhole: boolean;
}

export interface Taken {
  readonly lane: Lane;
  readonly item: Item;
  /** Those of its events that are still in the log. */
  readonly found: readonly StoredEvent[];
  /** Events whose erasure is on its way into the store. */
  readonly erased: ReadonlySet<Offset>;
  readonly now: number;
}

/**
 * Leaves out what is gone or abandoned, or was ended while it waited or was read, and what does not fit
 * into one batch; a frozen batch goes as it was, but for what was erased. Changes nothing.
 */
export function sendable(taken: Taken): Sendable {
  const { lane, item, found } = taken;
  const alive = found.filter((event) => endOf(taken, event) === undefined);
  const isKept = isFrozen(item);
  if (alive.length < item.offsets.length) {
    const isWhole = !isKept || alive.length === 0;
    const dropped = { item, reasons: reasonsOf(taken), isWhole };
    // What is left of a batch waits until it is durable that the others expired: a clock that is set back
    // across a crash would bring them back behind it (invariant 3).
    return isWhole ? { events: [], later: alive, dropped } : { events: alive, later: [], dropped };
  }
  const bytesMax = lane.route.policy.batch?.bytesMax ?? Infinity;
  const count = isKept ? alive.length : countWithin(alive, bytesMax);
  return { events: alive.slice(0, count), later: alive.slice(count), dropped: undefined };
}

function reasonsOf(taken: Taken): ReadonlyMap<Offset, GapReason> {
  // What the log no longer has was too old to be kept.
  const reasons = new Map<Offset, GapReason>(taken.item.offsets.map((offset) => [offset, "expired"]));
  for (const event of taken.found) {
    const reason = endOf(taken, event);
    if (reason === undefined) {
      reasons.delete(event.offset);
    } else {
      reasons.set(event.offset, reason);
    }
  }
  return reasons;
}

/** Says why an event is not sent after all; undefined: it is. */
function endOf({ lane, item, erased, now }: Taken, event: StoredEvent): GapReason | undefined {
  const { offset, expiresAt } = event;
  if (isAbandoned(lane, item)) {
    return "disabled";
  }
  if (isErased(event) || erased.has(offset)) {
    return "erased";
  }
  if (isFrozen(item)) {
    return undefined;
  }
  if (item.cursor === LIVE && lane.cancelled.has(offset)) {
    return "cancelled";
  }
  if (expiresAt !== undefined && expiresAt <= now) {
    return "expired";
  }
  const by = lane.route.endpoint.config.latestOnlyBy;
  return item.cursor === LIVE && isSuperseded(lane.newest, by, event) ? "superseded" : undefined;
}

/** Whether these are the members of a batch that was sent before. */
function isFrozen({ offsets, requests }: Item): boolean {
  return offsets.length > 1 && requests > 0;
}

// What an event costs in a batch beside what it says: the contract's envelope.
const ENVELOPE_BYTES = 256;

function countWithin(events: readonly StoredEvent[], bytesMax: number): number {
  let bytes = 0;
  for (const [index, event] of events.entries()) {
    bytes += saidBytesOf(event) + ENVELOPE_BYTES;
    if (bytes > bytesMax && index > 0) {
      return index;
    }
  }
  return events.length;
}
