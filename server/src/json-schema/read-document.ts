import { escapedPointerPart } from "../json-pointer.ts";
import type { WrongMember } from "../problem.ts";
import { isObject } from "./json-value.ts";
import type { Reading } from "./keyword.ts";
import { KEYWORDS, REFUSED_KEYWORDS } from "./keywords.ts";
import {
  PATTERN_INSTRUCTIONS_MAX,
  SCHEMA_BYTES_MAX,
  SCHEMA_DEPTH_MAX,
  SCHEMA_ERRORS_MAX,
  SCHEMA_PARTS_MAX,
} from "./limits.ts";
import { type Pattern, readPattern } from "./pattern.ts";
import { findCircles, followReferences, type Reference } from "./references.ts";
import { pointerOf, tell } from "./run.ts";
import type { Schema } from "./schema.ts";

export type ReadDocument =
  | { readonly kind: "read"; readonly schema: Schema }
  | { readonly kind: "refused"; readonly errors: readonly WrongMember[] };

/** A document as far as it is read. */
interface Document {
  /** By their pointers. */
  readonly schemas: Map<string, Schema>;
  readonly anchors: Map<string, Schema>;
  readonly references: Reference[];
  readonly patterns: Map<string, Pattern | undefined>;
  readonly errors: WrongMember[];
  partsLeft: number;
  instructionsLeft: number;
}

interface Place {
  readonly path: readonly string[];
  /** How many schemas it stands in. */
  readonly depth: number;
  /** What is told of a value where the schema is `false`. */
  readonly says: string;
}

const ENTRY_COST = 5;
const RULE_COST = 3;

/**
 * Reads a JSON Schema of draft 2020-12 that comes from anyone. Nothing is fetched, compiled into code or
 * matched by backtracking. Returns what is wrong by pointers into the document.
 */
export function readDocument(given: unknown): ReadDocument {
  const document: Document = {
    schemas: new Map(),
    anchors: new Map(),
    references: [],
    patterns: new Map(),
    errors: [],
    partsLeft: SCHEMA_PARTS_MAX,
    instructionsLeft: PATTERN_INSTRUCTIONS_MAX,
  };
  const bytes = Buffer.byteLength(JSON.stringify(given) ?? "", "utf8");
  if (bytes > SCHEMA_BYTES_MAX) {
    refuse(document, [], `must have at most ${SCHEMA_BYTES_MAX} bytes, got ${bytes}`);
    return { kind: "refused", errors: document.errors };
  }
  const schema = readSchema(document, given, { path: [], depth: 0, says: "must not be" });
  const { errors } = document;
  if (errors.length === 0) {
    errors.push(...followReferences(document));
  }
  if (errors.length === 0) {
    errors.push(...findCircles(document.schemas));
  }
  return errors.length === 0
    ? { kind: "read", schema }
    : { kind: "refused", errors: errors.slice(0, SCHEMA_ERRORS_MAX) };
}

function readSchema(document: Document, given: unknown, place: Place): Schema {
  const pointer = place.path.map((part) => `/${escapedPointerPart(part)}`).join("");
  const known = document.schemas.get(pointer);
  if (known !== undefined) {
    return known;
  }
  const schema: Schema = { cost: ENTRY_COST, rules: [], looksBack: false, inPlace: [] };
  document.schemas.set(pointer, schema);
  if (typeof given === "boolean") {
    if (!given) {
      schema.rules.push((_value, run) => tell(run, place.says));
    }
  } else if (!isObject(given)) {
    refuse(document, place.path, "must be a schema: an object, true or false");
  } else if (place.depth > SCHEMA_DEPTH_MAX) {
    refuse(document, place.path, `must stand in at most ${SCHEMA_DEPTH_MAX} schemas`);
  } else if (count(document, Object.keys(given).length)) {
    refuseUnknown(document, Object.keys(given), place.path);
    const reading = createReading({ document, schema, given, place });
    for (const [name, keyword] of KEYWORDS) {
      const rule = Object.hasOwn(given, name) ? keyword(given[name], reading) : undefined;
      if (rule !== undefined) {
        schema.rules.push(rule);
        schema.cost += RULE_COST;
      }
    }
  }
  return schema;
}

function createReading({
  document,
  schema,
  given,
  place,
}: {
  readonly document: Document;
  readonly schema: Schema;
  readonly given: Readonly<Record<string, unknown>>;
  readonly place: Place;
}): Reading {
  const schemaAt = (path: readonly string[], says = "must not be here") =>
    readSchema(document, valueAt(given, path), {
      path: [...place.path, ...path],
      depth: place.depth + 1,
      says,
    });
  return {
    isWhole: place.path.length === 0,
    valueOf: (name) => valueAt(given, [name]),
    schemaAt,
    inPlaceAt(path) {
      const inner = schemaAt(path);
      schema.inPlace.push(inner);
      return inner;
    },
    nameAnchor: (name) => void document.anchors.set(name, schema),
    follow(text, found) {
      const path = [...place.path, "$ref"];
      document.references.push({ from: schema, path, text, found });
    },
    patternOf: (source, path) => patternOf(document, source, [...place.path, ...path]),
    count(parts) {
      count(document, parts);
      schema.cost += parts;
    },
    lookBack() {
      schema.looksBack = true;
    },
    refuse: (path, detail) => refuse(document, [...place.path, ...path], detail),
  };
}

function valueAt(given: unknown, path: readonly string[]): unknown {
  let value = given;
  for (const name of path) {
    const isThere = typeof value === "object" && value !== null && Object.hasOwn(value, name);
    value = isThere ? Reflect.get(Object(value), name) : undefined;
  }
  return value;
}

function refuseUnknown(document: Document, names: readonly string[], path: readonly string[]): void {
  for (const name of names) {
    if (!KEYWORDS.has(name) && !name.startsWith("x-")) {
      const detail =
        REFUSED_KEYWORDS.get(name) ??
        "is no keyword of JSON Schema 2020-12; remarks of your own start with x-";
      refuse(document, [...path, name], detail);
    }
  }
}

function patternOf(document: Document, source: string, path: readonly string[]): Pattern | undefined {
  if (document.patterns.has(source)) {
    return document.patterns.get(source);
  }
  const pattern = readPattern(source, document.instructionsLeft);
  if (typeof pattern === "string") {
    document.patterns.set(source, undefined);
    return refuse(document, path, `must ${pattern}`);
  }
  document.instructionsLeft -= pattern.instructions;
  document.patterns.set(source, pattern);
  return pattern;
}

/** Counts parts of the document. Returns whether there may be so many. */
function count(document: Document, parts: number): boolean {
  const wasLeft = document.partsLeft;
  document.partsLeft -= parts;
  if (document.partsLeft < 0 && wasLeft >= 0) {
    const detail = `must have at most ${SCHEMA_PARTS_MAX} keywords, members and list items`;
    refuse(document, [], detail);
  }
  return document.partsLeft >= 0;
}

function refuse({ errors }: Document, path: readonly string[], detail: string): undefined {
  errors.push({ pointer: pointerOf(path), detail });
}
