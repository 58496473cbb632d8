import type { ReceivedEvent, ReceivedRequest } from "../receiving.ts";
import { bytesOfBase64, isJsonObject, jsonOfBytes } from "../web-bytes.ts";
import { isJsonType } from "./content-mode.ts";
import { decodeHeaderValue } from "./header-value.ts";

/** A CloudEvent with its context attributes. */
export interface CloudEventContext extends ReceivedEvent {
  readonly id: string;
  /** Where it happened: with the id, what tells it from every other event. */
  readonly source: string;
  readonly subject: string | undefined;
  readonly dataContentType: string | undefined;
  readonly dataSchema: string | undefined;
  /** The attributes that the specification does not have; from headers they are all texts. */
  readonly extensions: Readonly<Record<string, unknown>>;
  /** A JSON value; bytes, where it came as such and not as JSON; undefined where there is none. */
  readonly data: unknown;
}

export type Reading =
  | { readonly kind: "event"; readonly event: CloudEventContext }
  /** Something that must be there is not, or is not what it must be. */
  | { readonly kind: "malformed" }
  /** It is of a version of CloudEvents that is not known here. */
  | { readonly kind: "unknown_version" };

const malformed: Reading = { kind: "malformed" };

// `data` is reserved: no attribute has that name.
const attributeHeader = /^ce-(?!data$)([a-z0-9]+)$/;

/** Reads an event of the binary mode: attributes from headers, the body as its data. */
export function readBinary({ headers, payload }: ReceivedRequest): Reading {
  const members: [string, unknown][] = [];
  for (const [header, value] of Object.entries(headers)) {
    const [, name] = attributeHeader.exec(header) ?? [];
    if (name === undefined || value === undefined) {
      continue;
    }
    const text = decodeHeaderValue(value);
    if (text === undefined) {
      return malformed;
    }
    members.push([name, text]);
  }
  const { "content-type": datacontenttype } = headers;
  if (payload.length > 0) {
    const data = isJsonType(datacontenttype) ? jsonOfBytes(payload) : payload;
    if (data === undefined) {
      return malformed;
    }
    members.push(["data", data]);
  }
  return readEvent({ ...Object.fromEntries(members), datacontenttype });
}

/** Reads an event of the JSON format. */
export function readEvent(json: unknown): Reading {
  if (!isJsonObject(json)) {
    return malformed;
  }
  const { specversion, id, source, type, subject, time, datacontenttype, dataschema, ...others } = json;
  if (specversion !== "1.0") {
    return { kind: "unknown_version" };
  }
  const { data: value, data_base64: base64, ...extensions } = others;
  const data = isSet(base64) ? bytesOf(base64) : value;
  if (!isText(id) || !isText(source) || !isText(type) || (isSet(base64) && data === undefined)) {
    return malformed;
  }
  return {
    kind: "event",
    event: {
      id,
      source,
      type,
      name: type,
      subject: textOf(subject),
      occurredAt: dateOf(time),
      dataContentType: textOf(datacontenttype),
      dataSchema: textOf(dataschema),
      extensions: Object.fromEntries(Object.entries(extensions).filter(([, each]) => isSet(each))),
      data,
    },
  };
}

/** Null stands for an attribute that is not there. */
function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function textOf(value: unknown): string | undefined {
  return isText(value) ? value : undefined;
}

function bytesOf(base64: unknown): Uint8Array | undefined {
  return typeof base64 === "string" ? bytesOfBase64(base64) : undefined;
}

function dateOf(time: unknown): Date | undefined {
  const date = new Date(textOf(time) ?? "");
  return Number.isNaN(date.getTime()) ? undefined : date;
}
