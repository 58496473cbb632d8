import type { Clock } from "../../clock.ts";
import type { EventTypeChange, EventTypeRegistry } from "../../event-type-registry.ts";
import { EVENT_TYPES_MAX, type EventType } from "../../model/event-type.ts";
import { integerIn } from "../columns.ts";
import { NEWEST } from "../page-start.ts";
import { eventTypeOf, eventTypeRuleOf, schemaVersionOf } from "../registry-rows.ts";
import type { Connections } from "./connections.ts";
import {
  COUNT_EVENT_TYPES,
  DELETE_EVENT_TYPE,
  FIND_EVENT_TYPE,
  INSERT_SCHEMA_VERSION,
  LIST_EVENT_TYPES,
  LIST_SCHEMA_VERSIONS,
  PUT_EVENT_TYPE,
  READ_EVENT_TYPE_RULES,
  TAKE_REVISION,
} from "./queries/event-types.ts";

// A page without `after` begins at the first name, and one without `before` at the newest version.
const FIRST = "";
/** Event types over a database. */
export function createEventTypes(connections: Connections, clock: Clock): EventTypeRegistry {
  const { writing, reading, write, read } = connections;
  const put = prepareEventTypeWriter(connections);
  const end = writing.prepare(DELETE_EVENT_TYPE);
  const takeRevision = writing.prepare(TAKE_REVISION);
  const find = reading.prepare(FIND_EVENT_TYPE);
  const list = reading.prepare(LIST_EVENT_TYPES);
  const versions = reading.prepare(LIST_SCHEMA_VERSIONS);
  const rules = reading.prepare(READ_EVENT_TYPE_RULES);

  return {
    putEventType: (change) => write(() => put(change)),
    deleteEventType: (tenant, name) =>
      write(() => {
        const isThere = end.run(tenant, name, clock.now()).changes === 1;
        return isThere && takeRevision.get(tenant) !== undefined;
      }),
    findEventType: (tenant, name) =>
      read(() => {
        const row = find.get(tenant, name);
        return row && eventTypeOf(row);
      }),
    listEventTypes: ({ tenant, after = FIRST, limit }) =>
      read(() => list.all(tenant, after, limit).map(eventTypeOf)),
    listSchemaVersions: ({ tenant, name, before = NEWEST, limit }) =>
      read(() => versions.all(tenant, name, before, limit).map(schemaVersionOf)),
    readEventTypeRules: (tenant) => read(() => rules.all(tenant).map(eventTypeRuleOf)),
  };
}

type Put = (change: EventTypeChange) => EventType | "too_many_event_types" | undefined;

/** Prepares what registers and changes event types, inside a transaction. */
function prepareEventTypeWriter({ writing }: Connections): Put {
  const find = writing.prepare(FIND_EVENT_TYPE);
  const count = writing.prepare(COUNT_EVENT_TYPES);
  const takeRevision = writing.prepare(TAKE_REVISION);
  const put = writing.prepare(PUT_EVENT_TYPE);
  const versions = writing.prepare(LIST_SCHEMA_VERSIONS);
  const insertVersion = writing.prepare(INSERT_SCHEMA_VERSION);

  return ({ tenant, name, seen, config, now }) => {
    const found = find.get(tenant, name);
    const known = found && eventTypeOf(found);
    if ((known?.revision ?? 0) !== seen) {
      return undefined;
    }
    if (known === undefined && integerIn(count.get(tenant) ?? {}, "count") >= EVENT_TYPES_MAX) {
      return "too_many_event_types";
    }
    const taken = takeRevision.get(tenant);
    if (taken === undefined) {
      return undefined;
    }
    const { description, schema, example, validation, isDeprecated, successor } = config;
    const newest = versions.all(tenant, name, NEWEST, 1).map(schemaVersionOf)[0];
    const isNewSchema = schema !== newest?.schema;
    const schemaVersion = (newest?.version ?? 0) + (isNewSchema ? 1 : 0);
    const revision = integerIn(taken, "event_types_revision");
    put.run(
      tenant,
      name,
      description ?? null,
      example ?? null,
      validation ?? null,
      isDeprecated ? 1 : 0,
      successor ?? null,
      schemaVersion,
      revision,
      now,
    );
    if (isNewSchema) {
      insertVersion.run(tenant, name, schemaVersion, schema ?? null, now);
    }
    return eventTypeOf(find.get(tenant, name) ?? {});
  };
}
