/**
 * Reads the events of a request in our own form. This is the hot path: checks of its own and slices of the
 * bytes instead of a schema's validator and parsed values; `data` is never built (invariant 13).
 */
import { type Items, type Slice, sliceItems, sliceLines } from "../json-slice.ts";
import type { Extensions } from "../model/event.ts";
import { isTraceState, parseTrace, TRACEPARENT_RULE, TRACESTATE_RULE, textsOfTrace } from "../model/trace.ts";
import { Problem } from "../problem.ts";
import type { AskedEvent, AskedEvents } from "./asked-events.ts";
import {
  dataOf,
  isNullAt,
  type Members,
  REQUEST_EVENTS_MAX,
  type Reading,
  readItems,
  readText,
  readType,
  refuseMember,
  textAt,
} from "./event-reading.ts";
import { KEY_LENGTH_MAX, SUBJECT_LENGTH_MAX } from "./event-text.ts";
import { parseTimestamp, TIMESTAMP_FORM } from "./timestamp.ts";

/** Reads the events, or throws a Problem that names every wrong member, as far as a limit. */
export function readEvents(bytes: Buffer, form: "json" | "ndjson"): AskedEvents {
  const items: Items =
    form === "json" ? sliceItems(bytes, REQUEST_EVENTS_MAX) : sliceLines(bytes, REQUEST_EVENTS_MAX);
  const { isList } = items;
  if (items.items.length === 0) {
    throw new Problem("invalid_request", "A request has at least one event, got none.", [
      { pointer: "", detail: "must have at least one event" },
    ]);
  }
  const events = readItems(bytes, items, readEvent);
  return {
    isList,
    events,
    keyPlace: (index) => (isList ? `/${index}/idempotency_key` : "/idempotency_key"),
    dataPlace: (index) => (isList ? `/${index}/data` : "/data"),
  };
}

function readEvent(reading: Reading, members: Members): AskedEvent {
  for (const name of members.keys()) {
    if (!MEMBERS.has(name)) {
      refuseMember(
        reading,
        name,
        `is not a name that is known here; an event has ${[...MEMBERS].join(", ")}`,
      );
    }
  }
  const data = members.get("data");
  if (data === undefined) {
    refuseMember(reading, "data", "is missing: any JSON value");
  }
  return {
    type: readType(reading, members.get("type")),
    subject: readText(reading, "subject", { slice: members.get("subject"), lengthMax: SUBJECT_LENGTH_MAX }),
    occurredAt: readTime(reading, "occurred_at", members.get("occurred_at")),
    expiresAt: readTime(reading, "expires_at", members.get("expires_at")),
    to: readText(reading, "to", { slice: members.get("to"), lengthMax: SUBJECT_LENGTH_MAX }),
    data: data === undefined ? NO_DATA : dataOf(reading.bytes, data),
    extensions: readTrace(reading, members),
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
  "traceparent",
  "tracestate",
]);

// Stands in for what is refused anyway.
const NO_DATA = new Uint8Array();

/** Reads the trace that an event says to be of, which goes before that of its request. */
function readTrace(reading: Reading, members: Members): Extensions | undefined {
  const parent = givenAt(reading, members.get("traceparent"));
  const state = givenAt(reading, members.get("tracestate"));
  if (parent === undefined && state === undefined) {
    return undefined;
  }
  const tracestate = state && textAt(reading.bytes, state);
  const trace = parent && parseTrace(textAt(reading.bytes, parent), tracestate);
  if (parent !== undefined && trace === undefined) {
    refuseMember(reading, "traceparent", `must be ${TRACEPARENT_RULE}`);
  }
  if (state !== undefined && (parent === undefined || !isTraceState(tracestate))) {
    refuseMember(reading, "tracestate", `must be ${TRACESTATE_RULE}`);
  }
  return trace && textsOfTrace(trace);
}

function givenAt({ bytes }: Reading, slice: Slice | undefined): Slice | undefined {
  return slice === undefined || isNullAt(bytes, slice) ? undefined : slice;
}

function readTime(reading: Reading, name: string, slice: Slice | undefined): number | undefined {
  if (slice === undefined || isNullAt(reading.bytes, slice)) {
    return undefined;
  }
  const text = textAt(reading.bytes, slice);
  const at = text === undefined ? undefined : parseTimestamp(text);
  if (at === undefined) {
    refuseMember(reading, name, `must be ${TIMESTAMP_FORM}`);
  }
  return at;
}
