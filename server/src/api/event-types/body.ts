import { type Static, Type } from "typebox";
import { type EventTypeConfig, VALIDATIONS } from "../../model/event-type.ts";
import { orNull, taken } from "../changeable-member.ts";

const name = (description: string) => Type.String({ minLength: 1, maxLength: 128, description });

const changeable = {
  description: orNull(Type.String({ maxLength: 2000, description: "For people." })),
  schema: Type.Optional(
    Type.Unknown({
      description: "A JSON Schema, 2020-12, of `data`. Default: the catalogue's, if it has one.",
    }),
  ),
  example: Type.Optional(Type.Unknown({ description: "A `data` that fits the schema." })),
  validation: orNull(
    Type.Enum([...VALIDATIONS], {
      description: "Default: reject for a schema given here, what the tenant says for one of the catalogue.",
    }),
  ),
  deprecated: Type.Optional(Type.Boolean({ description: "Default: false, or true with a successor." })),
  successor: orNull(name("What takes its place.")),
};

export const NewEventTypeBody = Type.Object(
  { name: name("Without commas or control characters."), ...changeable },
  { additionalProperties: false },
);
export const EventTypeChangeBody = Type.Object(changeable, { additionalProperties: false });

export type EventTypeRequest = Static<typeof EventTypeChangeBody>;

export const NOTHING_SET: EventTypeConfig = {
  description: undefined,
  schema: undefined,
  example: undefined,
  validation: undefined,
  isDeprecated: false,
  successor: undefined,
};

/** Returns what a body asks for; what is absent stays as it was, what is null becomes the default. */
export function configOf(body: EventTypeRequest, before: EventTypeConfig): EventTypeConfig {
  const successor = taken(body.successor, before.successor, undefined);
  const isSuccessorGiven = typeof body.successor === "string";
  const isDeprecated = body.deprecated ?? (isSuccessorGiven || before.isDeprecated);
  return {
    description: taken(body.description, before.description, undefined),
    schema: taken(jsonOf(body.schema), before.schema, undefined),
    example: taken(jsonOf(body.example), before.example, undefined),
    validation: taken(body.validation, before.validation, undefined),
    isDeprecated,
    // A type that is not deprecated any more has no successor either.
    successor: isDeprecated || isSuccessorGiven ? successor : undefined,
  };
}

function jsonOf(value: unknown): string | null | undefined {
  return value === undefined || value === null ? value : JSON.stringify(value);
}
