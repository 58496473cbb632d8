import { Type } from "typebox";
import { REQUEST_EVENTS_MAX } from "../../event-reading.ts";
import type { OperationGroup } from "../operation.ts";
import { closed, count, flag, id, nullable, pageOf, text, time } from "./parts.ts";

const WrongMember = closed({
  pointer: text("JSON Pointer into the body; `?name` for a query parameter, a header by its name."),
  detail: text("What is wrong with it."),
});

const AcceptedEvent = closed({
  id: id("evt", "the event"),
  type: text("As it was given."),
  accepted_at: time("When it was stored."),
});

const warnings = Type.Optional(
  Type.Array(WrongMember, {
    description: "Where events do not fit their schemas, and are taken all the same.",
  }),
);

const Accepted = closed(
  { ...AcceptedEvent.properties, warnings },
  "One event is stored, and will not be lost.",
);
const AcceptedList = closed(
  { data: Type.Array(AcceptedEvent, { description: "In the order of the request." }), warnings },
  "All events of the request are stored, and will not be lost.",
);

const event = {
  id: AcceptedEvent.properties.id,
  type: text("What happened."),
  subject: nullable(text("What it happened to.")),
  occurred_at: time("When it happened, as its sender says."),
  accepted_at: AcceptedEvent.properties.accepted_at,
  expires_at: nullable(time("From then on it is not sent any more.")),
  to: nullable(text("The one endpoint it is for. Null: whoever subscribes.")),
  data_bytes: count("Length of `data`."),
  is_erased: flag("Whether what it said was erased."),
};

const Summary = Type.Object(
  {
    pending: count("Not tried yet."),
    retrying: count("Tried, and to be tried again."),
    delivered: count("Taken by its receiver."),
    rejected: count("Refused for good."),
    dead: count("Given up after every attempt."),
    cancelled: count("Given up by someone, or with its endpoint."),
    expired: count("Too old to be sent."),
  },
  { additionalProperties: false, description: "Deliveries of the event, by state." },
);

export const Event = closed(event, "Something that happened.");
const EventWithData = closed(
  {
    ...event,
    extensions: nullable(
      Type.Record(Type.String(), Type.Union([Type.String(), Type.Integer(), Type.Boolean()]), {
        description:
          "Extension attributes of a CloudEvent, and the trace it came in. Null: it has none, or is erased.",
      }),
    ),
    is_withheld: flag("Whether the key may not see what it says: `data` and `extensions` are null."),
    summary: Summary,
    data: Type.Unknown({ description: "The bytes its sender sent. Null: erased, or withheld." }),
  },
  "Something that happened, with what became of it.",
);

/** What a caller says of one event; what reads it is `json-events.ts`. */
const NewEvent = closed(
  {
    type: text("What happened, such as invoice.paid."),
    data: Type.Unknown({ description: "Any JSON: it reaches every receiver byte for byte." }),
    subject: Type.Optional(nullable(text("What it happened to, such as a customer's id."))),
    occurred_at: Type.Optional(nullable(time("Default: when it is accepted."))),
    idempotency_key: Type.Optional(nullable(text("The same key with the same event is stored once."))),
    expires_at: Type.Optional(nullable(time("From then on it is not sent any more."))),
    to: Type.Optional(nullable(text("The one endpoint it is for."))),
    traceparent: Type.Optional(
      nullable(text("The trace it is of, by W3C Trace Context. Default: the header's.")),
    ),
    tracestate: Type.Optional(nullable(text("Goes with traceparent."))),
  },
  "An event to be sent.",
);

const CloudEvent = Type.Object(
  {},
  { description: "A CloudEvent 1.0, whose `id` and `source` are its idempotency key." },
);

const Test = closed({
  type: Type.Optional(Type.String({ description: "Default: one that the endpoint takes." })),
  data: Type.Optional(Type.Unknown({ description: "Default: the example of the type." })),
});

const LIST = "/v1/tenants/:tenant/events";
const ONE = `${LIST}/:event`;

const TestReceiver = closed(
  {
    url: nullable(
      text("Where an endpoint of the tenant sends to it. Null: only a server in development has one."),
    ),
    answer: closed(
      {
        status: Type.Integer({ description: "HTTP status." }),
        body: text("Sent as `application/json`."),
        retry_after_seconds: nullable(
          Type.Integer({ description: "In `Retry-After`. Null: there is none." }),
        ),
        is_silent: flag("It never answers."),
      },
      "How it answers every request of the tenant; handshakes it passes.",
    ),
  },
  "A receiver to try things out with.",
);

export const events: OperationGroup = {
  name: "Events",
  description: "What happened, and is to be told.",
  schemas: { Event, EventWithData, Accepted, AcceptedList, AcceptedEvent, WrongMember, TestReceiver },
  requestSchemas: { NewEvent, CloudEvent },
  operations: {
    [`POST ${LIST}`]: {
      id: "sendEvents",
      summary: "Hand over one event, or several; answered when they are durable",
      headers: [
        { name: "Idempotency-Key", description: "Covers the request: all of its events at once." },
        { name: "traceparent", description: "The trace of its events that name none (W3C Trace Context)." },
        { name: "tracestate", description: "Goes with traceparent." },
      ],
      bodies: {
        "application/json": Type.Union([NewEvent, Type.Array(NewEvent, { maxItems: REQUEST_EVENTS_MAX })]),
        "application/x-ndjson": Type.String({ description: "An event a line." }),
        "application/cloudevents+json": CloudEvent,
        "application/cloudevents-batch+json": Type.Array(CloudEvent),
      },
      answers: { 202: Type.Union([Accepted, AcceptedList]) },
    },
    [`GET ${LIST}`]: {
      id: "listEvents",
      summary: "List events, newest first",
      answers: { 200: pageOf(Event) },
    },
    [`OPTIONS ${LIST}`]: {
      id: "askPermission",
      summary: "Ask whether CloudEvents may be sent (the handshake of their WebHook specification)",
      headers: [{ name: "WebHook-Request-Origin", description: "Who asks." }],
      answers: { 204: null },
    },
    [`GET ${ONE}`]: {
      id: "getEvent",
      summary: "Get an event with its data",
      answers: { 200: EventWithData },
    },
    [`DELETE ${ONE}`]: {
      id: "eraseEvent",
      summary: "Erase what an event says, for good",
      answers: { 204: null },
    },
    "DELETE /v1/tenants/:tenant/subjects/:subject": {
      id: "eraseSubject",
      summary: "Erase what all events of a subject say, for good",
      answers: { 204: null },
    },
    "POST /v1/tenants/:tenant/endpoints/:endpoint/test": {
      id: "sendTest",
      summary: "Send an event to this endpoint and no other",
      bodies: { "application/json": Test },
      isBodyOptional: true,
      answers: { 202: Accepted },
    },
    "GET /v1/tenants/:tenant/test-receiver": {
      id: "getTestReceiver",
      summary: "Ask where the test receiver of a server in development is, and how it answers",
      answers: { 200: TestReceiver },
    },
    "PUT /v1/tenants/:tenant/test-receiver": {
      id: "setTestReceiver",
      summary: "Let the test receiver answer otherwise, until the server ends",
      answers: { 200: TestReceiver },
    },
  },
};
