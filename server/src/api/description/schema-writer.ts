import type { TSchema } from "typebox";

/** An object as JSON has it. */
export type Json = Readonly<Record<string, unknown>>;

/** Writes schemas as a document has them. */
export interface SchemaWriter {
  /** Schemas that have a name become references to it. */
  write(schema: TSchema): Json;
  /** What has been referred to, by name. */
  components(): Readonly<Record<string, Json>>;
}

export interface SchemaWriterOptions {
  readonly named: Readonly<Record<string, TSchema>>;
  /** Whether objects may come to have members that are not described, whatever their schemas say. */
  readonly isOpen: boolean;
}

export function createSchemaWriter({ named, isOpen }: SchemaWriterOptions): SchemaWriter {
  const names = new Map<unknown, string>(Object.entries(named).map(([name, schema]) => [schema, name]));
  const written: Record<string, Json> = {};

  function refer(value: unknown): unknown {
    const name = names.get(value);
    if (name === undefined) {
      return plain(value);
    }
    if (!Object.hasOwn(written, name)) {
      written[name] = {};
      written[name] = members(value);
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  function plain(value: unknown): unknown {
    if (Array.isArray(value)) {
      return value.map(refer);
    }
    return typeof value === "object" && value !== null ? members(value) : value;
  }

  function members(value: unknown): Json {
    const entries: [string, unknown][] = Object.entries(value ?? {});
    return Object.fromEntries(
      entries
        .filter(([name, member]) => !isOpen || name !== "additionalProperties" || member !== false)
        .map(([name, member]) => [name, refer(member)]),
    );
  }

  return {
    write: (schema) => (names.has(schema) ? { $ref: referenceOf(schema) } : members(schema)),
    components: () => Object.fromEntries(Object.entries(written).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };

  function referenceOf(schema: TSchema): string {
    refer(schema);
    return `#/components/schemas/${names.get(schema)}`;
  }
}
