const TYPES = ["object", "array", "string", "integer", "number", "boolean", "null"];
const FORMATS = ["date-time", "date", "time", "email", "uri", "uuid", "ipv4", "ipv6", "hostname"];

const schema = { $ref: "#" } as const;
const schemas = { type: "array", items: schema } as const;
const named = { type: "object", additionalProperties: schema } as const;
const number = { type: "number" } as const;
const text = { type: "string" } as const;
const yes = { type: "boolean" } as const;

/** What a JSON Schema may say of an event's data, as a schema: offered to whoever writes one. */
export const WORDS_OF_SCHEMAS = {
  type: "object",
  properties: {
    type: { enum: TYPES, description: "What it is; a list of them: one of these." },
    description: { ...text, description: "For people: it stands in the catalogue and in the type." },
    properties: { ...named, description: "What members it may have, each with its schema." },
    required: { type: "array", items: text, description: "The names of members that must be there." },
    additionalProperties: {
      anyOf: [yes, schema],
      description: "Of members that are not named; false: none.",
    },
    items: { ...schema, description: "Of each item of a list." },
    prefixItems: { ...schemas, description: "Of the first items, each its own." },
    enum: { type: "array", description: "One of these values." },
    const: { description: "This value." },
    format: { enum: FORMATS, description: "What a text says." },
    pattern: { ...text, description: "A regular expression that a text has somewhere." },
    minLength: number,
    maxLength: number,
    minimum: number,
    maximum: number,
    exclusiveMinimum: number,
    exclusiveMaximum: number,
    multipleOf: number,
    minItems: number,
    maxItems: number,
    uniqueItems: yes,
    anyOf: { ...schemas, description: "At least one of these." },
    oneOf: { ...schemas, description: "Exactly one of these." },
    allOf: { ...schemas, description: "All of these." },
    not: { ...schema, description: "Not this." },
    $defs: { ...named, description: "Schemas that others refer to." },
    $ref: { ...text, description: "A schema within this one: #/$defs/address." },
    title: text,
    examples: { type: "array" },
    default: {},
    deprecated: yes,
  },
} as const;
