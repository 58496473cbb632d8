import { Type } from "typebox";
import type { OperationGroup } from "../operation.ts";
import { closed, count, flag, id, nullable, onlyTrue, pageOf, text, time } from "./parts.ts";

const Retry = closed({
  delays_ms: Type.Array(Type.Integer(), { description: "Before each further attempt, in turn." }),
  jitter: Type.Number({ description: "By which share a delay may be longer or shorter." }),
});

const endpoint = {
  id: id("ep", "the endpoint"),
  url: text("Where its requests go."),
  contract: text("How they are said, signed and judged."),
  event_types: nullable(Type.Array(Type.String(), { description: "Names and globs. Null: every type." })),
  description: nullable(text("For people.")),
  enabled: flag("Whether it is owed what comes."),
  state: Type.Enum(["enabled", "paused", "disabled", "deleted"]),
  state_reason: nullable(text("Why it is in this state, where nobody asked for it.")),
  headers: Type.Record(Type.String(), Type.String(), {
    description: "Sent with every request. What they say is `…` to keys without `endpoints:write`.",
  }),
  max_in_flight: nullable(Type.Integer({ description: "Null: as the contract says." })),
  rate_per_second: nullable(Type.Number({ description: "Null: any." })),
  latest_only_by: nullable(
    Type.Enum(["subject", "type_and_subject"], {
      description: "What makes events states of one thing, of which only the newest that waits is sent.",
    }),
  ),
  timeout_ms: nullable(Type.Integer({ description: "Null: as the contract says." })),
  retry: nullable(Retry),
  metadata: Type.Record(Type.String(), Type.String(), { description: "Yours." }),
  settings: Type.Record(Type.String(), Type.Unknown(), { description: "The contract's own." }),
  secrets: Type.Array(
    closed({
      created_at: time("Since when it signs or verifies."),
      expires_at: nullable(time("When it ends. Null: it does not.")),
    }),
    { description: "Those that live; what they are is never shown." },
  ),
  public_key: nullable(text("Of a contract that signs with a private key.")),
  created_at: time("When it was created."),
  updated_at: time("When it was last changed."),
};

const Lane = closed(
  {
    discipline: nullable(
      Type.Enum(["each", "batched", "ordered"], {
        description: "How its deliveries wait for one another. Null: its contract is not there any more.",
      }),
    ),
    is_skippable: flag("Whether the lane goes on once the delivery that everything waits for is skipped."),
    waiting: count("Deliveries that are owed and not settled."),
    waiting_is_at_least: onlyTrue("There are more than were counted."),
    as_stored: onlyTrue("Another node sends to the endpoint: what it has stored, a moment ago."),
    needs_attention: flag("A fault stopped the lane; `reason` says which."),
    held_since: nullable(time("Since when nothing is sent but probes.")),
    reason: nullable(text("Why it is held, or was stopped.")),
    next_probe_at: nullable(time("Not before.")),
    failing_since: nullable(time("Every request since has failed.")),
  },
  "How an endpoint's deliveries are going.",
);

const Endpoint = closed(endpoint, "A receiver's URL with its contract, subscription, secrets and limits.");

const Warning = closed(
  {
    pointer: text("JSON Pointer into the body."),
    detail: text("What of it may be another thing than is meant."),
  },
  "What was taken, and may not be meant.",
);

const warnings = Type.Optional(
  Type.Array(Warning, {
    description: "What was taken, and may not be meant: event types that nobody has, or is to use no more.",
  }),
);

const NewEndpoint = closed(
  {
    ...endpoint,
    secret: nullable(text("Made or given: it is shown this once. Null: there is none.")),
    warnings,
  },
  "An endpoint that was just created.",
);

const UpdatedEndpoint = closed({ ...endpoint, warnings }, "An endpoint that was just changed.");

const RotatedEndpoint = closed(
  { ...endpoint, secret: text("The new one: it is shown this once.") },
  "An endpoint with a new secret.",
);

