import { Type } from "typebox";
import { VALIDATIONS } from "../../../model/event-type.ts";
import { SCOPES } from "../../../model/tenant.ts";
import type { OperationGroup } from "../operation.ts";
import { closed, id, nullable, pageOf, text, time } from "./parts.ts";

const days = nullable(Type.Integer({ description: "Null: as the installation says." }));

const Tenant = closed(
  {
    id: text("As it was given, or made: ten_…"),
    name: text("For people."),
    contract: nullable(text("Of endpoints that name none. Null: the installation's default.")),
    validation: Type.Enum([...VALIDATIONS], {
      description: "What becomes of events that do not fit the schemas of the contract's catalogue.",
    }),
    retention: closed(
      { payload_days: days, attempts_days: days, dead_letters_days: days },
      "For how many days what is final is kept, by kind.",
    ),
    created_at: time("When it was created."),
  },
  "Whose events and endpoints there are: a customer, an environment, a company.",
);

const ApiKey = closed(
  {
    id: id("key", "the key"),
    name: text("For people."),
    scopes: nullable(Type.Array(Type.Enum([...SCOPES]), { description: "What it may do. Null: all." })),
    rate_per_second: nullable(
      Type.Integer({ description: "Requests that it may make in a second. Null: the installation's rate." }),
    ),
    created_at: time("When it was created."),
    expires_at: nullable(time("From then on it opens nothing. Null: it does not end by itself.")),
    last_used_at: nullable(time("To the minute or so. Null: never.")),
  },
  "What a tenant's own programs show to be let in.",
);

const NewApiKey = closed(
  { ...ApiKey.properties, key: text("The key itself: it is shown this once.") },
  "A key that was just made.",
);

const ONE = "/v1/tenants/:tenant";

export const tenants: OperationGroup = {
  name: "Tenants",
  description: "Whose events and endpoints there are, and the keys of their programs.",
  schemas: { Tenant, ApiKey, NewApiKey },
  operations: {
    "POST /v1/tenants": { id: "createTenant", summary: "Create a tenant", answers: { 201: Tenant } },
    "GET /v1/tenants": { id: "listTenants", summary: "List tenants", answers: { 200: pageOf(Tenant) } },
    [`GET ${ONE}`]: { id: "getTenant", summary: "Get a tenant", answers: { 200: Tenant } },
    [`PATCH ${ONE}`]: { id: "updateTenant", summary: "Change a tenant", answers: { 200: Tenant } },
    [`DELETE ${ONE}`]: {
      id: "deleteTenant",
      summary: "Delete a tenant, and erase everything that was its",
      answers: { 204: null },
    },
    [`POST ${ONE}/keys`]: { id: "createKey", summary: "Make an API key", answers: { 201: NewApiKey } },
    [`GET ${ONE}/keys`]: { id: "listKeys", summary: "List API keys", answers: { 200: pageOf(ApiKey) } },
    [`DELETE ${ONE}/keys/:key`]: {
      id: "revokeKey",
      summary: "Revoke an API key, at once",
      answers: { 204: null },
    },
  },
};
