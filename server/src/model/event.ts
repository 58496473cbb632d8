import type { Offset } from "./offset.ts";

/** Something that happened once, but for what it says: all that routing and lists go by. */
export interface EventMeta {
  readonly offset: Offset;
  /** The tenant's number. */
  readonly tenant: number;
  readonly type: string;
  readonly subject: string | undefined;
  /** Milliseconds since 1970. */
  readonly occurredAt: number;
  /** Milliseconds since 1970; after it, what is not delivered yet is not sent any more. */
  readonly expiresAt: number | undefined;
  /** The only endpoint it goes to, by number, whatever that endpoint subscribes to. */
  readonly to: number | undefined;
}

/**
 * What a CloudEvent says beside the attributes of the specification, by names of lower-case letters and
 * digits; numbers are whole and of 32 bits.
 */
export type Extensions = Readonly<Record<string, string | number | boolean>>;

/** An event as it is stored. Immutable. */
export interface StoredEvent extends EventMeta {
  /** The JSON text of `data` as it was sent, byte for byte. */
  readonly data: Uint8Array;
  /** Undefined: it has none, as all that did not come as a CloudEvent or in a trace. */
  readonly extensions: Extensions | undefined;
}

/** Counts the bytes of what an event says: all of it that is not bounded by a few hundred. */
export function saidBytesOf({ data, extensions }: Pick<StoredEvent, "data" | "extensions">): number {
  return data.byteLength + (extensions === undefined ? 0 : JSON.stringify(extensions).length);
}

/** An event as lists have it: they show how much it says, not what. */
export interface ListedEvent extends EventMeta {
  readonly dataBytes: number;
}

/** An event before it has a place in the log. */
export type NewEvent = Omit<StoredEvent, "offset" | "tenant" | "occurredAt"> & {
  /** Absent: the time of its offset. */
  readonly occurredAt: number | undefined;
};

/** An event that the server itself tells of, stored in one transaction with what it is about. */
export interface RaisedEvent {
  /** The tenant's number. */
  readonly tenant: number;
  /** The number of the endpoint that it is about. */
  readonly endpoint: number;
  readonly event: NewEvent;
  /** Where its tenant is in another shard, it is told there once under it; undefined where it never is. */
  readonly key: string | undefined;
}

/** An idempotency key with the SHA-256 of what it came with. */
export interface IdempotencyKey {
  readonly text: string;
  readonly hash: Uint8Array;
}
