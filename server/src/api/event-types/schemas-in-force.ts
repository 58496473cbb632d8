import { createBoundedCache } from "../../bounded-cache.ts";
import { readDocument } from "../../json-schema/read-document.ts";
import type { Schema } from "../../json-schema/schema.ts";
import type { EventTypeRule, Validation } from "../../model/event-type.ts";
import type { Tenant } from "../../model/tenant.ts";
import type { ApiPorts } from "../ports.ts";
import { readCatalogueSchemas } from "./catalogue-schemas.ts";
import { contractOfTenant, schemaSourceOf, validationOf } from "./known-type.ts";

/** A type whose events are checked. */
export interface CheckedType {
  readonly validation: Exclude<Validation, "off">;
  /** Gives its schema; undefined if it was taken away meanwhile. */
  schema(): Promise<Schema | undefined>;
}

/** Which types of events are checked, and by which schemas. What is kept is never older than its tenant. */
export interface SchemasInForce {
  /** By name; a tenant that checks nothing has none. */
  typesOf(tenant: Tenant): Promise<ReadonlyMap<string, CheckedType>>;
}

type CheckedTypes = ReadonlyMap<string, CheckedType>;

// Types of all tenants together; one takes about 200 bytes.
const TYPES_KEPT_MAX = 100_000;
// Bytes of schemas' texts; a schema that was read takes ten to twenty times as many.
const SCHEMA_BYTES_KEPT_MAX = 4 * 1024 * 1024;
// No schema counts for less, so that there are never more than 4,096 of them.
const SCHEMA_BYTES_LEAST = 1024;

const NOTHING_CHECKED: CheckedTypes = new Map();

interface Kept {
  /** What of the tenant it follows from. */
  readonly stamp: string;
  readonly types: CheckedTypes;
  /** Keys of the tenant's own schemas. */
  readonly keys: ReadonlySet<string>;
}

export function createSchemasInForce(ports: ApiPorts): SchemasInForce {
  const { registry, log } = ports;
  const catalogueSchemas = readCatalogueSchemas(ports.contracts);
  const kept = createBoundedCache<number, Kept>(TYPES_KEPT_MAX);
  const schemas = createBoundedCache<string, Schema>(SCHEMA_BYTES_KEPT_MAX);

  async function load(tenant: Tenant): Promise<Kept> {
    const catalogue = contractOfTenant(ports, tenant)?.catalogue.eventTypes ?? [];
    const described = new Map(catalogue.map((type) => [type.name, type]));
    const registered = new Map(
      (await registry.readEventTypeRules(tenant.number)).map((rule) => [rule.name, rule]),
    );
    const types = new Map<string, CheckedType>();
    const keys = new Set<string>();
    for (const name of new Set([...described.keys(), ...registered.keys()])) {
      const rule = registered.get(name);
      const type = described.get(name);
      const source = schemaSourceOf(rule?.hasSchema === true, type);
      const validation = validationOf(rule?.validation, source, tenant);
      if (source === undefined || validation === "off") {
        continue;
      }
      if (source === "registered" && rule !== undefined) {
        keys.add(keyOf(tenant, rule));
        types.set(name, { validation, schema: () => readRegistered(tenant, rule) });
      } else {
        const schema = type && catalogueSchemas.get(type);
        types.set(name, { validation, schema: async () => schema });
      }
    }
    return { stamp: stampOf(tenant), types, keys };
  }

  async function readRegistered(tenant: Tenant, rule: EventTypeRule): Promise<Schema | undefined> {
    const known = schemas.get(keyOf(tenant, rule));
    if (known !== undefined) {
      return known;
    }
    const found = await registry.findEventType(tenant.number, rule.name);
    if (found?.schema === undefined) {
      return undefined;
    }
    const read = readDocument(JSON.parse(found.schema));
    if (read.kind === "refused") {
      // It was taken when it was registered, by a version with other limits.
      const number = { tenant_number: tenant.number, schema_version: found.schemaVersion };
      log.error("a stored schema cannot be read: its events are not checked", number);
      return undefined;
    }
    schemas.set(keyOf(tenant, found), read.schema, Math.max(found.schema.length, SCHEMA_BYTES_LEAST));
    return read.schema;
  }

  return {
    async typesOf(tenant) {
      if (tenant.eventTypesRevision === 0 && tenant.validation === "off") {
        return NOTHING_CHECKED;
      }
      const before = kept.get(tenant.number);
      if (before?.stamp === stampOf(tenant)) {
        return before.types;
      }
      const now = await load(tenant);
      for (const key of before?.keys ?? []) {
        if (!now.keys.has(key)) {
          schemas.delete(key);
        }
      }
      kept.set(tenant.number, now, 1 + now.types.size);
      return now.types;
    },
  };
}

function stampOf({ eventTypesRevision, validation, contract }: Tenant): string {
  return `${eventTypesRevision} ${validation} ${contract ?? ""}`;
}

function keyOf(
  { number }: Tenant,
  { name, schemaVersion }: Pick<EventTypeRule, "name" | "schemaVersion">,
): string {
  return `${number}/${schemaVersion}/${name}`;
}