const status = {
  lane: Lane,
  missed: count("Events it would have been sent while it was disabled, or that were skipped."),
  missed_is_at_least: onlyTrue("There are more than were counted."),
};

const EndpointStatus = closed({ ...endpoint, ...status }, "An endpoint, and how its deliveries are going.");

const ListedEndpoint = closed(
  {
    ...endpoint,
    lane: Type.Optional(Lane),
    missed: Type.Optional(status.missed),
    missed_is_at_least: status.missed_is_at_least,
  },
  "An endpoint; with `include=lane` also how its deliveries are going.",
);

const TroubledEndpoint = closed(
  { tenant: text("The id of its tenant."), ...endpoint, ...status },
  "An endpoint that needs somebody, whose it is, and how its deliveries are going.",
);

const Skipped = closed({
  skipped: count("Deliveries that will not be made."),
  skipped_is_at_least: onlyTrue("There are more than were counted."),
});

const Jwk = Type.Record(Type.String(), Type.Unknown(), { description: "A JSON Web Key (RFC 7517)." });

const LIST = "/v1/tenants/:tenant/endpoints";
const ONE = `${LIST}/:endpoint`;

export const endpoints: OperationGroup = {
  name: "Endpoints",
  description: "Where events go, and how.",
  schemas: {
    Endpoint,
    NewEndpoint,
    UpdatedEndpoint,
    Warning,
    RotatedEndpoint,
    EndpointStatus,
    ListedEndpoint,
    TroubledEndpoint,
    Lane,
  },
  operations: {
    [`POST ${LIST}`]: { id: "createEndpoint", summary: "Create an endpoint", answers: { 201: NewEndpoint } },
    [`GET ${LIST}`]: {
      id: "listEndpoints",
      summary: "List endpoints, newest first",
      answers: { 200: pageOf(ListedEndpoint) },
    },
    "GET /v1/endpoints/troubled": {
      id: "listTroubledEndpoints",
      summary: "List the endpoints of all tenants that are held, failing or stopped, newest first",
      answers: { 200: pageOf(TroubledEndpoint) },
    },
    [`GET ${ONE}`]: {
      id: "getEndpoint",
      summary: "Get an endpoint, and how its deliveries are going",
      answers: { 200: EndpointStatus },
    },
    [`PATCH ${ONE}`]: {
      id: "updateEndpoint",
      summary: "Change an endpoint",
      answers: { 200: UpdatedEndpoint },
    },
    [`DELETE ${ONE}`]: { id: "deleteEndpoint", summary: "Delete an endpoint", answers: { 204: null } },
    [`POST ${ONE}/rotate-secret`]: {
      id: "rotateSecret",
      summary: "Give it a new secret; the old one stays valid for a while",
      isBodyOptional: true,
      answers: { 200: RotatedEndpoint },
    },
    [`POST ${ONE}/enable`]: {
      id: "enableEndpoint",
      summary: "Enable it: it is owed what comes from now on",
      answers: { 200: Endpoint },
    },
    [`POST ${ONE}/disable`]: {
      id: "disableEndpoint",
      summary: "Disable it: what waits is given up and counted as missed",
      answers: { 200: Endpoint },
    },
    [`POST ${ONE}/pause`]: {
      id: "pauseEndpoint",
      summary: "Pause it: everything waits, and keeps its place",
      answers: { 200: Endpoint },
    },
    [`POST ${ONE}/resume`]: {
      id: "resumeEndpoint",
      summary: "Let a paused one go on, and try now what holds up an enabled one",
      answers: { 200: Endpoint },
    },
    [`POST ${ONE}/skip`]: {
      id: "skip",
      summary: "Go on behind the delivery that everything waits for, or behind all up to a place",
      isBodyOptional: true,
      answers: { 200: Skipped },
    },
    [`GET ${ONE}/jwks.json`]: {
      id: "getJwks",
      summary: "Get the public keys that its signatures are verified with",
      contentType: "application/jwk-set+json",
      answers: { 200: closed({ keys: Type.Array(Jwk) }) },
    },
  },
};
