import { type JsonSchema, type TypeOf, textOrNull } from "../json-schema.ts";

const anyOrNull = {} as const satisfies JsonSchema;
const numberOrNull = { type: ["number", "null"] } as const satisfies JsonSchema;
const token = {
  type: ["string", "null"],
  description: "A credential: it opens the customer's form. Keep it out of logs.",
} as const satisfies JsonSchema;

/** Open, although the vendor lists these. */
const status = {
  type: ["string", "null"],
  examples: ["pending", "approved", "rejected", "archived"],
} as const satisfies JsonSchema;

/** May stand in the data of any type, and is then the event's `spektrId`. */
const anywhere = { spektr_id: textOrNull, reference: textOrNull };

/** Which run of which process an event belongs to. */
const run = {
  processType: { type: ["string", "null"], examples: ["onboarding", "monitoring", "risk", "loop"] },
  processName: textOrNull,
  processId: textOrNull,
  contextId: textOrNull,
} as const satisfies Readonly<Record<string, JsonSchema>>;

const step = {
  stepId: textOrNull,
  stepType: { type: ["string", "null"], examples: ["form", "ownershipTreeForm"] },
} as const satisfies Readonly<Record<string, JsonSchema>>;

const processRunStart = {
  type: "object",
  properties: { ...anywhere, ...run, token, parentProcessId: textOrNull, parentSpektrId: textOrNull },
} as const satisfies JsonSchema;

const loopRunStart = {
  type: "object",
  description: "The customer's own fields stand beside these.",
  properties: {
    ...anywhere,
    ...run,
    ...step,
    token,
    parentProcessId: textOrNull,
    parentSpektrId: textOrNull,
    loopHeader: textOrNull,
    loopMessage: textOrNull,
    loopUrl: token,
  },
  additionalProperties: true,
} as const satisfies JsonSchema;

const tag = {
  type: "object",
  properties: { color: textOrNull, label: textOrNull, icon: textOrNull },
} as const satisfies JsonSchema;

const processRunEnd = {
  type: "object",
  description: "The customer's own fields stand beside these.",
  properties: {
    ...anywhere,
    ...run,
    processOutput: textOrNull,
    score: { type: ["number", "null"], description: "0 where there is none." },
    customerStatus: status,
    tags: { type: ["array", "null"], items: tag },
  },
  additionalProperties: true,
} as const satisfies JsonSchema;

const serviceRun = {
  type: "object",
  properties: {
    ...anywhere,
    ...run,
    stepId: textOrNull,
    stepType: textOrNull,
    vendorType: { type: ["string", "null"], examples: ["complyAdvantageKyc", "kyckr", "hubspot"] },
    vendorData: { type: ["object", "null"], additionalProperties: true },
    vendorSearchId: textOrNull,
  },
} as const satisfies JsonSchema;

const alert = { contextId: textOrNull, processId: textOrNull, alertId: textOrNull, alertName: textOrNull };

const alertEscalated = {
  type: "object",
  properties: {
    ...anywhere,
    ...alert,
    alertType: { type: ["string", "null"], examples: ["manual_review"] },
    datasetId: textOrNull,
    status: { type: ["string", "null"], examples: ["open"] },
  },
} as const satisfies JsonSchema;

const alertResolved = {
  type: "object",
  properties: {
    ...anywhere,
    ...alert,
    userId: { type: ["string", "null"], description: "Absent where no user resolved it." },
  },
} as const satisfies JsonSchema;

const customerTag = {
  type: "object",
  properties: {
    ...anywhere,
    action: { type: ["string", "null"], examples: ["add", "remove"] },
    tagId: textOrNull,
    tagName: textOrNull,
    userId: textOrNull,
    processId: textOrNull,
  },
} as const satisfies JsonSchema;

const customerStatusChange = {
  type: "object",
  deprecated: true,
  properties: {
    ...anywhere,
    oldStatus: status,
    newStatus: status,
    customerName: textOrNull,
    userId: textOrNull,
    processId: textOrNull,
    processName: textOrNull,
  },
} as const satisfies JsonSchema;

