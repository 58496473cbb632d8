import type { IncomingHttpHeaders } from "node:http";
import {
  batchType,
  type ContentMode,
  contentModeOf,
  mediaTypeOf,
  structuredType,
} from "@posthorn/contracts/cloudevents/content-mode";
import { Problem } from "../problem.ts";
import type { AskedEvents } from "./asked-events.ts";
import { readHeaderEvent } from "./cloudevents/header-event.ts";
import { readJsonEvents } from "./cloudevents/json-events.ts";
import { readEvents } from "./event-request.ts";

/** How a request says its events: in our own form, or as CloudEvents in one of their content modes. */
export type EventForm = "json" | "ndjson" | ContentMode;

const OWN_FORMS: ReadonlyMap<string, "json" | "ndjson"> = new Map([
  ["application/json", "json"],
  ["application/x-ndjson", "ndjson"],
]);

/** Tells the form of a request's events. Throws the Problem `unsupported_media_type`. */
export function eventFormOf(headers: IncomingHttpHeaders): EventForm {
  const form = contentModeOf(headers) ?? OWN_FORMS.get(mediaTypeOf(headers["content-type"]));
  if (form === undefined) {
    const types = [...OWN_FORMS.keys(), structuredType, batchType].join(", ");
    throw new Problem(
      "unsupported_media_type",
      `Send one of ${types}; or a CloudEvent in binary mode, which has the header ce-specversion.`,
    );
  }
  return form;
}

/** Reads the events of a request, or throws a Problem that names what is wrong with them. */
export function readAskedEvents(bytes: Buffer, headers: IncomingHttpHeaders): AskedEvents {
  const form = eventFormOf(headers);
  switch (form) {
    case "json":
    case "ndjson":
      return readEvents(bytes, form);
    case "structured":
    case "batched":
      refuseKey(headers);
      return readJsonEvents(bytes, form);
    case "binary":
      refuseKey(headers);
      return readHeaderEvent(bytes, headers);
  }
}

/** A CloudEvent brings its own key. */
function refuseKey(headers: IncomingHttpHeaders): void {
  if (headers["idempotency-key"] !== undefined) {
    throw new Problem("invalid_request", "A CloudEvent is known by its source and id.", [
      { pointer: "idempotency-key", detail: "must be absent: source and id are the key of a CloudEvent" },
    ]);
  }
}
