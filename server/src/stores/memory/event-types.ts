import type { EventTypeRegistry } from "../../event-type-registry.ts";
import {
  compareTypeNames,
  EVENT_TYPES_MAX,
  type EventType,
  type SchemaVersion,
} from "../../model/event-type.ts";
import type { State } from "./state.ts";

/** Event types over a state in memory. */
export function createEventTypes(state: State): EventTypeRegistry {
  return {
    async putEventType({ tenant, name, seen, config, now }) {
      const known = find(state, tenant, name);
      if ((known?.revision ?? 0) !== seen || !isLive(state, tenant)) {
        return undefined;
      }
      if (known === undefined && typesOf(state, tenant).length >= EVENT_TYPES_MAX) {
        return "too_many_event_types";
      }
      const eventType: EventType = {
        ...config,
        tenant,
        name,
        schemaVersion: schemaVersionOf(state, { tenant, name, schema: config.schema, now }),
        revision: takeRevision(state, tenant),
        createdAt: known?.createdAt ?? now,
        updatedAt: now,
      };
      state.eventTypes.set(placeOf(tenant, name), eventType);
      return eventType;
    },
    async deleteEventType(tenant, name) {
      const isThere = isLive(state, tenant) && state.eventTypes.delete(placeOf(tenant, name));
      if (isThere) {
        takeRevision(state, tenant);
      }
      return isThere;
    },
    async findEventType(tenant, name) {
      return find(state, tenant, name);
    },
    async listEventTypes({ tenant, after, limit }) {
      return typesOf(state, tenant)
        .filter(({ name }) => after === undefined || compareTypeNames(name, after) > 0)
        .slice(0, limit);
    },
    async listSchemaVersions({ tenant, name, before, limit }) {
      return (state.schemaVersions.get(placeOf(tenant, name)) ?? [])
        .filter(({ version }) => before === undefined || version < before)
        .toReversed()
        .slice(0, limit);
    },
    async readEventTypeRules(tenant) {
      return typesOf(state, tenant).map(({ name, validation, schemaVersion, schema }) => ({
        name,
        validation,
        schemaVersion,
        hasSchema: schema !== undefined,
      }));
    },
  };
}

function placeOf(tenant: number, name: string): string {
  return `${tenant}/${name}`;
}

function find(state: State, tenant: number, name: string): EventType | undefined {
  return state.eventTypes.get(placeOf(tenant, name));
}

function typesOf(state: State, tenant: number): readonly EventType[] {
  return [...state.eventTypes.values()]
    .filter((eventType) => eventType.tenant === tenant)
    .sort((one, other) => compareTypeNames(one.name, other.name));
}

function isLive(state: State, tenant: number): boolean {
  return state.tenants[tenant - 1]?.isDeleted === false;
}

/** Returns the version of a name's schema; another schema than the last one is a new version. */
function schemaVersionOf(
  state: State,
  { tenant, name, schema, now }: Pick<EventType, "tenant" | "name" | "schema"> & { readonly now: number },
): number {
  const place = placeOf(tenant, name);
  const versions: readonly SchemaVersion[] = state.schemaVersions.get(place) ?? [];
  const version = versions.length;
  if (schema === versions.at(-1)?.schema) {
    return version;
  }
  state.schemaVersions.set(place, [...versions, { version: version + 1, schema, createdAt: now }]);
  return version + 1;
}

function takeRevision(state: State, number: number): number {
  const row = state.tenants[number - 1];
  if (row === undefined) {
    throw new Error(`tenant ${number} was there`);
  }
  const eventTypesRevision = row.tenant.eventTypesRevision + 1;
  state.tenants[number - 1] = { ...row, tenant: { ...row.tenant, eventTypesRevision } };
  return eventTypesRevision;
}
