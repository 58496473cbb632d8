import type { EventExample } from "../contract.ts";
import cartCreated from "./examples/cart.created.json" with { type: "json" };
import clientCreated from "./examples/client.created.json" with { type: "json" };
import clientDeleted from "./examples/client.deleted.json" with { type: "json" };
import metafieldCreated from "./examples/metafield.created.json" with { type: "json" };
import metafieldDeleted from "./examples/metafield.deleted.json" with { type: "json" };
import metafieldUpdated from "./examples/metafield.updated.json" with { type: "json" };
import shopperCreated from "./examples/shopper.created.json" with { type: "json" };
import shopperDeleted from "./examples/shopper.deleted.json" with { type: "json" };
import shopperUpdated from "./examples/shopper.updated.json" with { type: "json" };
import clientUpdated from "./fixtures/client.updated.json" with { type: "json" };
import fileImportFinished from "./fixtures/file_import.finished.json" with { type: "json" };

const payloads = [
  cartCreated,
  clientCreated,
  clientDeleted,
  metafieldCreated,
  metafieldDeleted,
  metafieldUpdated,
  shopperCreated,
  shopperDeleted,
  shopperUpdated,
  clientUpdated,
  fileImportFinished,
];

/** An event of every type: what BSPK publishes, and where it publishes nothing, what we made. */
export const bspkExamples: Readonly<Record<string, EventExample>> = Object.fromEntries(
  payloads.map(({ event_name, object }) => [event_name, { data: object }]),
);
