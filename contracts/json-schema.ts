/** The part of JSON Schema (2020-12) that the schemas of contracts are written in. */
export interface JsonSchema {
  readonly $schema?: "https://json-schema.org/draft/2020-12/schema";
  readonly title?: string;
  readonly description?: string;
  readonly deprecated?: true;
  readonly type?: JsonTypeName | readonly JsonTypeName[];
  readonly const?: string | boolean;
  readonly enum?: readonly (string | null)[];
  readonly anyOf?: readonly JsonSchema[];
  readonly format?: "date-time";
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  /** Unknown members are allowed without it; `true` says that they are to be expected. */
  readonly additionalProperties?: boolean;
  readonly items?: JsonSchema;
  readonly default?: string | number | boolean;
  readonly examples?: readonly string[];
}

export type JsonTypeName = "string" | "number" | "integer" | "boolean" | "object" | "array" | "null";

/**
 * The TypeScript type of what a schema describes, so that schemas and types cannot disagree.
 *
 * Members that are not required may be absent. Where unknown members are to be expected they are `unknown`.
 */
export type TypeOf<Schema> = Schema extends { readonly anyOf: readonly (infer Each)[] }
  ? TypeOf<Each>
  : Schema extends { readonly enum: readonly (infer Value)[] }
    ? Value
    : Schema extends { readonly const: infer Value }
      ? Value
      : Schema extends { readonly type: infer Type }
        ? Typed<Schema, Type extends readonly (infer Each)[] ? Each : Type>
        : unknown;

interface Scalars {
  readonly string: string;
  readonly number: number;
  readonly integer: number;
  readonly boolean: boolean;
  readonly null: null;
}

type Typed<Schema, Type> = Type extends keyof Scalars
  ? Scalars[Type]
  : Type extends "array"
    ? readonly TypeOf<Schema extends { readonly items: infer Items } ? Items : unknown>[]
    : Type extends "object"
      ? ObjectOf<Schema>
      : never;

// `unknown` adds nothing to an intersection.
type ObjectOf<Schema> = (Schema extends { readonly properties: infer Properties }
  ? MembersOf<Properties, Schema extends { readonly required: readonly (infer Name)[] } ? Name : never>
  : unknown) &
  (Schema extends { readonly additionalProperties: true } ? { readonly [name: string]: unknown } : unknown);

type MembersOf<Properties, Required> = {
  readonly [Name in keyof Properties & Required]: TypeOf<Properties[Name]>;
} & {
  readonly [Name in Exclude<keyof Properties, Required>]?: TypeOf<Properties[Name]>;
};

/** A text, or null for none. */
export const textOrNull = { type: ["string", "null"] } as const satisfies JsonSchema;

/** An instant as RFC 3339 says it, or null for none. */
export const instantOrNull = { type: ["string", "null"], format: "date-time" } as const satisfies JsonSchema;
