import type { EventType as CatalogueType, Contract } from "@posthorn/contracts/contract";
import type { EventType, Validation } from "../../model/event-type.ts";
import type { Tenant } from "../../model/tenant.ts";
import type { ApiPorts } from "../ports.ts";

/** An event type as a tenant knows it: registered by it, described by its contract's catalogue, or both. */
export interface KnownType {
  readonly name: string;
  readonly registered: EventType | undefined;
  readonly described: CatalogueType | undefined;
}

/** Returns the contract of a tenant's endpoints that name none; undefined if it is not installed any more. */
export function contractOfTenant(
  { contracts, defaultContract }: Pick<ApiPorts, "contracts" | "defaultContract">,
  { contract }: Tenant,
): Contract | undefined {
  return contracts.get(contract ?? defaultContract);
}

/** Finds an event type by its name; undefined if the tenant does not know it. */
export async function findKnownType(
  ports: ApiPorts,
  tenant: Tenant,
  name: string,
): Promise<KnownType | undefined> {
  const registered = await ports.registry.findEventType(tenant.number, name);
  const described = contractOfTenant(ports, tenant)?.catalogue.eventTypes.find((type) => type.name === name);
  return registered === undefined && described === undefined ? undefined : { name, registered, described };
}

/** Where the schema of an event type comes from; undefined: it has none. */
export type SchemaSource = "registered" | "described" | undefined;

/** Says where the schema of a type comes from: what a tenant registers goes before the catalogue's. */
export function schemaSourceOf(isRegistered: boolean, described: CatalogueType | undefined): SchemaSource {
  if (isRegistered) {
    return "registered";
  }
  return described?.schema === undefined ? undefined : "described";
}

/**
 * Says what becomes of events that do not fit. Whoever registers a schema means it; a contract's own is our
 * reading of a vendor's pages, and the tenant says how much that is worth.
 */
export function validationOf(
  asked: Validation | undefined,
  source: SchemaSource,
  tenant: Tenant,
): Validation {
  switch (source) {
    case "registered":
      return asked ?? "reject";
    case "described":
      return asked ?? tenant.validation;
    case undefined:
      return asked ?? "off";
  }
}
