import { readFileSync } from "node:fs";
import { UsageError } from "./usage-error.ts";

/** Reads what `-d` has: JSON, or @ and a file of it. Throws a UsageError where it is neither. */
export function givenJson(given: string): unknown {
  try {
    return JSON.parse(given.startsWith("@") ? readFileSync(given.slice(1), "utf8") : given);
  } catch (error) {
    throw new UsageError(
      `-d must be JSON, or @ and a file of it: ${error instanceof Error ? error.message : ""}`,
    );
  }
}

/** Members of a body, of which any may be missing. */
type Said<Body> = { readonly [Name in keyof Body]?: Body[Name] | undefined };

/**
 * Returns the object of `-d`, with what was said in options in place of its members of the same names. What
 * an object must have is the server's to say. Throws a UsageError where it is none.
 */
export function givenBody<Body extends object>(data: string | undefined, said: Said<Body>): Said<Body> {
  const given = data === undefined ? {} : givenJson(data);
  if (!isObject(given)) {
    throw new UsageError("-d must be an object in JSON, or @ and a file of one");
  }
  const body = { ...said };
  for (const [name, value] of Object.entries(given)) {
    // An option that was not given is there, as undefined.
    if (Reflect.get(body, name) === undefined) {
      Reflect.set(body, name, value);
    }
  }
  return body;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
