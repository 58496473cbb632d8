import { Type } from "typebox";
import type { NeededKey } from "../../needed-key.ts";
import type { OperationGroup } from "../operation.ts";
import { closed, flag, text, time } from "./parts.ts";

const WebhookEndpoint = closed(
  {
    id: Type.Integer({ minimum: 1 }),
    target_url: text("Where its requests go."),
    events: Type.Array(Type.String()),
    is_enabled: flag("Whether it is sent anything."),
    created_at: time("When it was created."),
    updated_at: time("When it was last changed."),
  },
  "An endpoint, in BSPK's words.",
);

const NewWebhookEndpoint = closed(
  { ...WebhookEndpoint.properties, secret: text("In `X-Bspk-Secret` of every request; shown this once.") },
  "An endpoint that was just created, in BSPK's words.",
);

const asked = {
  target_url: text("Where its requests go."),
  events: Type.Array(Type.String(), { description: "Names of event types." }),
  is_enabled: Type.Optional(flag("Whether it is sent anything. Default: true.")),
};

const NewBody = { "application/json": Type.Object(asked) };
const ChangeBody = { "application/json": Type.Partial(Type.Object(asked)) };

const SpektrEvents = Type.Object(
  {
    results: Type.Array(Type.Record(Type.String(), Type.Unknown())),
    totalResults: Type.Integer(),
    limit: Type.Integer(),
    page: Type.Integer(),
    totalPages: Type.Integer(),
    pagingCounter: Type.Integer(),
    hasPrevPage: Type.Boolean(),
    hasNextPage: Type.Boolean(),
    prevPage: Type.Union([Type.Integer(), Type.Null()]),
    nextPage: Type.Union([Type.Integer(), Type.Null()]),
  },
  { additionalProperties: false, description: "Events in spektr's words." },
);

const READS: NeededKey = { scheme: "bearer", what: "a tenant's key with the scope `endpoints:read`" };
const WRITES: NeededKey = { scheme: "bearer", what: "a tenant's key with the scope `endpoints:write`" };
const READS_EVENTS: NeededKey = { scheme: "spektr", what: "a tenant's key with the scope `events:read`" };

const LIST = "/api/platform/v1/webhook_endpoints";
const ONE = `${LIST}/:id`;

export const faces: OperationGroup = {
  name: "Vendors' own APIs",
  description: "The same endpoints and events, as the customers of BSPK and of spektr ask for them.",
  schemas: { WebhookEndpoint, NewWebhookEndpoint, SpektrEvents },
  operations: {
    [`POST ${LIST}`]: {
      id: "createBspkEndpoint",
      summary: "BSPK: create an endpoint",
      needs: WRITES,
      bodies: NewBody,
      answers: { 201: NewWebhookEndpoint },
    },
    [`GET ${LIST}`]: {
      id: "listBspkEndpoints",
      summary: "BSPK: list endpoints",
      needs: READS,
      answers: { 200: Type.Array(WebhookEndpoint) },
    },
    [`GET ${ONE}`]: {
      id: "getBspkEndpoint",
      summary: "BSPK: get an endpoint",
      needs: READS,
      answers: { 200: WebhookEndpoint },
    },
    [`PATCH ${ONE}`]: {
      id: "updateBspkEndpoint",
      summary: "BSPK: change an endpoint",
      needs: WRITES,
      bodies: ChangeBody,
      answers: { 200: WebhookEndpoint },
    },
    [`DELETE ${ONE}`]: {
      id: "deleteBspkEndpoint",
      summary: "BSPK: delete an endpoint",
      needs: WRITES,
      answers: { 204: null },
    },
    "GET /v1/events": {
      id: "listSpektrEvents",
      summary: "spektr: list events, delivered or not",
      needs: READS_EVENTS,
      answers: { 200: SpektrEvents },
    },
  },
};
