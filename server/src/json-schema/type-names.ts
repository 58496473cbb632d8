/** The names of JSON Schema for the types of values, in words that follow "must be". */
export const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "a text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  object: "an object",
  array: "an array",
  null: "null",
};

/** Names the kind of a value of JSON. */
export function kindOf(value: unknown): string {
  switch (typeof value) {
    case "boolean":
      return "a boolean";
    case "object":
      return value === null ? "null" : Array.isArray(value) ? "an array" : "an object";
    default:
      return TYPE_NAMES[typeof value] ?? "nothing";
  }
}
