import { escapedPointerPart, unescapedPointerPart } from "../json-pointer.ts";
import { TYPE_NAMES } from "../json-schema/type-names.ts";
import { Problem, type WrongMember } from "../problem.ts";

/** What a validator says of one place, as far as it is read here. */
export interface SchemaError {
  readonly keyword: string;
  readonly instancePath?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** How many wrong members an answer names. */
export const WRONG_MEMBERS_MAX = 20;

// Members whose value is never repeated: it is a credential, or may be one (invariant 12).
const NEVER_REPEATED = /^\/(secret|headers|settings|metadata)\b/;
const TEXT_REPEATED_LENGTH_MAX = 40;

/** Turns what a validator says of a body or a query into the Problem that names each wrong member. */
export function schemaProblem(
  errors: readonly SchemaError[],
  part: "body" | "query",
  value: unknown,
): Problem {
  const seen = new Set<string>();
  const wrong = errors
    .filter((error) => isTelling(error, errors))
    .flatMap((error) => wrongMembers(error, value))
    // The first rule that a value breaks says enough.
    .filter(({ pointer }) => !seen.has(pointer) && seen.add(pointer))
    .slice(0, WRONG_MEMBERS_MAX)
    .map(({ pointer, detail }) => ({
      pointer: part === "query" ? pointer.replace(/^\//, "?") : pointer,
      detail,
    }));
  const where = part === "query" ? "Query parameters are" : "Members of the body are";
  return new Problem("invalid_request", `${where} not as they must be.`, wrong);
}

// A member that may be null fails both as what it is and as null: only the former helps.
function isTelling({ keyword, params, instancePath }: SchemaError, errors: readonly SchemaError[]): boolean {
  if (keyword === "anyOf" || keyword === "boolean") {
    return false;
  }
  const isNullBranch = keyword === "type" && params.type === "null";
  return (
    !isNullBranch || !errors.some((other) => other.instancePath === instancePath && other.params !== params)
  );
}

function wrongMembers(
  { keyword, instancePath = "", params }: SchemaError,
  value: unknown,
): readonly WrongMember[] {
  if (keyword === "required") {
    return namesIn(params.requiredProperties).map((name) => ({
      pointer: `${instancePath}/${escaped(name)}`,
      detail: "is missing",
    }));
  }
  if (keyword === "additionalProperties") {
    return namesIn(params.additionalProperties).map((name) => ({
      pointer: `${instancePath}/${escaped(name)}`,
      detail: "is not a name that is known here",
    }));
  }
  const got = describe(valueAt(value, instancePath), NEVER_REPEATED.test(instancePath));
  return [{ pointer: instancePath, detail: `must ${ruleOf(keyword, params)}, got ${got}` }];
}

function ruleOf(keyword: string, params: Readonly<Record<string, unknown>>): string {
  const limit = String(params.limit);
  switch (keyword) {
    case "type":
      return `be ${TYPE_NAMES[String(params.type)] ?? String(params.type)}`;
    case "enum":
      return `be one of ${namesIn(params.allowedValues).join(", ")}`;
    case "minimum":
      return `be at least ${limit}`;
    case "maximum":
      return `be at most ${limit}`;
    case "minLength":
      return `have at least ${limit} characters`;
    case "maxLength":
      return `have at most ${limit} characters`;
    case "minItems":
      return `have at least ${limit} items`;
    case "maxItems":
      return `have at most ${limit} items`;
    case "maxProperties":
      return `have at most ${limit} members`;
    default:
      return "be of another form";
  }
}

/** Describes a refused value; longer texts, and what may be secret, only by kind and length. */
function describe(value: unknown, isSecret: boolean): string {
  switch (typeof value) {
    case "string":
      return isSecret || value.length > TEXT_REPEATED_LENGTH_MAX
        ? `a text of ${value.length} characters`
        : JSON.stringify(value);
    case "number":
    case "boolean":
      return isSecret ? `a ${typeof value}` : String(value);
    case "object":
      if (value === null) {
        return "null";
      }
      return Array.isArray(value) ? `an array of ${value.length} items` : "an object";
    default:
      return "nothing";
  }
}

function valueAt(value: unknown, pointer: string): unknown {
  let at = value;
  for (const part of pointer.split("/").slice(1)) {
    const name = unescapedPointerPart(part);
    at = typeof at === "object" && at !== null ? Reflect.get(at, name) : undefined;
  }
  return at;
}

function namesIn(names: unknown): readonly string[] {
  return Array.isArray(names) ? names.map(String) : [];
}

function escaped(name: string): string {
  const short =
    name.length <= TEXT_REPEATED_LENGTH_MAX ? name : `${name.slice(0, TEXT_REPEATED_LENGTH_MAX)}…`;
  return escapedPointerPart(short);
}
