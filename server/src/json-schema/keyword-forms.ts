/** The forms that keywords' values have. Each refuses what is of another form, and is undefined then. */
import { isObject } from "./json-value.ts";
import type { Reading } from "./keyword.ts";
import type { Schema } from "./schema.ts";

export function wholeNumberIn(keyword: string, reading: Reading): number | undefined {
  const given = reading.valueOf(keyword);
  return typeof given === "number" && Number.isInteger(given) && given >= 0
    ? given
    : reading.refuse([keyword], "must be a whole number from 0");
}

export function numberIn(keyword: string, reading: Reading): number | undefined {
  const given = reading.valueOf(keyword);
  return typeof given === "number" ? given : reading.refuse([keyword], "must be a number");
}

export function textIn(keyword: string, reading: Reading): string | undefined {
  const given = reading.valueOf(keyword);
  return typeof given === "string" ? given : reading.refuse([keyword], "must be a text");
}

/** Reads names that each stand once. */
export function namesIn(path: readonly string[], given: unknown, reading: Reading): readonly string[] {
  if (!Array.isArray(given) || !given.every((name) => typeof name === "string")) {
    reading.refuse(path, "must be an array of texts");
    return [];
  }
  if (new Set(given).size < given.length) {
    reading.refuse(path, "must have each text once");
  }
  reading.count(given.length);
  return given;
}

/** Reads the members of an object, each a schema for another value, or for the same one. */
export function schemasByName(
  keyword: string,
  reading: Reading,
  read: "schemaAt" | "inPlaceAt" = "schemaAt",
): readonly (readonly [string, Schema])[] {
  const given = reading.valueOf(keyword);
  if (!isObject(given)) {
    reading.refuse([keyword], "must be an object of schemas");
    return [];
  }
  const names = Object.keys(given);
  reading.count(names.length);
  return names.map((name) => [name, reading[read]([keyword, name])]);
}

/** Reads a list of one schema or more. */
export function schemasInList(
  keyword: string,
  reading: Reading,
  read: "schemaAt" | "inPlaceAt" = "schemaAt",
): readonly Schema[] {
  const given = reading.valueOf(keyword);
  if (!Array.isArray(given) || given.length === 0) {
    reading.refuse([keyword], "must be an array of at least one schema");
    return [];
  }
  return given.map((_, index) => reading[read]([keyword, String(index)]));
}
