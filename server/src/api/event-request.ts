/**
 * Reads the events of a request. This is the hot path: checks of its own and slices of the bytes instead of
 * a schema's validator and parsed values; `data` is never built (invariant 13).
 */
import { hash } from "node:crypto";
import { type Item, type Items, type Slice, sliceItems, sliceLines, textOf } from "../json-slice.ts";
import type { IdempotencyKey } from "../model/event.ts";
import { Problem, type WrongMember } from "../problem.ts";
import { escapedPointerPart, WRONG_MEMBERS_MAX } from "./schema-problem.ts";
import { parseTimestamp, TIMESTAMP_FORM } from "./timestamp.ts";

/** An event as it was asked for; its endpoint is still an id. */
export interface AskedEvent {
  readonly type: string;
  readonly subject: string | undefined;
  readonly occurredAt: number | undefined;
  readonly expiresAt: number | undefined;
  readonly to: string | undefined;
  readonly data: Uint8Array;
  readonly key: string | undefined;
}

export interface AskedEvents {
  /** Whether the request was an array or lines, and so is the answer. */
  readonly isList: boolean;
  readonly events: readonly AskedEvent[];
}

export const EVENT_BYTES_MAX = 1024 * 1024;
export const REQUEST_BYTES_MAX = 10 * 1024 * 1024;
const REQUEST_EVENTS_MAX = 1000;
const TYPE_LENGTH_MAX = 128;
const SUBJECT_LENGTH_MAX = 256;
export const KEY_LENGTH_MAX = 255;

// A name of a type stands in lists separated by commas, in headers and in logs.
const TYPE_FORM = /^[^\p{Cc},]+$/u;
const TEXT_FORM = /^\P{Cc}+$/u;

const QUOTE = 0x22;
const LETTER_N = 0x6e;

/** Reads the events, or throws a Problem that names every wrong member, as far as a limit. */
export function readEvents(bytes: Buffer, form: "json" | "ndjson"): AskedEvents {
  const { isList, items, isCut }: Items =
    form === "json" ? sliceItems(bytes, REQUEST_EVENTS_MAX) : sliceLines(bytes, REQUEST_EVENTS_MAX);
  if (isCut) {
    throw new Problem("payload_too_large", `A request has at most ${REQUEST_EVENTS_MAX} events.`);
  }
  if (items.length === 0) {
    throw new Problem("invalid_request", "A request has at least one event, got none.", [
      { pointer: "", detail: "must have at least one event" },
    ]);
  }
  const wrong: WrongMember[] = [];
  const events: AskedEvent[] = [];
  for (const [index, item] of items.entries()) {
    const reading: Reading = { bytes, at: isList ? `/${index}` : "", wrong };
    events.push(readEvent(reading, item));
    if (wrong.length >= WRONG_MEMBERS_MAX) {
      break;
    }
  }
  if (wrong.length > 0) {
    throw new Problem("invalid_request", "Events of the request are not as they must be.", wrong);
  }
  return { isList, events };
}

/**
 * Returns the SHA-256 of what events mean: with the same idempotency key, the same meaning is the same
 * request, however its members were ordered and spaced. Only `data` counts byte for byte.
 */
function meaningHash(events: readonly AskedEvent[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const { type, subject, occurredAt, expiresAt, to, data } of events) {
    // The length keeps what follows `data` from being taken for its end.
    parts.push(Buffer.from(JSON.stringify([type, subject, occurredAt, expiresAt, to, data.length])), data);
  }
  return hash("sha256", Buffer.concat(parts), "buffer");
}

/** Returns the key of one event, or of a whole request, with the hash of what it came with. */
export function idempotencyKeyOf(key: string, events: readonly AskedEvent[]): IdempotencyKey {
  return { text: key, hash: meaningHash(events) };
}

interface Reading {
  readonly bytes: Buffer;
  /** The JSON Pointer of the event. */
  readonly at: string;
  readonly wrong: WrongMember[];
}

