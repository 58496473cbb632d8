import type { Catalogue, EventExample, EventType } from "./contract.ts";
import type { JsonSchema } from "./json-schema.ts";

/** Makes a catalogue in which every type has its schema and its example. Throws where one is missing. */
export function describedCatalogue({
  kind,
  eventTypes,
  schemas,
  examples,
}: Catalogue & {
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  readonly examples: Readonly<Record<string, EventExample>>;
}): Catalogue {
  return {
    kind,
    eventTypes: eventTypes.map((type) => described(type, schemas[type.name], examples[type.name])),
  };
}

function described(
  type: EventType,
  schema: JsonSchema | undefined,
  example: EventExample | undefined,
): EventType {
  if (schema === undefined || example === undefined) {
    throw new Error(`the event type ${JSON.stringify(type.name)} must have a schema and an example`);
  }
  return { ...type, schema, example };
}