const method = {
  type: ["object", "null"],
  properties: {
    type: { type: ["string", "null"], examples: ["process", "user", "api"] },
    processId: textOrNull,
    userId: textOrNull,
  },
} as const satisfies JsonSchema;

const customerStatusChanged = {
  type: "object",
  properties: { ...anywhere, oldStatus: status, newStatus: status, method },
} as const satisfies JsonSchema;

const customerDuplicateDetection = {
  type: "object",
  properties: {
    ...anywhere,
    processId: textOrNull,
    contextId: textOrNull,
    customerDuplicateData: {
      type: ["object", "null"],
      properties: { newRecordId: textOrNull, oldRecordId: textOrNull },
    },
  },
} as const satisfies JsonSchema;

const customerRecordUpdate = {
  type: "object",
  deprecated: true,
  description: "The fields that changed stand here by their names, with their new values.",
  properties: anywhere,
  additionalProperties: true,
} as const satisfies JsonSchema;

const customerRecordChanged = {
  type: "object",
  properties: {
    ...anywhere,
    changes: {
      type: ["array", "null"],
      items: {
        type: "object",
        properties: { fieldId: { type: "string" }, oldValue: anyOrNull, newValue: anyOrNull },
        required: ["fieldId"],
      },
    },
    method,
  },
} as const satisfies JsonSchema;

const ownershipAiCreated = {
  type: "object",
  properties: { ...anywhere, parentId: textOrNull },
} as const satisfies JsonSchema;

const ownershipAiAddedOwner = {
  type: "object",
  properties: { ...anywhere, childId: textOrNull },
} as const satisfies JsonSchema;

const clientRecordSync = {
  type: "object",
  properties: {
    ...anywhere,
    lastSyncedAt: numberOrNull,
    vendor: { type: ["string", "null"], examples: ["hubspot"] },
    objectType: { type: ["string", "null"], examples: ["hubspot contacts"] },
  },
} as const satisfies JsonSchema;

const stepEvent = {
  type: "object",
  description: "Entries of the form may stand beside these, by the keys of their fields.",
  properties: { ...anywhere, ...run, ...step, token },
  additionalProperties: true,
} as const satisfies JsonSchema;

/**
 * The schemas of spektr's events, by type: each describes the event's `data`.
 *
 * Nothing in `data` is required: the vendor's own samples leave out what its tables call a string.
 */
export const spektrSchemas = {
  process_run_start: processRunStart,
  loop_run_start: loopRunStart,
  process_run_end: processRunEnd,
  service_run: serviceRun,
  alert_escalated: alertEscalated,
  alert_resolved: alertResolved,
  customer_tag_add: customerTag,
  customer_tag_remove: customerTag,
  customer_status_change: customerStatusChange,
  customer_status_changed: customerStatusChanged,
  customer_duplicate_detection: customerDuplicateDetection,
  customer_record_update: customerRecordUpdate,
  customer_record_changed: customerRecordChanged,
  ownership_ai_created: ownershipAiCreated,
  ownership_ai_added_owner: ownershipAiAddedOwner,
  client_record_sync: clientRecordSync,
  step_init: stepEvent,
  step_submit: stepEvent,
} as const satisfies Readonly<Record<string, JsonSchema>>;

/** The data of spektr's events, by type. */
export type SpektrData = {
  readonly [Type in keyof typeof spektrSchemas]: TypeOf<(typeof spektrSchemas)[Type]>;
};

/**
 * Makes the schema of one event of a type, as it stands in a batch's `results`.
 *
 * @example
 * ```ts
 * spektrEventSchema("step_submit").title; // "step_submit"
 * ```
 */
export function spektrEventSchema(type: keyof typeof spektrSchemas): JsonSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: type,
    type: "object",
    properties: {
      id: { type: "string", minLength: 1 },
      workspaceId: textOrNull,
      eventType: { const: type },
      timestamp: { type: "integer", description: "Milliseconds since 1970." },
      spektrId: { type: "string", description: "The customer whom the event is about." },
      data: spektrSchemas[type],
    },
    required: ["id", "eventType", "timestamp", "spektrId", "data"],
  };
}
