import { UsageError } from "./usage-error.ts";

/** Reads an option that has one of some values. Throws a UsageError that names them. */
export function oneOf<Value extends string>(
  values: readonly Value[],
  option: string,
  given: string | undefined,
): Value | undefined {
  const found = values.find((value) => value === given);
  if (given !== undefined && found === undefined) {
    throw new UsageError(`${option} must be one of ${values.join(", ")}, got ${JSON.stringify(given)}`);
  }
  return found;
}
