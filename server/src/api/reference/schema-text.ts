/** What a page says of a schema, as the API's description has them. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
}

const REFERENCE = "#/components/schemas/";

/** The name of a shape that is described apart; undefined: it is described where it stands. */
export function shapeNameOf({ $ref }: Schema): string | undefined {
  return $ref?.startsWith(REFERENCE) === true ? $ref.slice(REFERENCE.length) : undefined;
}

/** What else than null a schema takes, and whether it takes that. */
export function withoutNull(schema: Schema): {
  readonly schemas: readonly Schema[];
  readonly isNullable: boolean;
} {
  const all = schema.anyOf ?? [schema];
  const schemas = all.filter(({ type }) => type !== "null");
  return { schemas, isNullable: schemas.length < all.length };
}

/** Names a schema's kind in a few words, shapes by their names: `array of Endpoint, or null`. */
export function kindOf(schema: Schema): string {
  const { schemas, isNullable } = withoutNull(schema);
  const kinds = schemas.map(kindOfOne);
  return [...new Set(kinds), ...(isNullable ? ["null"] : [])].join(", or ");
}

function kindOfOne(schema: Schema): string {
  const { type, format, items, enum: values, const: value } = schema;
  const name = shapeNameOf(schema);
  if (name !== undefined) {
    return name;
  }
  if (schema.anyOf !== undefined) {
    return kindOf(schema);
  }
  if (value !== undefined || values !== undefined) {
    return (values ?? [value]).map((each) => JSON.stringify(each)).join(" | ");
  }
  if (type === "array") {
    return `array of ${items === undefined ? "anything" : kindOf(items)}`;
  }
  if (format === "date-time") {
    return "time";
  }
  return type ?? "anything";
}

/** Says a schema's limits: `1 to 128 characters`. Empty: it has none. */
export function limitsOf(schema: Schema): string {
  const texts = withoutNull(schema).schemas.flatMap((each) => [
    range(each.minLength, each.maxLength, "characters"),
    range(each.minimum, each.maximum, ""),
    range(each.minItems, each.maxItems, "items"),
    range(undefined, each.maxProperties, "members"),
  ]);
  return texts.filter((text) => text !== "").join("; ");
}

function range(least: number | undefined, most: number | undefined, unit: string): string {
  if (least === undefined && most === undefined) {
    return "";
  }
  const span =
    most === undefined ? `${least} or more` : least === undefined ? `at most ${most}` : `${least} to ${most}`;
  return unit === "" ? span : `${span} ${unit}`;
}

// What stands for text whose name says more than its kind does.
const EXAMPLES: Readonly<Record<string, unknown>> = {
  url: "https://example.com/hooks",
  name: "Acme",
  type: "invoice.paid",
  data: { id: 42, amount: "199.00" },
  since: "2026-01-01T00:00:00Z",
  endpoint: "ep_…",
};

/** Makes the smallest value that a schema takes, to be shown. */
export function exampleOf(schema: Schema, shapes: Readonly<Record<string, Schema>>, name = ""): unknown {
  const shape = shapeNameOf(schema);
  const [one = schema] = withoutNull((shape === undefined ? undefined : shapes[shape]) ?? schema).schemas;
  if (one !== schema && one.$ref !== undefined) {
    return exampleOf(one, shapes, name);
  }
  if (one.properties !== undefined) {
    const required = (one.required ?? []).flatMap((member) => {
      const of = one.properties?.[member];
      return of === undefined ? [] : [[member, exampleOf(of, shapes, member)]];
    });
    return Object.fromEntries(required);
  }
  return Object.hasOwn(EXAMPLES, name) ? EXAMPLES[name] : plainExampleOf(one);
}

function plainExampleOf({ type, format, minimum = 1, enum: values, const: value }: Schema): unknown {
  switch (type) {
    case undefined:
      return value ?? values?.[0] ?? {};
    case "boolean":
      return true;
    case "integer":
    case "number":
      return minimum;
    case "array":
      return [];
    case "string":
      return format === "date-time" ? EXAMPLES["since"] : (value ?? "…");
    default:
      return {};
  }
}
