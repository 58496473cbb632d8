import { type JsonSchema, type TypeOf, textOrNull } from "../json-schema.ts";

const flagOrNull = { type: ["boolean", "null"] } as const satisfies JsonSchema;
const numberOrTextOrNull = { type: ["number", "string", "null"] } as const satisfies JsonSchema;

const customer = {
  type: "object",
  description: "At least one of bhid, shopid and email is there.",
  properties: {
    bhid: textOrNull,
    shopid: textOrNull,
    email: textOrNull,
    first_name: textOrNull,
    last_name: textOrNull,
    full_name: textOrNull,
  },
} as const satisfies JsonSchema;

/** Any map holds other names as well, with and without the prefix: tenants add their own. */
const customerProps = {
  type: ["object", "null"],
  properties: {
    BH_Points_Balance: numberOrTextOrNull,
    BH_Points_NextExpiration_Amount: numberOrTextOrNull,
    BH_Points_NextExpiration_Date: textOrNull,
    BH_Tier: textOrNull,
    BH_MagicLink: {
      type: ["string", "null"],
      description: "A credential: it logs the customer in. Keep it out of logs.",
    },
  },
  additionalProperties: true,
} as const satisfies JsonSchema;

const segmentProps = {
  type: ["object", "null"],
  properties: {
    BH_Source: textOrNull,
    BH_Tier: { type: ["string", "null"], description: "Of Tier Reached: the new tier." },
    BH_Achievement: textOrNull,
    BH_Channel: textOrNull,
    BH_HasCoupon: {},
  },
  additionalProperties: true,
} as const satisfies JsonSchema;

const extraProps = {
  type: ["object", "null"],
  properties: {
    BH_Points: numberOrTextOrNull,
    BH_Reward_Coupon: textOrNull,
    BH_Sender_FirstName: textOrNull,
    BH_Sender_Email: textOrNull,
    BH_Link: textOrNull,
  },
  additionalProperties: true,
} as const satisfies JsonSchema;

const members = {
  customer,
  customer_props: customerProps,
  segment_props: segmentProps,
  extra_props: extraProps,
  new_user: flagOrNull,
  referred_user: flagOrNull,
  customer_only: flagOrNull,
} as const satisfies Readonly<Record<string, JsonSchema>>;

const event = { type: "object", properties: members, required: ["customer"] } as const satisfies JsonSchema;

const profile = {
  type: "object",
  description: "Brings the customer's properties up to date; nothing happened.",
  properties: { ...members, customer_only: { const: true } },
  required: ["customer", "customer_only"],
} as const satisfies JsonSchema;

/**
 * The schemas of Bubblehouse's events, by the name a `switch` uses: each describes what stands beside
 * `bhid`, `time` and `name`.
 *
 * All are alike: the vendor does not bind properties to names.
 */
export const bubblehouseSchemas = {
  "Points Updated": event,
  "Points Earned": event,
  "Points Redeemed": event,
  "Points Expired": event,
  "Tier Reached": event,
  "Achievement Unlocked": event,
  "Vendible Redeemed": event,
  "Referral Approved (Sender)": event,
  "Referral Approved (Receiver)": event,
  "Referred (Receiver)": event,
  Birthday: event,
  Anniversary: event,
  customer_only: profile,
} as const satisfies Readonly<Record<string, JsonSchema>>;

/** The data of Bubblehouse's events, by the name a `switch` uses. */
export type BubblehouseData = {
  readonly [Type in keyof typeof bubblehouseSchemas]: TypeOf<(typeof bubblehouseSchemas)[Type]>;
};

/**
 * Makes the schema of the input of `SendEvent1` for an event of any name.
 *
 * @example
 * ```ts
 * bubblehouseInputSchema().required; // ["bhid", "time", "name", "customer"]
 * ```
 */
export function bubblehouseInputSchema(): JsonSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "SendEvent1",
    type: "object",
    properties: {
      bhid: { type: "string", pattern: "^[0-9a-f]{16}$" },
      time: { type: "string", format: "date-time" },
      name: { type: "string" },
      ...members,
    },
    required: ["bhid", "time", "name", "customer"],
  };
}
