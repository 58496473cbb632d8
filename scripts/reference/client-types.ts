import { asList, asObject } from "../house-rules/tree.ts";

/** Writes the TypeScript type of a schema, as it stands behind a name and a colon at this depth. */
export function typeOf(schema: unknown, depth = 0): string {
  const given = asObject(schema);
  if (typeof given["$ref"] === "string") {
    return given["$ref"].slice(given["$ref"].lastIndexOf("/") + 1);
  }
  const { anyOf, enum: values, const: value } = given;
  if (anyOf !== undefined) {
    return asList(anyOf)
      .map((choice) => typeOf(choice, depth))
      .join(" | ");
  }
  if (values !== undefined) {
    return unionOf(
      asList(values).map((one) => JSON.stringify(one)),
      depth,
    );
  }
  if (value !== undefined) {
    return JSON.stringify(value);
  }
  switch (given["type"]) {
    case "string":
    case "boolean":
    case "null":
      return given["type"];
    case "integer":
    case "number":
      return "number";
    case "array": {
      const item = typeOf(given["items"], depth);
      const end = item.startsWith("\n") ? `\n${"  ".repeat(depth)}` : "";
      return item.includes("|") ? `readonly (${item}${end})[]` : `readonly ${item}[]`;
    }
    case "object":
      return objectType(given, depth);
    default:
      return "unknown";
  }
}

const UNION_WIDTH = 60;

/** What is long stands below one another. */
function unionOf(choices: readonly string[], depth: number): string {
  const union = choices.join(" | ");
  const indent = "  ".repeat(depth + 1);
  return union.length <= UNION_WIDTH ? union : choices.map((choice) => `\n${indent}| ${choice}`).join("");
}

function objectType(given: Readonly<Record<string, unknown>>, depth: number): string {
  const properties = Object.entries(asObject(given["properties"]));
  if (properties.length > 0) {
    return `{\n${membersOf(given, depth + 1)}${"  ".repeat(depth)}}`;
  }
  const [values = {}] = Object.values(asObject(given["patternProperties"]));
  return `Readonly<Record<string, ${typeOf(values, depth)}>>`;
}

/** Writes the members of an object's type, a line each. */
export function membersOf(schema: unknown, depth: number): string {
  const { properties, required } = asObject(schema);
  const indent = "  ".repeat(depth);
  return Object.entries(asObject(properties))
    .map(([name, member]) => {
      const type = typeOf(member, depth);
      const isThere = asList(required).includes(name);
      const rest = isThere ? `: ${type}` : type === "unknown" ? "?: unknown" : `?: ${type} | undefined`;
      const line = `${indent}readonly ${name}${rest};\n`;
      return `${commentOf(describedBy(member), indent)}${line.replaceAll(": \n", ":\n")}`;
    })
    .join("");
}

/** What a schema says of itself, or what it may be but for null. */
function describedBy(schema: unknown): string | undefined {
  const { description, anyOf } = asObject(schema);
  if (typeof description === "string") {
    return description;
  }
  const [first] = asList(anyOf);
  return first === undefined ? undefined : describedBy(first);
}

const WIDTH = 110;

/** Writes a comment for people, above what it is about. */
export function commentOf(text: string | undefined, indent: string): string {
  if (text === undefined) {
    return "";
  }
  const line = `${indent}/** ${text} */\n`;
  if (line.length <= WIDTH) {
    return line;
  }
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && indent.length + last.length + word.length + 4 <= WIDTH) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return `${indent}/**\n${lines.map((each) => `${indent} * ${each}\n`).join("")}${indent} */\n`;
}
