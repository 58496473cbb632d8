import { UsageError } from "./usage-error.ts";

/** Reads an option that is a whole number from 1. Throws a UsageError that names it. */
export function wholeNumberOf(option: string, given: string): number;
export function wholeNumberOf(option: string, given: string | undefined): number | undefined;
export function wholeNumberOf(option: string, given: string | undefined): number | undefined {
  const number = Number(given);
  if (given !== undefined && !(/^\d+$/.test(given) && Number.isSafeInteger(number) && number > 0)) {
    throw new UsageError(`${option} must be a whole number from 1, got ${JSON.stringify(given)}`);
  }
  return given === undefined ? undefined : number;
}
