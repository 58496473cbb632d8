import type { EventType as CatalogueType } from "@posthorn/contracts/contract.ts";

/** Shows what a type of a contract's catalogue is called and whether it is to be used. */
export function catalogueTypeSummary({ name, description, deprecatedFor }: CatalogueType) {
  return {
    name,
    description,
    deprecated: deprecatedFor !== undefined,
    successor: deprecatedFor ?? null,
  };
}

/** Shows a type of a contract's catalogue; `schema` and `example` are of an event's `data`. */
export function catalogueTypeView(type: CatalogueType, contract: string) {
  return {
    ...catalogueTypeSummary(type),
    contract,
    schema: type.schema ?? null,
    example: type.example?.data ?? null,
  };
}
