import { uriReferenceForm } from "@posthorn/contracts/cloudevents/uri-reference";
import type { AskedEvent } from "../asked-events.ts";
import {
  EVENT_TYPE_RULE,
  isEventType,
  isText,
  KEY_LENGTH_MAX,
  SUBJECT_LENGTH_MAX,
  textRule,
} from "../event-text.ts";
import { parseTimestamp, TIMESTAMP_FORM } from "../timestamp.ts";
import type { Attributes } from "./attributes.ts";
import { readExtensions } from "./extensions.ts";

/** What is stored of a CloudEvent's context. */
export type Context = Omit<AskedEvent, "data">;

/** The attributes of the specification. */
const READ: ReadonlySet<string> = new Set([
  ...["specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema"],
]);

/**
 * Reads the context of a CloudEvent. `source` and `id`, which say that two are the same event, become its
 * idempotency key, with a space between them, as no source holds one.
 *
 * Extensions are kept as they are; `expirytime` is the event's end as well. A schema has no place here and is
 * refused: passed over, it would be lost without a word.
 */
export function readContext(attributes: Attributes): Context {
  if (attributes.values.has("dataschema")) {
    attributes.refuse("dataschema", "is an attribute that is not stored; leave it out");
  }
  readText(attributes, "specversion", { isIt: (text) => text === "1.0", rule: "1.0, as a text" });
  const lengthMax = SUBJECT_LENGTH_MAX;
  const isSubject = (text: string) => text.length <= lengthMax && isText(text);
  return {
    type: readText(attributes, "type", { isIt: isEventType, rule: EVENT_TYPE_RULE }) ?? "",
    subject: readOptional(attributes, "subject", { isIt: isSubject, rule: textRule(lengthMax) }),
    occurredAt: readTime(attributes, "time"),
    expiresAt: readTime(attributes, "expirytime"),
    to: undefined,
    extensions: readExtensions(attributes, READ),
    key: readKey(attributes),
  };
}

interface Rule {
  readonly isIt: (text: string) => boolean;
  /** Completes "must be …". */
  readonly rule: string;
}

function readOptional(attributes: Attributes, name: string, rule: Rule): string | undefined {
  return attributes.values.has(name) ? readText(attributes, name, rule) : undefined;
}

function readText({ values, refuse }: Attributes, name: string, { isIt, rule }: Rule): string | undefined {
  const value = values.get(name);
  if (typeof value === "string" && isIt(value)) {
    return value;
  }
  refuse(name, values.has(name) ? `must be ${rule}` : `is missing: ${rule}`);
  return undefined;
}

function readTime(attributes: Attributes, name: string): number | undefined {
  const isIt = (text: string) => parseTimestamp(text) !== undefined;
  const text = readOptional(attributes, name, { isIt, rule: TIMESTAMP_FORM });
  return text === undefined ? undefined : parseTimestamp(text);
}

function readKey(attributes: Attributes): string | undefined {
  const source = readText(attributes, "source", {
    isIt: (text) => uriReferenceForm.test(text),
    rule: "a URI or a relative reference",
  });
  const id = readText(attributes, "id", { isIt: isText, rule: textRule(KEY_LENGTH_MAX) });
  if (source === undefined || id === undefined) {
    return undefined;
  }
  const key = `${source} ${id}`;
  if (key.length > KEY_LENGTH_MAX) {
    const most = KEY_LENGTH_MAX - 1;
    attributes.refuse(
      "id",
      `must have at most ${most} characters together with source, got ${key.length - 1}`,
    );
  }
  return key;
}
