import { describedCatalogue } from "../described-catalogue.ts";
import { bspkEventTypes } from "./event-types.ts";
import { bspkExamples } from "./examples.ts";
import { bspkSchemas } from "./schemas.ts";

/** BSPK's event types with schemas and examples; receivers need no more than the names. */
export const bspkCatalogue = describedCatalogue({
  kind: "closed",
  eventTypes: bspkEventTypes,
  schemas: bspkSchemas,
  examples: bspkExamples,
});
