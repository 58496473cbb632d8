import { Type } from "typebox";
import { DELIVERY_STATES, VERDICT_KINDS } from "../../../model/delivery.ts";
import { REQUEST_REASONS } from "../../sent-request.ts";
import { UNMATCHED_REASONS } from "../../unmatched.ts";
import type { OperationGroup } from "../operation.ts";
import { closed, count, flag, id, nullable, pageOf, text, time } from "./parts.ts";

export const Delivery = closed(
  {
    id: id("dlv", "the delivery"),
    event_id: id("evt", "its event"),
    type: text("Of its event."),
    endpoint_id: id("ep", "its endpoint"),
    state: Type.Enum([...DELIVERY_STATES]),
    attempts: count("Requests made."),
    next_attempt_at: nullable(time("Not before. Null: none is to come, or it waits for its turn alone.")),
    retries_used: nullable(
      count("Of its schedule, the next among them; what is throttled uses none. Null: none is to come."),
    ),
    retries_max: nullable(count("How many its schedule has. Null: none is to come.")),
    reason: nullable(text("Why it is in this state.")),
    accepted_at: time("When its event was stored."),
    last_attempt_at: nullable(time("When the last request began.")),
  },
  "One event owed to one endpoint.",
);

export const Attempt = closed(
  {
    id: id("att", "the attempt"),
    number: Type.Integer({ minimum: 1, description: "Counts the requests of one delivery." }),
    event_id: id("evt", "its event"),
    endpoint_id: id("ep", "its endpoint"),
    delivery_id: id("dlv", "its delivery"),
    is_replay: flag("Whether a replay made it."),
    verdict: Type.Enum([...VERDICT_KINDS], {
      description: "What the contract makes of the answer.",
    }),
    status: nullable(Type.Integer({ description: "Of the answer. Null: there was none." })),
    error: nullable(text("A stable code of what went wrong.")),
    error_detail: nullable(text("The same for people.")),
    started_at: time("When the request began."),
    duration_ms: Type.Number({ description: "From then to its end." }),
    connected_ms: nullable(Type.Number({ description: "Until there was a connection." })),
    headers_ms: nullable(Type.Number({ description: "Until the answer's headers were there." })),
    answer: nullable(text("The beginning of the answer's body.")),
    payload_hash: nullable(
      text("The first 16 bytes of the SHA-256 of the payload, in hexadecimal. Null: it has none."),
    ),
    batch_event_id: nullable(text("The last event of the batch it was part of.")),
  },
  "One HTTP request that was made.",
);

const SentRequest = closed(
  {
    attempt_id: id("att", "the attempt that it stands at: of a batch, the last member's"),
    contract: nullable(text("By which it was made. Null: the endpoint is gone.")),
    event_ids: Type.Array(Type.String(), {
      description: "The events it says, in their order. Empty: they are not found.",
    }),
    matches: nullable(
      flag("Whether its payload has the hash that was stored when it was sent. Null: that cannot be said."),
    ),
    reason: nullable(
      Type.Enum([...REQUEST_REASONS], {
        description: "Why it does not match, or why that cannot be said. Null: it matches.",
      }),
    ),
    request: nullable(
      closed({
        method: text("Of HTTP."),
        url: text("Where it went. User, password and the values of its query are not shown."),
        headers: Type.Array(
          closed({
            name: text("As it is sent."),
            value: nullable(text("Null: it is, or may be, a credential, and is not shown.")),
          }),
        ),
        payload: text("Its bytes, in Base64."),
      }),
    ),
  },
  "The request of an attempt, made again and compared by its hash: without credentials.",
);

const UnmatchedEndpoint = closed(
  {
    endpoint_id: id("ep", "the endpoint"),
    url: text("Where its requests go."),
    contract: text("How they are said."),
    reasons: Type.Array(Type.Enum([...UNMATCHED_REASONS]), {
      description: "Why it was not owed the event: all that hold.",
    }),
    event_types: nullable(
      Type.Array(Type.String(), {
        description: "Names and globs that it subscribed to then. Null: every type, or it was not there.",
      }),
    ),
    in_force_since: nullable(time("Since when it was so. Null: it was created later.")),
    created_at: time("When it was created."),
  },
  "An endpoint that was not owed an event, as it was when the event was accepted.",
);

const LIST = "/v1/tenants/:tenant/deliveries";
const ONE = `${LIST}/:delivery`;

export const deliveries: OperationGroup = {
  name: "Deliveries",
  description: "What becomes of events: one delivery for each endpoint, one attempt for each request.",
  schemas: { Delivery, Attempt, SentRequest, UnmatchedEndpoint },
  operations: {
    [`GET ${LIST}`]: {
      id: "listDeliveries",
      summary: "List deliveries, newest event first",
      answers: { 200: pageOf(Delivery) },
    },
    "GET /v1/tenants/:tenant/events/:event/deliveries": {
      id: "listDeliveriesOfEvent",
      summary: "List the deliveries of one event",
      answers: { 200: pageOf(Delivery) },
    },
    "GET /v1/tenants/:tenant/events/:event/unmatched": {
      id: "listUnmatched",
      summary: "List the endpoints that were not owed an event, and why",
      answers: { 200: pageOf(UnmatchedEndpoint) },
    },
    [`GET ${ONE}`]: { id: "getDelivery", summary: "Get a delivery", answers: { 200: Delivery } },
    [`POST ${ONE}/retry`]: {
      id: "retryDelivery",
      summary: "Try it again now, not when its schedule says",
      answers: { 202: Delivery },
    },
    [`POST ${ONE}/replay`]: {
      id: "replayDelivery",
      summary: "Send it again, although it is settled",
      answers: { 202: Delivery },
    },
    [`POST ${ONE}/cancel`]: { id: "cancelDelivery", summary: "Give it up", answers: { 202: Delivery } },
    "GET /v1/tenants/:tenant/attempts": {
      id: "listAttempts",
      summary: "List requests that were made, newest event first",
      answers: { 200: pageOf(Attempt) },
    },
    "GET /v1/tenants/:tenant/attempts/:attempt": {
      id: "getAttempt",
      summary: "Get an attempt",
      answers: { 200: Attempt },
    },
    "GET /v1/tenants/:tenant/attempts/:attempt/request": {
      id: "getSentRequest",
      summary: "Get the request of an attempt, made again without credentials and compared by its hash",
      answers: { 200: SentRequest },
    },
  },
};
