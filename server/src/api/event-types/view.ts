import type { EventType as CatalogueType } from "@posthorn/contracts/contract";
import type { SchemaVersion } from "../../model/event-type.ts";
import type { Tenant } from "../../model/tenant.ts";
import type { ApiPorts } from "../ports.ts";
import { timestampOf, timestampOrNull } from "../timestamp.ts";
import { contractOfTenant, type KnownType, schemaSourceOf, validationOf } from "./known-type.ts";

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

/** Shows an event type as a tenant knows it: what it has not said itself is what the catalogue says. */
export function knownTypeView({ name, registered, described }: KnownType, ports: ApiPorts, tenant: Tenant) {
  const source = schemaSourceOf(registered?.schema !== undefined, described);
  return {
    name,
    contract: described === undefined ? null : (contractOfTenant(ports, tenant)?.name ?? null),
    registered: registered !== undefined,
    description: registered?.description ?? described?.description ?? null,
    schema: valueOf(registered?.schema) ?? described?.schema ?? null,
    schema_version: registered?.schema === undefined ? null : registered.schemaVersion,
    example: valueOf(registered?.example) ?? described?.example?.data ?? null,
    validation: validationOf(registered?.validation, source, tenant),
    deprecated: registered?.isDeprecated === true || described?.deprecatedFor !== undefined,
    successor: registered?.successor ?? described?.deprecatedFor ?? null,
    created_at: timestampOrNull(registered?.createdAt),
    updated_at: timestampOrNull(registered?.updatedAt),
  };
}

export function schemaVersionView({ version, schema, createdAt }: SchemaVersion) {
  return { version, schema: valueOf(schema) ?? null, created_at: timestampOf(createdAt) };
}

function valueOf(json: string | undefined): unknown {
  return json === undefined ? undefined : JSON.parse(json);
}
