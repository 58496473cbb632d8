/** What becomes of an event whose data does not fit its type's schema: nothing, a warning, or a refusal. */
export const VALIDATIONS = ["off", "warn", "reject"] as const;

export type Validation = (typeof VALIDATIONS)[number];

/** How many event types a tenant may have registered: what is to be checked is kept in memory. */
export const EVENT_TYPES_MAX = 1_000;

/** What a caller may set on an event type and change later. */
export interface EventTypeConfig {
  readonly description: string | undefined;
  /** The JSON text of a JSON Schema, 2020-12, that describes `data`. */
  readonly schema: string | undefined;
  /** The JSON text of a `data` that fits the schema. */
  readonly example: string | undefined;
  /** Undefined: the default of whatever the schema comes from. */
  readonly validation: Validation | undefined;
  readonly isDeprecated: boolean;
  /** The name of the type to use instead. */
  readonly successor: string | undefined;
}

/** A type of events that a tenant has registered under a name. */
export interface EventType extends EventTypeConfig {
  /** The tenant's number. */
  readonly tenant: number;
  readonly name: string;
  /** Counts the schemas that the name has had, from 1, also one that was taken away; 0: none yet. */
  readonly schemaVersion: number;
  /** The tenant's `eventTypesRevision` that its last change made. */
  readonly revision: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A schema that a name has had; undefined: it was taken away. */
export interface SchemaVersion {
  readonly version: number;
  readonly schema: string | undefined;
  readonly createdAt: number;
}

/** What must be known of an event type to accept an event of it. */
export type EventTypeRule = Pick<EventType, "name" | "validation" | "schemaVersion"> & {
  readonly hasSchema: boolean;
};

/** Orders names by their code points, as stores do. */
export function compareTypeNames(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
