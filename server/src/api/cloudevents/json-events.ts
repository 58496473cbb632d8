import { isJsonType } from "@posthorn/contracts/cloudevents/content-mode";
import { MEMBERS_NOTED_MAX, type Slice, sliceItems } from "../../json-slice.ts";
import { Problem } from "../../problem.ts";
import type { AskedEvent, AskedEvents } from "../asked-events.ts";
import {
  dataOf,
  isNullAt,
  type Members,
  REQUEST_EVENTS_MAX,
  type Reading,
  readItems,
  refuseMember,
  textAt,
} from "../event-reading.ts";
import { readContext } from "./context.ts";
import { DATA_TYPE_RULE, NO_DATA } from "./data.ts";

/**
 * Reads CloudEvents in the JSON format: one in the structured mode, an array in the batched one, which may be
 * empty. Throws a Problem that names every wrong member, as far as a limit.
 */
export function readJsonEvents(bytes: Buffer, mode: "structured" | "batched"): AskedEvents {
  const items = sliceItems(bytes, REQUEST_EVENTS_MAX);
  const { isList } = items;
  if (isList !== (mode === "batched")) {
    throw new Problem("invalid_request", "The body is not of the content type's form.", [
      { pointer: "", detail: isList ? "must be one event" : "must be an array of events" },
    ]);
  }
  const events = readItems(bytes, items, readEvent);
  return {
    isList,
    events,
    keyPlace: (index) => (isList ? `/${index}/id` : "/id"),
    dataPlace: (index) => (isList ? `/${index}/data` : "/data"),
  };
}

function readEvent(reading: Reading, members: Members): AskedEvent {
  const { bytes } = reading;
  // Beyond the limit there may be `data`, and null must not stand for it.
  if (members.size === MEMBERS_NOTED_MAX) {
    reading.wrong.push({ pointer: reading.at, detail: `must have fewer than ${MEMBERS_NOTED_MAX} members` });
  }
  const values = new Map<string, string | number | boolean | undefined>();
  for (const [name, slice] of members) {
    // Null stands for an attribute that is not there, as the format says.
    if (name !== "data" && !isNullAt(bytes, slice)) {
      values.set(name, valueAt(bytes, slice));
    }
  }
  const refuse = (name: string, detail: string) => refuseMember(reading, name, detail);
  if (values.delete("data_base64")) {
    refuse("data_base64", "must be absent: data is JSON here, and stands in data");
  }
  const type = values.get("datacontenttype");
  if (values.has("datacontenttype") && !(typeof type === "string" && isJsonType(type))) {
    refuse("datacontenttype", `must be ${DATA_TYPE_RULE}`);
  }
  const data = members.get("data");
  return {
    ...readContext({ values, refuse }),
    data: data === undefined ? NO_DATA : dataOf(bytes, data),
  };
}

const WHOLE_NUMBER = /^-?(?:0|[1-9]\d{0,9})$/;
const LITERAL_LENGTH_MAX = 11;

/** Reads what stands for an attribute; undefined where it is of no type that attributes have. */
function valueAt(bytes: Buffer, slice: Slice): string | number | boolean | undefined {
  const text = textAt(bytes, slice);
  if (text !== undefined) {
    return text;
  }
  const { start, end } = slice;
  const literal = end - start > LITERAL_LENGTH_MAX ? "" : bytes.toString("latin1", start, end);
  if (literal === "true" || literal === "false") {
    return literal === "true";
  }
  const number = WHOLE_NUMBER.test(literal) ? Number(literal) : Number.NaN;
  // What has 32 bits is the same when it is cut to them; -0 becomes 0.
  return (number | 0) === number ? number | 0 : undefined;
}
