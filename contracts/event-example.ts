import type { Catalogue, EventExample } from "./contract.ts";

const anyExample: EventExample = { data: { message: "Posthorn made this event to try an endpoint." } };

/**
 * Returns an event of a type to try an endpoint with. Always the same.
 *
 * A type that the catalogue does not describe gets the first example that the catalogue has: what a contract
 * asks of one event, it mostly asks of all.
 */
export function exampleOf({ eventTypes }: Catalogue, type: string): EventExample {
  const described = eventTypes.find(({ name }) => name === type) ?? eventTypes[0];
  return described?.example ?? anyExample;
}
