import { escapedPointerPart, unescapedPointerPart } from "../json-pointer.ts";
import type { WrongMember } from "../problem.ts";
import { pointerOf } from "./run.ts";
import type { Schema } from "./schema.ts";

/** A `$ref`, before it is known what it leads to. */
export interface Reference {
  readonly from: Schema;
  readonly path: readonly string[];
  readonly text: string;
  readonly found: (schema: Schema) => void;
}

/** Schemas of a document by their pointers, and by the names they gave themselves. */
interface Places {
  readonly schemas: ReadonlyMap<string, Schema>;
  readonly anchors: ReadonlyMap<string, Schema>;
  readonly references: readonly Reference[];
}

/** Leads every reference to its schema. Returns those that lead out of the document or to no schema. */
export function followReferences({ schemas, anchors, references }: Places): readonly WrongMember[] {
  return references.flatMap(({ from, path, text, found }) => {
    if (!text.startsWith("#")) {
      const detail = "must stay in this document, as in #/$defs/name: nothing is fetched";
      return [{ pointer: pointerOf(path), detail }];
    }
    const place = decoded(text.slice(1));
    const schema =
      place === "" || place?.startsWith("/") ? schemas.get(normal(place)) : anchors.get(place ?? "");
    if (schema === undefined) {
      return [{ pointer: pointerOf(path), detail: "must lead to a schema of this document" }];
    }
    from.inPlace.push(schema);
    found(schema);
    return [];
  });
}

function decoded(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return undefined;
  }
}

function normal(pointer: string): string {
  return pointer
    .split("/")
    .map((part) => escapedPointerPart(unescapedPointerPart(part)))
    .join("/");
}

/**
 * Finds schemas that lead back to themselves with the same value: checking it would never end. Those that go
 * into a member or an item first end where the data does.
 */
export function findCircles(schemas: ReadonlyMap<string, Schema>): readonly WrongMember[] {
  const finished = new Set<Schema>();
  const open = new Set<Schema>();
  const isCircular = (schema: Schema): boolean => {
    if (open.has(schema)) {
      return true;
    }
    if (finished.has(schema)) {
      return false;
    }
    open.add(schema);
    const isFound = schema.inPlace.some(isCircular);
    open.delete(schema);
    finished.add(schema);
    return isFound;
  };
  return [...schemas].flatMap(([pointer, schema]) =>
    isCircular(schema)
      ? [{ pointer, detail: "leads back to itself without going into a member or an item" }]
      : [],
  );
}
