import { UsageError } from "./usage-error.ts";

/** Returns the one thing that a command takes. Throws a UsageError that says what, where it is not one. */
export function onlyOne(given: readonly string[], takes: string): string {
  const [one, ...others] = given;
  if (one === undefined || others.length > 0) {
    throw new UsageError(`${takes}, got ${given.length}`);
  }
  return one;
}
