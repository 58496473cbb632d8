/** What somebody writes over an endpoint, and what of it is to be sent. */
import type { EndpointStatus, UpdateEndpointBody } from "@posthorn/client/operations";
import { headersOf, type NameRow, rowsOf } from "./name-rows.ts";

/** Of each field, the text in it. */
export interface FieldDraft {
  readonly url: string;
  readonly types: string;
  readonly description: string;
  readonly inFlight: string;
  readonly rate: string;
  readonly timeout: string;
}

export interface EndpointDraft extends FieldDraft {
  readonly headers: readonly NameRow[];
}

/** What the form reads. */
type Changeable = Pick<
  EndpointStatus,
  "url" | "event_types" | "description" | "max_in_flight" | "rate_per_second" | "timeout_ms" | "headers"
>;

export function draftOf(endpoint: Changeable): EndpointDraft {
  const { url, event_types, description, max_in_flight, rate_per_second, timeout_ms, headers } = endpoint;
  return {
    url,
    types: event_types?.join(", ") ?? "",
    description: description ?? "",
    inFlight: String(max_in_flight ?? ""),
    rate: String(rate_per_second ?? ""),
    timeout: String(timeout_ms ?? ""),
    headers: rowsOf(headers),
  };
}

/**
 * Returns what was changed, and nothing else: what a key may not read of headers, or somebody else changed
 * meanwhile, is not written over by who changes a limit.
 */
export function changesIn(draft: EndpointDraft, was: EndpointDraft): UpdateEndpointBody {
  const isChanged = (name: keyof FieldDraft) => draft[name] !== was[name];
  const number = (text: string) => (text === "" ? null : Number(text));
  const types = typesIn(draft.types);
  const headers = headersOf(draft.headers);
  return {
    ...(isChanged("url") ? { url: draft.url } : {}),
    ...(isChanged("types") ? { event_types: types.length === 0 ? null : types } : {}),
    ...(isChanged("description") ? { description: draft.description === "" ? null : draft.description } : {}),
    ...(isChanged("inFlight") ? { max_in_flight: number(draft.inFlight) } : {}),
    ...(isChanged("rate") ? { rate_per_second: number(draft.rate) } : {}),
    ...(isChanged("timeout") ? { timeout_ms: number(draft.timeout) } : {}),
    ...(isSame(headers, headersOf(was.headers)) ? {} : { headers }),
  };
}

/** Reads names or globs between commas. */
export function typesIn(text: string): string[] {
  return text.split(",").flatMap((type) => (type.trim() === "" ? [] : [type.trim()]));
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
