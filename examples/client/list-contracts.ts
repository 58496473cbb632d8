/**
 * What can be sent, and how it looks.
 *
 * For listContracts, listCatalogueTypes.
 */
import { posthorn } from "./posthorn.ts";

for await (const { name, discipline, defaults } of posthorn.listContracts()) {
  if (name === "bubblehouse") console.log(discipline, defaults.timeout_ms); // → ordered 30000
}
for await (const { name, deprecated, successor } of posthorn.listCatalogueTypes({ contract: "bspk" })) {
  if (deprecated) console.log(`${name}: use ${successor}`);
  // → client.created: use shopper.created → client.updated: use shopper.updated
  // → client.deleted: use shopper.deleted
}
