import type { Pattern } from "./pattern.ts";
import type { Rule, Schema } from "./schema.ts";

/** What a keyword knows of the schema that it stands in. Paths begin at that schema. */
export interface Reading {
  /** Whether the schema is the whole document. */
  readonly isWhole: boolean;
  /** The value of a keyword; undefined if it is not there. */
  valueOf(keyword: string): unknown;
  /** Reads the schema at a path, for a member or an item. `says`: what is told where it is `false`. */
  schemaAt(path: readonly string[], says?: string): Schema;
  /** Reads the schema at a path, for the same value. */
  inPlaceAt(path: readonly string[]): Schema;
  /** Gives the schema a name that references can lead to. */
  nameAnchor(name: string): undefined;
  /** Finds the schema that a reference leads to, once the whole document is read. */
  follow(reference: string, found: (schema: Schema) => void): void;
  /** Reads a pattern; undefined if it is refused. */
  patternOf(source: string, path: readonly string[]): Pattern | undefined;
  /** Adds to what entering the schema costs, and to the parts of the document. */
  count(parts: number): void;
  /** Says that the rule asks what was seen before it. */
  lookBack(): void;
  /** Says what is wrong with the document, at a path. */
  refuse(path: readonly string[], detail: string): undefined;
}

/** Reads what a keyword says into a rule; undefined where there is nothing to check. */
export type Keyword = (given: unknown, reading: Reading) => Rule | undefined;

export type Keywords = Readonly<Record<string, Keyword>>;
