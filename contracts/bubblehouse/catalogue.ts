import { describedCatalogue } from "../described-catalogue.ts";
import { bubblehouseEventTypes } from "./event-types.ts";
import { bubblehouseExamples } from "./examples.ts";
import { bubblehouseSchemas } from "./schemas.ts";

/** Bubblehouse's event types with schemas and examples; receivers need no more than the names. */
export const bubblehouseCatalogue = describedCatalogue({
  kind: "open",
  eventTypes: bubblehouseEventTypes,
  schemas: { ...bubblehouseSchemas, "Asset Unlocked": bubblehouseSchemas["Achievement Unlocked"] },
  examples: bubblehouseExamples,
});
