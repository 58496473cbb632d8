import type { EventType as CatalogueType, Contract } from "@posthorn/contracts/contract";
import { readDocument } from "../../json-schema/read-document.ts";
import type { Schema } from "../../json-schema/schema.ts";

/**
 * Reads the schemas of every contract's catalogue. Throws an Error that names the contract, the type and the
 * place, where one is none.
 */
export function readCatalogueSchemas(
  contracts: ReadonlyMap<string, Contract>,
): ReadonlyMap<CatalogueType, Schema> {
  const schemas = new Map<CatalogueType, Schema>();
  for (const { name: contract, catalogue } of contracts.values()) {
    for (const type of catalogue.eventTypes.filter(({ schema }) => schema !== undefined)) {
      const read = readDocument(type.schema);
      if (read.kind === "refused") {
        const wrong = read.errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join("; ");
        throw new Error(`contract ${contract}: the schema of the event type ${type.name}: ${wrong}`);
      }
      schemas.set(type, read.schema);
    }
  }
  return schemas;
}
