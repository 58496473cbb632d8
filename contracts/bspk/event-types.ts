import type { EventType } from "../contract.ts";

/** The event types that a BSPK endpoint can subscribe to. */
export const bspkEventTypes: readonly EventType[] = [
  { name: "shopper.created", description: "A shopper was created." },
  { name: "shopper.updated", description: "A shopper's attributes changed." },
  { name: "shopper.deleted", description: "A shopper was deleted." },
  {
    name: "client.created",
    description: "A client, as shoppers were called, was created.",
    deprecatedFor: "shopper.created",
  },
  {
    name: "client.updated",
    description: "A client's attributes changed.",
    deprecatedFor: "shopper.updated",
  },
  { name: "client.deleted", description: "A client was deleted.", deprecatedFor: "shopper.deleted" },
  {
    name: "file_import.finished",
    description: "An import file was read to its end, with or without errors.",
  },
  { name: "cart.created", description: "A cart was created." },
  { name: "metafield.created", description: "A custom field was set for the first time." },
  { name: "metafield.updated", description: "A custom field's value changed." },
  { name: "metafield.deleted", description: "A custom field was removed." },
];
