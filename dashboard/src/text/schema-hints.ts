import type { JsonPlace } from "./json-place.ts";
import { followed, isSchema, type Schema } from "./type-of-schema.ts";

/** What could be written at a place of a JSON text. */
export interface SchemaHint {
  /** As JSON has it: a name in quotes, or a value. */
  readonly literal: string;
  /** Its type, and whether it must be there. */
  readonly detail: string;
  readonly description: string | undefined;
  readonly isRequired: boolean;
}

const HINTS_MAX = 500;

/** Says what a schema knows of a place: names of members that are not there yet, or values of a choice. */
export function schemaHints(schema: unknown, { path, wants, taken }: JsonPlace): readonly SchemaHint[] {
  let here = spread(schema, schema);
  for (const step of path) {
    here = here.flatMap((one) => spread(stepped(one, step), schema));
  }
  const hints = new Map<string, SchemaHint>();
  for (const one of here) {
    for (const hint of wants === "name" ? namesIn(one, schema) : valuesIn(one)) {
      if (hints.size < HINTS_MAX && !hints.has(hint.literal)) {
        hints.set(hint.literal, hint);
      }
    }
  }
  return [...hints.values()].filter(({ literal }) => wants === "value" || !taken.has(nameOf(literal)));
}

function nameOf(literal: string): string {
  return String(JSON.parse(literal));
}

/** A schema with all that it refers to and chooses from, each once: a schema may refer to itself. */
function spread(schema: unknown, root: unknown, seen = new Set<Schema>()): readonly Schema[] {
  if (!isSchema(schema) || seen.has(schema)) {
    return [];
  }
  seen.add(schema);
  const { $ref: reference, allOf, anyOf, oneOf, then, else: otherwise } = schema;
  const others = [allOf, anyOf, oneOf].flatMap((each) => listIn(each));
  const referred =
    reference === "#" ? root : typeof reference === "string" ? followed(reference, root) : undefined;
  return [schema, ...[referred, then, otherwise, ...others].flatMap((each) => spread(each, root, seen))];
}

function stepped(schema: Schema, step: string | number): unknown {
  const { properties, additionalProperties, prefixItems, items } = schema;
  if (typeof step === "string") {
    return isSchema(properties) && Object.hasOwn(properties, step) ? properties[step] : additionalProperties;
  }
  return Array.isArray(prefixItems) && step < prefixItems.length ? prefixItems[step] : items;
}

function namesIn({ properties, required }: Schema, root: unknown): readonly SchemaHint[] {
  const needed = listIn(required);
  return (isSchema(properties) ? Object.entries(properties) : []).map(([name, member]) => {
    const isRequired = needed.includes(name);
    const types = new Set(spread(member, root).flatMap(({ type }) => typesIn(type)));
    return {
      literal: JSON.stringify(name),
      detail: [[...types].join(" or "), ...(isRequired ? ["required"] : [])].join(" "),
      description: descriptionOf(member),
      isRequired,
    };
  });
}

function valuesIn(schema: Schema): readonly SchemaHint[] {
  const { type, enum: choices, const: only } = schema;
  const types = typesIn(type);
  const values = [
    ...listIn(choices),
    ...(only === undefined ? [] : [only]),
    ...(types.includes("boolean") ? [true, false] : []),
    ...(types.includes("null") ? [null] : []),
  ];
  return values.map((value) => ({
    literal: JSON.stringify(value),
    detail: "",
    description: descriptionOf(schema),
    isRequired: false,
  }));
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function typesIn(type: unknown): readonly string[] {
  return (Array.isArray(type) ? listIn(type) : [type]).filter((one) => typeof one === "string");
}

function descriptionOf(schema: unknown): string | undefined {
  const description = isSchema(schema) ? schema["description"] : undefined;
  return typeof description === "string" && description !== "" ? description : undefined;
}
