import { Type } from "typebox";
import { VALIDATIONS } from "../../../model/event-type.ts";
import type { OperationGroup } from "../operation.ts";
import { closed, flag, nullable, pageOf, text, time } from "./parts.ts";

const summary = {
  name: text("As events have it in `type`."),
  description: text("What such an event says."),
  deprecated: flag("Whether another is to be used instead."),
  successor: nullable(text("The other.")),
};

const schema = Type.Unknown({ description: "JSON Schema, 2020-12, of `data`. Null: there is none." });
const example = Type.Unknown({ description: "A `data` that fits. Null: there is none." });

const CatalogueType = closed(
  { ...summary, contract: text("Whose catalogue it stands in."), schema, example },
  "A type that a contract's catalogue describes.",
);

const EventType = closed(
  {
    name: summary.name,
    contract: nullable(text("Whose catalogue describes it. Null: none.")),
    registered: flag("Whether the tenant has registered it."),
    description: nullable(summary.description),
    schema,
    schema_version: nullable(Type.Integer({ minimum: 1, description: "Of the tenant's own schema." })),
    example,
    validation: Type.Enum([...VALIDATIONS], { description: "What becomes of events that do not fit." }),
    deprecated: summary.deprecated,
    successor: summary.successor,
    created_at: nullable(time("When it was registered.")),
    updated_at: nullable(time("When that was last changed.")),
  },
  "An event type as a tenant knows it.",
);

const SchemaVersion = closed({
  version: Type.Integer({ minimum: 1 }),
  schema,
  created_at: time("From then on events were checked by it."),
});

const Contract = closed(
  {
    name: text("As endpoints name it."),
    discipline: Type.Enum(["each", "batched", "ordered"]),
    is_default: flag("Whether endpoints have it whose tenant names none."),
    handshake: nullable(closed({ every_ms: Type.Number({ description: "How long a permission counts." }) })),
    catalogue: Type.Enum(["open", "closed"], { description: "Whether other types than its own may come." }),
    event_types: Type.Array(closed(summary)),
    settings_schema: Type.Unknown({ description: "JSON Schema of an endpoint's `settings`." }),
    defaults: closed({
      timeout_ms: Type.Number(),
      max_in_flight: Type.Number(),
      retry: closed({ delays_ms: Type.Array(Type.Number()), jitter: Type.Number() }),
      hold: closed({ first_ms: Type.Number(), max_ms: Type.Number(), jitter: Type.Number() }),
      batch: nullable(
        closed({ events_max: Type.Number(), bytes_max: Type.Number(), wait_ms: Type.Number() }),
      ),
      disable_after_ms: nullable(Type.Number()),
    }),
  },
  "A way to say, sign and judge events.",
);

const Sample = closed({
  type: text("Of the event; nothing has to know it."),
  data: Type.Optional(
    Type.Unknown({
      description: "Default: the tenant's example of the type, else a catalogue's, else any.",
    }),
  ),
  subject: Type.Optional(nullable(text("What it happened to. Default: the example's."))),
  contract: Type.Optional(nullable(text("One contract alone. Default: every one."))),
  endpoint: Type.Optional(nullable(text("As this endpoint, by its id, instead of as contracts."))),
});

const SampleRenderings = closed(
  {
    renderings: Type.Array(
      closed({
        contract: text("By which it was made."),
        endpoint_id: nullable(text("As which. Null: one that is nowhere.")),
        reason: nullable(
          text(
            "Why there is no request: `not_in_catalogue`, `settings_needed`, `contract_failed`, " +
              "`contract_unknown`, or a code of the contract's.",
          ),
        ),
        request: nullable(
          closed({
            method: text("Of HTTP."),
            url: text("Where it would go, without what may be a credential."),
            headers: Type.Array(
              closed({
                name: text("As it is sent."),
                value: nullable(text("Null: it is, or may be, a credential of the endpoint's receiver.")),
              }),
            ),
            payload: text("Its bytes, in Base64."),
          }),
        ),
      }),
    ),
  },
  "An event that is nowhere, as contracts or an endpoint say it; signed with secrets that are nobody's.",
);

const LIST = "/v1/tenants/:tenant/event-types";
const ONE = `${LIST}/:type`;

export const catalogues: OperationGroup = {
  name: "Contracts and event types",
  description: "What can be sent, and how it looks.",
  schemas: { Contract, CatalogueType, EventType, SchemaVersion, SampleRenderings },
  operations: {
    "GET /v1/contracts": {
      id: "listContracts",
      summary: "List contracts",
      answers: { 200: pageOf(Contract) },
    },
    "GET /v1/event-types": {
      id: "listCatalogueTypes",
      summary: "List the event types of contracts",
      answers: { 200: pageOf(CatalogueType) },
    },
    "POST /v1/tenants/:tenant/renderings": {
      id: "renderSample",
      summary: "See a sample of an event as contracts or an endpoint would say it; nothing is stored or sent",
      bodies: { "application/json": Sample },
      answers: { 200: SampleRenderings },
    },
    [`POST ${LIST}`]: {
      id: "registerEventType",
      summary: "Register an event type, with a schema",
      answers: { 201: EventType },
    },
    [`GET ${LIST}`]: {
      id: "listEventTypes",
      summary: "List the event types that a tenant knows",
      answers: { 200: pageOf(EventType) },
    },
    [`GET ${ONE}`]: { id: "getEventType", summary: "Get an event type", answers: { 200: EventType } },
    [`PATCH ${ONE}`]: { id: "updateEventType", summary: "Change an event type", answers: { 200: EventType } },
    [`DELETE ${ONE}`]: {
      id: "deleteEventType",
      summary: "Forget what was registered of an event type",
      answers: { 204: null },
    },
    [`GET ${ONE}/versions`]: {
      id: "listSchemaVersions",
      summary: "List the schemas that an event type has had",
      answers: { 200: pageOf(SchemaVersion) },
    },
  },
};
