/**
 * Every error a caller can see. A code is an API: once released it is never renamed, and one that goes is
 * never given a second meaning.
 */
export const PROBLEMS = {
  unauthorized: { status: 401, title: "The request carries no valid API key" },
  forbidden: { status: 403, title: "The API key's scopes do not allow this" },
  not_found: { status: 404, title: "Nothing is here" },
  bad_request: { status: 400, title: "The request is not HTTP as this server reads it" },
  request_timeout: { status: 408, title: "The request did not arrive in time" },
  headers_too_large: { status: 431, title: "The request's headers are larger than allowed" },
  method_not_allowed: { status: 405, title: "The method is not known here" },
  tenant_exists: { status: 409, title: "A tenant has this id already" },
  tenant_reserved: { status: 409, title: "The operator's own tenant stays" },
  endpoint_disabled: { status: 409, title: "The endpoint is disabled; enable it first" },
  too_many_endpoints: { status: 409, title: "The tenant has as many endpoints as it may have" },
  too_many_secrets: { status: 409, title: "The endpoint has as many live secrets as it may have" },
  event_type_exists: { status: 409, title: "An event type of this name is registered already" },
  too_many_event_types: { status: 409, title: "The tenant has as many event types as it may have" },
  too_many_replays: { status: 409, title: "As many replays to the endpoint are open as may be" },
  replay_ended: { status: 409, title: "The replay has ended; ask for another" },
  clock_fixed: { status: 409, title: "The clock of this server cannot be moved" },
  no_test_receiver: { status: 409, title: "This server has no receiver to try things out with" },
  delivery_settled: { status: 409, title: "The delivery is settled; replay it to send it again" },
  delivery_in_flight: { status: 409, title: "The delivery is being sent right now" },
  delivery_in_batch: { status: 409, title: "The delivery belongs to a batch that goes again as it was" },
  delivery_not_owed: {
    status: 409,
    title: "The endpoint is disabled or deleted, or was never owed this event",
  },
  event_expired: { status: 410, title: "The event was too old to be kept" },
  event_erased: { status: 409, title: "The event was erased; there is nothing to send" },
  endpoint_needs_attention: {
    status: 409,
    title: "A fault of ours stopped the endpoint's deliveries; whoever runs this server must look",
  },
  payload_too_large: { status: 413, title: "The request is larger than allowed" },
  unsupported_media_type: { status: 415, title: "The content type is not known here" },
  invalid_json: { status: 400, title: "The request's JSON cannot be read" },
  invalid_request: { status: 422, title: "Members of the request are not as they must be" },
  schema_mismatch: { status: 422, title: "Events do not fit the schemas of their types" },
  idempotency_key_reused: { status: 422, title: "The idempotency key was used with other content" },
  rate_limited: { status: 429, title: "Too many requests" },
  overloaded: { status: 503, title: "Too much is waiting to be stored; nothing of this request was" },
  disk_nearly_full: { status: 503, title: "The disk is nearly full; nothing of this request was stored" },
  store_unavailable: {
    status: 503,
    title: "The store did not answer; whether the request was stored is not known",
  },
  shutting_down: { status: 503, title: "The server is shutting down" },
  contract_failed: { status: 500, title: "The contract did what no contract may" },
  internal: { status: 500, title: "A fault of ours" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/**
 * One wrong member, by JSON Pointer into the request's body; `?name` for a query parameter, and a header by
 * its name in lower case.
 */
export interface WrongMember {
  readonly pointer: string;
  readonly detail: string;
}

/** A caller's mistake, or a state of ours a caller must know; becomes `application/problem+json`. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors: readonly WrongMember[];

  constructor(code: ProblemCode, detail: string, errors: readonly WrongMember[] = []) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
    this.errors = errors;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }

  get title(): string {
    return PROBLEMS[this.code].title;
  }
}
