import { describedCatalogue } from "../described-catalogue.ts";
import { spektrEventTypes } from "./event-types.ts";
import { spektrExamples } from "./examples.ts";
import { spektrSchemas } from "./schemas.ts";

/** spektr's event types with schemas and examples; receivers need no more than the names. */
export const spektrCatalogue = describedCatalogue({
  kind: "closed",
  eventTypes: spektrEventTypes,
  schemas: spektrSchemas,
  examples: spektrExamples,
});
