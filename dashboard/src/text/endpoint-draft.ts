/** What somebody writes over an endpoint, and what of it is to be sent. */
import type { EndpointStatus, UpdateEndpointBody } from "@posthorn/client/operations";
import { delaysIn, delaysText } from "./delays-text.ts";
import { areSendable, type NameRow, rowsOf, textsOf, trimmed } from "./name-rows.ts";

/** Of each field, the text in it. */
export interface FieldDraft {
  readonly url: string;
  readonly types: string;
  readonly description: string;
  readonly inFlight: string;
  readonly rate: string;
  readonly timeout: string;
  readonly latestOnlyBy: string;
  readonly delays: string;
  readonly jitter: string;
}

export interface EndpointDraft extends FieldDraft {
  readonly headers: readonly NameRow[];
  readonly metadata: readonly NameRow[];
}

/** What of an endpoint the form has. */
type Changeable = Pick<
  EndpointStatus,
  | "url"
  | "event_types"
  | "description"
  | "max_in_flight"
  | "rate_per_second"
  | "timeout_ms"
  | "latest_only_by"
  | "retry"
  | "headers"
  | "metadata"
>;

export function draftOf(endpoint: Changeable): EndpointDraft {
  const { url, event_types, description, retry } = endpoint;
  return {
    url,
    types: event_types?.join(", ") ?? "",
    description: description ?? "",
    inFlight: String(endpoint.max_in_flight ?? ""),
    rate: String(endpoint.rate_per_second ?? ""),
    timeout: String(endpoint.timeout_ms ?? ""),
    latestOnlyBy: endpoint.latest_only_by ?? "",
    delays: retry === null ? "" : delaysText(retry.delays_ms),
    jitter: retry === null ? "" : String(retry.jitter),
    headers: rowsOf(endpoint.headers),
    metadata: rowsOf(endpoint.metadata),
  };
}

/**
 * Returns what was changed, and nothing else: what a key may not read of headers, or somebody else changed
 * meanwhile, is not written over by whoever changes a limit.
 */
export function changesIn(draft: EndpointDraft, was: EndpointDraft): UpdateEndpointBody {
  const before = new Map(Object.entries(bodyOf(was)).map(([name, value]) => [name, JSON.stringify(value)]));
  return Object.fromEntries(
    Object.entries(bodyOf(draft)).filter(([name, value]) => before.get(name) !== JSON.stringify(value)),
  );
}

/** Whether a draft can be sent: not one with two rows of one name, or with words for a delay. */
export function isReadable({ delays, headers, metadata }: EndpointDraft): boolean {
  return delaysProblem(delays) === undefined && areSendable(trimmed(headers)) && areSendable(metadata);
}

export function delaysProblem(text: string): string | undefined {
  return text.trim() === "" || delaysIn(text) !== undefined
    ? undefined
    : "must be durations between commas, such as 5s, 5m, 1h30m, or the word none";
}

function bodyOf(draft: EndpointDraft): UpdateEndpointBody {
  const types = typesIn(draft.types);
  const delays = delaysIn(draft.delays);
  return {
    url: draft.url,
    event_types: types.length === 0 ? null : types,
    description: draft.description === "" ? null : draft.description,
    max_in_flight: numberIn(draft.inFlight),
    rate_per_second: numberIn(draft.rate),
    timeout_ms: numberIn(draft.timeout),
    latest_only_by: latestOnlyByIn(draft.latestOnlyBy),
    retry: delays === undefined ? null : { delays_ms: [...delays], jitter: numberIn(draft.jitter) ?? 0 },
    headers: textsOf(trimmed(draft.headers)),
    metadata: textsOf(draft.metadata),
  };
}

/** Reads names or globs between commas. */
export function typesIn(text: string): string[] {
  return text.split(",").flatMap((type) => (type.trim() === "" ? [] : [type.trim()]));
}

function numberIn(text: string): number | null {
  return text === "" ? null : Number(text);
}

function latestOnlyByIn(text: string): "subject" | "type_and_subject" | null {
  return text === "subject" || text === "type_and_subject" ? text : null;
}
