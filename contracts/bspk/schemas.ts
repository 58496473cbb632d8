import { instantOrNull, type JsonSchema, type TypeOf, textOrNull } from "../json-schema.ts";

const id = { type: "integer", description: "BSPK's own id." } as const satisfies JsonSchema;
const flagOrNull = { type: ["boolean", "null"] } as const satisfies JsonSchema;

const reference = {
  type: ["object", "null"],
  properties: {
    external_id: textOrNull,
    ref: textOrNull,
  },
} as const satisfies JsonSchema;

const address = {
  type: "object",
  properties: {
    address: textOrNull,
    address_2: textOrNull,
    address_3: textOrNull,
    address_4: textOrNull,
    city: textOrNull,
    state: textOrNull,
    zip: textOrNull,
    country_code: { type: ["string", "null"], description: "Two letters or three: both occur." },
  },
} as const satisfies JsonSchema;

const preference = {
  type: "object",
  properties: {
    name: { type: "string" },
    value: { type: ["array", "null"], items: { type: "string" } },
  },
  required: ["name"],
} as const satisfies JsonSchema;

/** What a client and a shopper have in common. The vendor sends null for what has no value. */
const person = {
  first_name: textOrNull,
  last_name: textOrNull,
  alternate_first_name: textOrNull,
  alternate_last_name: textOrNull,
  title: textOrNull,
  email: { type: ["string", "null"], description: "Empty stands for none, as null does." },
  mobile_phone: textOrNull,
  other_phone: textOrNull,
  birthday: { type: ["string", "null"], description: "YYYY-MM-DD." },
  gender: { type: ["string", "null"], examples: ["F", "M", "NB"] },
  nationality: textOrNull,
  passport_number: { type: ["string", "null"], description: "Keep it out of logs." },
  language: textOrNull,
  addresses: { type: ["array", "null"], items: address },
  current_store: reference,
  current_sales_associate: reference,
  preferred_contact_channel: {
    type: ["string", "null"],
    description: "Open. One page spells whatsapp whastapp.",
    examples: ["chat", "email", "line", "whatsapp", "wechat", "call"],
  },
  communication_preferences: {
    type: ["object", "null"],
    properties: {
      chat_opt_in: flagOrNull,
      email_opt_in: flagOrNull,
      phone_opt_in: flagOrNull,
      whatsapp_opt_in: flagOrNull,
      wechat_opt_in: flagOrNull,
      line_opt_in: flagOrNull,
      opt_out: flagOrNull,
    },
  },
  consent: flagOrNull,
  notify_of_new_collection: flagOrNull,
  preferences: { type: ["array", "null"], items: preference },
  interests: { type: ["array", "null"], items: { type: "string" } },
  preferred_journey: textOrNull,
  segment: textOrNull,
  referred_by_client_id: { type: ["string", "null"], description: "Your own id of that client, not BSPK's." },
  referred_at: instantOrNull,
  last_contacted_at: instantOrNull,
  created_at: instantOrNull,
  updated_at: instantOrNull,
} as const satisfies Readonly<Record<string, JsonSchema>>;

const shopper = {
  type: "object",
  properties: { id, ref: textOrNull, ...person },
  required: ["id"],
} as const satisfies JsonSchema;

const client = {
  type: "object",
  deprecated: true,
  properties: { id, external_id: textOrNull, ...person },
  required: ["id"],
} as const satisfies JsonSchema;

const importRemarks = {
  type: ["array", "null"],
  items: {
    type: "object",
    properties: {
      line: { type: "integer" },
      err_msg: { type: ["array", "string", "null"], items: { type: "string" } },
    },
  },
} as const satisfies JsonSchema;

const fileImport = {
  type: "object",
  properties: {
    id,
    status: { type: ["string", "null"], examples: ["completed", "error"] },
    started_at: instantOrNull,
    finished_at: instantOrNull,
    file_name: textOrNull,
    s3_bucket_name: textOrNull,
    processed_rows_count: { type: ["integer", "null"] },
    error_rows_count: { type: ["integer", "null"] },
    errors: importRemarks,
    warnings: importRemarks,
  },
  required: ["id"],
} as const satisfies JsonSchema;

const cart = {
  type: "object",
  description: "Its members are not known to us, but for the id, which is presumed.",
  properties: { id: { type: ["integer", "string", "null"] } },
  additionalProperties: true,
} as const satisfies JsonSchema;

const metafield = {
  type: "object",
  description: "Its members are those of the vendor's REST resource; the event's own are not known to us.",
  properties: {
    id: { type: ["integer", "null"] },
    namespace: textOrNull,
    key: textOrNull,
    value: textOrNull,
    value_type: {
      type: ["string", "null"],
      examples: ["single_line_text_field", "boolean", "date"],
    },
    is_list: flagOrNull,
    json_value: {},
    owner_type: textOrNull,
    owner_ref: textOrNull,
    created_at: instantOrNull,
    updated_at: instantOrNull,
  },
  additionalProperties: true,
} as const satisfies JsonSchema;

/** The schemas of BSPK's events, by type: each describes the payload's `object`. */
export const bspkSchemas = {
  "shopper.created": shopper,
  "shopper.updated": shopper,
  "shopper.deleted": shopper,
  "client.created": client,
  "client.updated": client,
  "client.deleted": client,
  "file_import.finished": fileImport,
  "cart.created": cart,
  "metafield.created": metafield,
  "metafield.updated": metafield,
  "metafield.deleted": metafield,
} as const satisfies Readonly<Record<string, JsonSchema>>;

/** The data of BSPK's events, by type. */
export type BspkData = {
  readonly [Type in keyof typeof bspkSchemas]: TypeOf<(typeof bspkSchemas)[Type]>;
};

/**
 * Makes the schema of the whole payload of a type.
 *
 * @example
 * ```ts
 * bspkPayloadSchema("shopper.created").required; // ["event_name", "object"]
 * ```
 */
export function bspkPayloadSchema(type: keyof typeof bspkSchemas): JsonSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: type,
    type: "object",
    properties: { event_name: { const: type }, object: bspkSchemas[type] },
    required: ["event_name", "object"],
  };
}
