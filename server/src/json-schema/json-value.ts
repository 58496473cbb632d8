import { type Run, spend } from "./run.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Lists the names of an object's members, at the price of one unit of work each. */
export function namesOf(value: JsonObject, run: Run): readonly string[] {
  const names = Object.keys(value);
  spend(run, names.length);
  return names;
}

/** Characters, in units of UTF-16, that are looked at for one unit of work. */
const CHARACTERS_FOR_A_UNIT = 16;

export function spendOnText(run: Run, text: string): boolean {
  return spend(run, 1 + Math.floor(text.length / CHARACTERS_FOR_A_UNIT));
}

/**
 * Writes a value so that equal values, as JSON Schema has it, give equal texts: 1 is 1.0, and the order of
 * members does not matter.
 */
export function canonicalText(value: unknown, run: Run): string {
  spend(run, 2);
  if (typeof value === "string") {
    spendOnText(run, value);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map((item) => canonicalText(item, run)).join()}]`;
  }
  if (isObject(value)) {
    const members = namesOf(value, run)
      .toSorted()
      .map((name) => `${canonicalText(name, run)}:${canonicalText(value[name], run)}`);
    return `{${members.join()}}`;
  }
  return JSON.stringify(value) ?? "";
}
