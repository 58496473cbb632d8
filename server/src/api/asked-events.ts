import { hash } from "node:crypto";
import type { Extensions, IdempotencyKey } from "../model/event.ts";

/** An event as it was asked for; its endpoint is still an id. */
export interface AskedEvent {
  readonly type: string;
  readonly subject: string | undefined;
  readonly occurredAt: number | undefined;
  readonly expiresAt: number | undefined;
  readonly to: string | undefined;
  readonly data: Uint8Array;
  readonly extensions: Extensions | undefined;
  readonly key: string | undefined;
}

export interface AskedEvents {
  /** Whether the request was a list, and so is the answer. */
  readonly isList: boolean;
  readonly events: readonly AskedEvent[];
  /** Says where the key of an event stands: a JSON Pointer into the body, or the name of a header. */
  readonly keyPlace: (index: number) => string;
  /** Says where the data of an event stands, by a JSON Pointer into the body. */
  readonly dataPlace: (index: number) => string;
}

/**
 * Returns the SHA-256 of what events mean: with the same idempotency key, the same meaning is the same
 * request, however its members were ordered and spaced. Only `data` counts byte for byte.
 */
function meaningHash(events: readonly AskedEvent[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const { type, subject, occurredAt, expiresAt, to, data, extensions } of events) {
    const meant = extensions === undefined ? [] : [meaningOf(extensions)];
    // The length keeps what follows `data` from being taken for its end.
    const head = [type, subject, occurredAt, expiresAt, to, data.length, ...meant];
    parts.push(Buffer.from(JSON.stringify(head)), data);
  }
  return hash("sha256", Buffer.concat(parts), "buffer");
}

// The first two say how a request came here, and whoever sends again may be in another trace; the last one
// is the event's end, which counts as such.
const MEANS_NOTHING = new Set(["traceparent", "tracestate", "expirytime"]);

function meaningOf(extensions: Extensions) {
  return Object.entries(extensions)
    .filter(([name]) => !MEANS_NOTHING.has(name))
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
}

/** Returns the key of one event, or of a whole request, with the hash of what it came with. */
export function idempotencyKeyOf(key: string, events: readonly AskedEvent[]): IdempotencyKey {
  return { text: key, hash: meaningHash(events) };
}
