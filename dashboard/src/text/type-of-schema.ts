/** A JSON Schema as a type of TypeScript, for whoever writes a receiver. */

export type Schema = Readonly<Record<string, unknown>>;

/** Objects within objects: whoever nests deeper reads the schema. */
const DEPTH_MAX = 12;

interface Writing {
  /** Of the whole schema, where references lead. */
  readonly root: unknown;
  /** Declared so far, by reference; undefined while it is written. */
  readonly declared: Map<string, string | undefined>;
}

/** Says what events of a type carry. What a type cannot say, such as a pattern, is left out. */
export function typeOfSchema(name: string, schema: unknown): string {
  const writing: Writing = { root: schema, declared: new Map() };
  const main = `${docOf(schema, 0)}export type ${typeName(name)} = ${typeText(schema, writing, 0)};`;
  const others = [...writing.declared].map(([reference, text]) => {
    return `type ${typeName(nameIn(reference))} = ${text ?? "unknown"};`;
  });
  return [main, ...others].join("\n\n");
}

function typeText(schema: unknown, writing: Writing, depth: number): string {
  if (schema === false) {
    return "never";
  }
  if (!isSchema(schema) || depth > DEPTH_MAX) {
    return "unknown";
  }
  const reference = schema["$ref"];
  if (typeof reference === "string") {
    return referred(reference, writing, depth);
  }
  if (schema["const"] !== undefined) {
    return literal(schema["const"]);
  }
  if (Array.isArray(schema["enum"])) {
    return schema["enum"].map(literal).join(" | ");
  }
  for (const [keyword, sign] of COMBINED) {
    const parts = schema[keyword];
    if (Array.isArray(parts) && parts.length > 0) {
      const texts = new Set(parts.map((part) => typeText(part, writing, depth)));
      const isEach = keyword === "allOf" && texts.size > 1;
      return [...texts].map((text) => (isEach ? grouped(text) : text)).join(sign);
    }
  }
  const { type } = schema;
  const types: readonly unknown[] = Array.isArray(type) ? type : [type ?? guessed(schema)];
  return types.map((one) => typeNamed(one, schema, { writing, depth })).join(" | ");
}

const COMBINED = [
  ["anyOf", " | "],
  ["oneOf", " | "],
  ["allOf", " & "],
] as const;

function typeNamed(
  type: unknown,
  schema: Schema,
  { writing, depth }: { readonly writing: Writing; readonly depth: number },
): string {
  switch (type) {
    case "string":
    case "boolean":
    case "null":
      return type;
    case "integer":
    case "number":
      return "number";
    case "array": {
      const { items, prefixItems } = schema;
      if (Array.isArray(prefixItems)) {
        const rest = items === false ? [] : [`...${arrayOf(typeText(items, writing, depth))}`];
        return `[${[...prefixItems.map((item) => typeText(item, writing, depth)), ...rest].join(", ")}]`;
      }
      return arrayOf(typeText(items, writing, depth));
    }
    case "object":
      return objectText(schema, writing, depth);
    default:
      return "unknown";
  }
}

function objectText(schema: Schema, writing: Writing, depth: number): string {
  const { properties, required, additionalProperties } = schema;
  const members = isSchema(properties) ? Object.entries(properties) : [];
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  const indent = "  ".repeat(depth + 1);
  const lines = members.map(([name, member]) => {
    const key = `${memberName(name)}${needed.includes(name) ? "" : "?"}`;
    return `${docOf(member, depth + 1)}${indent}${key}: ${typeText(member, writing, depth + 1)};`;
  });
  if (isSchema(additionalProperties)) {
    const text = members.length === 0 ? typeText(additionalProperties, writing, depth + 1) : "unknown";
    lines.push(`${indent}[name: string]: ${text};`);
  } else if (members.length === 0) {
    return additionalProperties === false ? "Record<string, never>" : "Record<string, unknown>";
  }
  return `{\n${lines.join("\n")}\n${"  ".repeat(depth)}}`;
}

function referred(reference: string, writing: Writing, depth: number): string {
  const schema = followed(reference, writing.root);
  if (schema === undefined || depth > DEPTH_MAX) {
    return "unknown";
  }
  if (!writing.declared.has(reference)) {
    writing.declared.set(reference, undefined);
    writing.declared.set(reference, typeText(schema, writing, 0));
  }
  return typeName(nameIn(reference));
}

/** Follows a reference within the schema: `#/$defs/address`. */
export function followed(reference: string, root: unknown): unknown {
  if (!reference.startsWith("#/")) {
    return undefined;
  }
  return reference
    .slice(2)
    .split("/")
    .map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>((at, part) => (isSchema(at) ? at[part] : undefined), root);
}

function nameIn(reference: string): string {
  return reference.split("/").at(-1) ?? "";
}

function docOf(schema: unknown, depth: number): string {
  const description = isSchema(schema) ? schema["description"] : undefined;
  if (typeof description !== "string" || description === "") {
    return "";
  }
  return `${"  ".repeat(depth)}/** ${description.replaceAll("*/", "* /").replaceAll(/\s+/g, " ")} */\n`;
}

/** `invoice.paid` is `InvoicePaid`. */
function typeName(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const joined = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
  return /^[A-Za-z]/.test(joined) ? joined : `Type${joined}`;
}

function memberName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function literal(value: unknown): string {
  return JSON.stringify(value);
}

function arrayOf(text: string): string {
  return `${grouped(text)}[]`;
}

function grouped(text: string): string {
  return / [|&] /.test(text) && !text.startsWith("{") ? `(${text})` : text;
}

function guessed(schema: Schema): string | undefined {
  return isSchema(schema["properties"]) ? "object" : schema["items"] === undefined ? undefined : "array";
}

export function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