function readEvent(reading: Reading, item: Item): AskedEvent {
  const { members, start, end } = item;
  if (end - start > EVENT_BYTES_MAX) {
    throw new Problem(
      "payload_too_large",
      `An event has at most ${EVENT_BYTES_MAX} bytes, got ${end - start}.`,
      [{ pointer: reading.at, detail: `must have at most ${EVENT_BYTES_MAX} bytes, got ${end - start}` }],
    );
  }
  if (members === undefined) {
    reading.wrong.push({ pointer: reading.at, detail: "must be an object" });
    return NO_EVENT;
  }
  if (item.repeated !== undefined) {
    refuse(reading, item.repeated, "stands twice");
  }
  for (const name of members.keys()) {
    if (!MEMBERS.has(name)) {
      refuse(reading, name, `is not a name that is known here; an event has ${[...MEMBERS].join(", ")}`);
    }
  }
  const data = members.get("data");
  if (data === undefined) {
    refuse(reading, "data", "is missing: any JSON value");
  }
  return {
    type: readType(reading, members.get("type")),
    subject: readText(reading, "subject", { slice: members.get("subject"), lengthMax: SUBJECT_LENGTH_MAX }),
    occurredAt: readTime(reading, "occurred_at", members.get("occurred_at")),
    expiresAt: readTime(reading, "expires_at", members.get("expires_at")),
    to: readText(reading, "to", { slice: members.get("to"), lengthMax: SUBJECT_LENGTH_MAX }),
    data: data === undefined ? NO_EVENT.data : dataOf(reading.bytes, data),
    key: readText(reading, "idempotency_key", {
      slice: members.get("idempotency_key"),
      lengthMax: KEY_LENGTH_MAX,
    }),
  };
}

const MEMBERS: ReadonlySet<string> = new Set([
  "type",
  "data",
  "subject",
  "occurred_at",
  "idempotency_key",
  "expires_at",
  "to",
]);

// Stands in for what is refused anyway.
const NO_EVENT: AskedEvent = {
  type: "",
  subject: undefined,
  occurredAt: undefined,
  expiresAt: undefined,
  to: undefined,
  data: new Uint8Array(),
  key: undefined,
};

/**
 * One large `data` shares the memory of its request. A small part of a large request is copied, as it would
 * otherwise keep all of it in memory for as long as it waits to be sent.
 */
function dataOf(bytes: Buffer, { start, end }: Slice): Uint8Array {
  const slice = bytes.subarray(start, end);
  return slice.length * 2 < bytes.length ? Buffer.from(slice) : slice;
}

function readType(reading: Reading, slice: Slice | undefined): string {
  const type = slice === undefined ? undefined : readString(reading.bytes, slice);
  if (type === undefined || type.length > TYPE_LENGTH_MAX || !isText(type, TYPE_FORM)) {
    refuse(
      reading,
      "type",
      `must be a text of 1 to ${TYPE_LENGTH_MAX} characters, no commas or control characters among them`,
    );
    return "";
  }
  return type;
}

function readText(
  reading: Reading,
  name: string,
  { slice, lengthMax }: { readonly slice: Slice | undefined; readonly lengthMax: number },
): string | undefined {
  if (slice === undefined || isNull(reading.bytes, slice)) {
    return undefined;
  }
  const text = readString(reading.bytes, slice);
  if (text === undefined || text.length > lengthMax || !isText(text, TEXT_FORM)) {
    refuse(reading, name, `must be a text of 1 to ${lengthMax} characters, no control characters among them`);
    return undefined;
  }
  return text;
}

function readTime(reading: Reading, name: string, slice: Slice | undefined): number | undefined {
  if (slice === undefined || isNull(reading.bytes, slice)) {
    return undefined;
  }
  const text = readString(reading.bytes, slice);
  const at = text === undefined ? undefined : parseTimestamp(text);
  if (at === undefined) {
    refuse(reading, name, `must be ${TIMESTAMP_FORM}`);
  }
  return at;
}

function readString(bytes: Buffer, slice: Slice): string | undefined {
  return bytes[slice.start] === QUOTE ? textOf(bytes, slice) : undefined;
}

function isNull(bytes: Buffer, slice: Slice): boolean {
  return bytes[slice.start] === LETTER_N;
}

/** Whether a text can be stored as it is: half a surrogate pair cannot, as UTF-8 does not have it. */
export function isText(text: string, form: RegExp = TEXT_FORM): boolean {
  return form.test(text) && text.isWellFormed();
}

function refuse({ at, wrong }: Reading, name: string, detail: string): void {
  if (wrong.length < WRONG_MEMBERS_MAX) {
    const short = name.length <= TYPE_LENGTH_MAX ? name : `${name.slice(0, TYPE_LENGTH_MAX)}…`;
    wrong.push({ pointer: `${at}/${escapedPointerPart(short.toWellFormed())}`, detail });
  }
}
