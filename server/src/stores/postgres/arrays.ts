import type { Row } from "../columns.ts";

/** Reads an array of whole numbers, which comes as one of texts. */
export function numbersIn(row: Row, name: string): readonly number[] {
  const value: unknown = row[name];
  return Array.isArray(value) ? value.map(Number) : [];
}
