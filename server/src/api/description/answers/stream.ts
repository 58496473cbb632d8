import { Type } from "typebox";
import type { OperationGroup } from "../operation.ts";
import { Attempt, Delivery } from "./deliveries.ts";
import { Event } from "./events.ts";
import { closed, count, flag, id, nullable, text, time } from "./parts.ts";

const tenant_id = text("Whose it is.");
const endpoint_id = id("ep", "the endpoint");

const LiveStarted = closed(
  {
    kind: Type.Literal("started"),
    has_missed: flag("Whether something may have happened since `Last-Event-ID` that was not told."),
  },
  "The first message of every stream.",
);

const LiveLeftOut = closed(
  { kind: Type.Literal("left_out"), count: count("How many: of all, whatever was asked for.") },
  "There was more than can be told, or than was read in time.",
);

const LiveEvent = closed({ kind: Type.Literal("event"), tenant_id, event: Event }, "An event was accepted.");

const { answer: _answer, payload_hash: _hash, ...attemptMembers } = Attempt.properties;

const LiveAttempt = closed(
  {
    kind: Type.Literal("attempt"),
    tenant_id,
    type: text("Of its event."),
    attempt: closed(attemptMembers),
  },
  "A request was made.",
);

const {
  attempts: _attempts,
  last_attempt_at: _last,
  retries_used: _used,
  retries_max: _max,
  ...deliveryMembers
} = Delivery.properties;

const LiveDelivery = closed(
  { kind: Type.Literal("delivery"), tenant_id, delivery: closed(deliveryMembers) },
  "A delivery has come to a state.",
);

const LiveGap = closed(
  {
    kind: Type.Literal("gap"),
    tenant_id,
    gap: closed({
      endpoint_id,
      first_event_id: text("The first place it covers; there may be no event."),
      last_event_id: text("The last place it covers, likewise."),
      reason: text("Why nothing of it is sent."),
    }),
  },
  "What an endpoint was owed of a stretch of events will not be sent to it.",
);

const LiveLane = closed(
  {
    kind: Type.Literal("lane"),
    tenant_id,
    lane: closed({
      endpoint_id,
      held_since: nullable(time("Null: it is not held.")),
      reason: nullable(text("Why it is held.")),
      next_probe_at: nullable(time("When its receiver is tried again.")),
    }),
  },
  "Whether everything to an endpoint waits, as it is from now on.",
);

const LiveMessage = Type.Union(
  [LiveStarted, LiveEvent, LiveAttempt, LiveDelivery, LiveGap, LiveLane, LiveLeftOut],
  { description: "The `data` of one server-sent event. More kinds may be added." },
);

const Listener = closed(
  {
    contract: text("By which its requests are made."),
    secret: nullable(text("With which they are signed. Null: the contract signs nothing.")),
  },
  "What somebody listens with; nothing is stored of it.",
);

const Rendered = closed(
  {
    contract: text("By which it was made."),
    reason: nullable(text("Why there is no request: a stable code.")),
    request: nullable(
      closed({
        method: text("Of HTTP."),
        url: text("Where it goes."),
        headers: Type.Record(Type.String(), Type.String()),
        payload: text("The bytes to send, in Base64."),
      }),
    ),
  },
  "An event as an endpoint would get it, made and signed now.",
);

const headers = [
  { name: "last-event-id", description: "Of the last message that was read: the stream goes on after it." },
];
const answers = { 200: LiveMessage };
const contentType = "text/event-stream";

export const stream: OperationGroup = {
  name: "Live stream",
  description: "What happens, as it becomes durable: server-sent events whose `data` is a `LiveMessage`.",
  schemas: {
    LiveMessage,
    LiveStarted,
    LiveEvent,
    LiveAttempt,
    LiveDelivery,
    LiveGap,
    LiveLane,
    LiveLeftOut,
    Listener,
    Rendered,
  },
  operations: {
    "POST /v1/tenants/:tenant/listeners": {
      id: "createListener",
      summary: "Make what somebody needs to listen; nothing is stored, and nothing is sent from here",
      answers: { 200: Listener },
    },
    "POST /v1/tenants/:tenant/events/:event/render": {
      id: "renderEvent",
      summary: "Get the request that an endpoint would get of an event, to make it oneself",
      answers: { 200: Rendered },
    },
    "GET /v1/tenants/:tenant/stream": {
      id: "watch",
      summary: "Watch what happens to a tenant's events",
      headers,
      answers,
      contentType,
    },
    "GET /v1/stream": { id: "watchAll", summary: "Watch all tenants", headers, answers, contentType },
  },
};
