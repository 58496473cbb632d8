import { instantOrNull, type JsonSchema, type TypeOf } from "../json-schema.ts";

/** Whom and where an operational event is about. It never carries a payload, a secret or a whole URL. */
const about = {
  tenant_id: { type: "string" },
  endpoint_id: { type: "string" },
  contract: { type: "string" },
  url_host: { type: "string", description: "Host and port of the endpoint's URL; its path may be a secret." },
} as const satisfies Readonly<Record<string, JsonSchema>>;

const reason = {
  type: "string",
  description: "A stable code.",
  examples: ["failing_for_too_long", "status_410", "by_request", "status_503", "timeout_headers"],
} as const satisfies JsonSchema;

const endpointDisabled = {
  type: "object",
  properties: { ...about, reason, failing_since: instantOrNull },
  required: ["tenant_id", "endpoint_id", "contract", "url_host", "reason", "failing_since"],
} as const satisfies JsonSchema;

const endpointHeld = {
  type: "object",
  properties: {
    ...about,
    reason,
    held_since: { type: "string", format: "date-time" },
    needs_attention: { type: "boolean", description: "Nothing is sent until a person does something." },
    next_probe_at: instantOrNull,
  },
  required: [
    "tenant_id",
    "endpoint_id",
    "contract",
    "url_host",
    "reason",
    "held_since",
    "needs_attention",
    "next_probe_at",
  ],
} as const satisfies JsonSchema;

const endpointRecovered = {
  type: "object",
  properties: { ...about, held_since: { type: "string", format: "date-time" } },
  required: ["tenant_id", "endpoint_id", "contract", "url_host", "held_since"],
} as const satisfies JsonSchema;

const deliveryDead = {
  type: "object",
  properties: {
    ...about,
    reason,
    attempts: { type: "integer", description: "Requests made, the last one included." },
    event_ids: {
      type: "array",
      items: { type: "string" },
      description: "One, or all of a batch.",
    },
  },
  required: ["tenant_id", "endpoint_id", "contract", "url_host", "reason", "attempts", "event_ids"],
} as const satisfies JsonSchema;

/** The schemas of operational events, by type: each describes the event's `data`. */
export const operationalSchemas = {
  "endpoint.disabled": endpointDisabled,
  "endpoint.held": endpointHeld,
  "endpoint.recovered": endpointRecovered,
  "delivery.dead": deliveryDead,
} as const satisfies Readonly<Record<string, JsonSchema>>;

/** The data of operational events, by type. */
export type OperationalData = {
  readonly [Type in keyof typeof operationalSchemas]: TypeOf<(typeof operationalSchemas)[Type]>;
};
