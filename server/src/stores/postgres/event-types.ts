import type { Clock } from "../../clock.ts";
import type { EventTypeChange, EventTypeRegistry } from "../../event-type-registry.ts";
import { EVENT_TYPES_MAX, type EventType } from "../../model/event-type.ts";
import { integerIn } from "../columns.ts";
import { NEWEST } from "../page-start.ts";
import { eventTypeOf, eventTypeRuleOf, schemaVersionOf } from "../registry-rows.ts";
import type { Database, Session } from "./database.ts";
import {
  COUNT_EVENT_TYPES,
  DELETE_EVENT_TYPE,
  FIND_EVENT_TYPE,
  INSERT_SCHEMA_VERSION,
  LIST_EVENT_TYPES,
  LIST_SCHEMA_VERSIONS,
  LOCK_TENANT,
  PUT_EVENT_TYPE,
  READ_EVENT_TYPE_RULES,
  TAKE_REVISION,
} from "./queries/event-types.ts";

// A page without `after` begins at the first name, and one without `before` at the newest version.
const FIRST = "";
/** Event types over a database. */
export function createEventTypes(database: Database, clock: Clock): EventTypeRegistry {
  return {
    putEventType: (change) => database.transaction((session) => putEventType(session, change)),
    deleteEventType: (tenant, name) =>
      database.transaction(async (session) => {
        const [live] = await session.rows(LOCK_TENANT, tenant);
        if (live === undefined || (await session.run(DELETE_EVENT_TYPE, tenant, name, clock.now())) === 0) {
          return false;
        }
        await session.run(TAKE_REVISION, tenant);
        return true;
      }),
    async findEventType(tenant, name) {
      const [row] = await database.rows(FIND_EVENT_TYPE, tenant, name);
      return row && eventTypeOf(row);
    },
    async listEventTypes({ tenant, after = FIRST, limit }) {
      return (await database.rows(LIST_EVENT_TYPES, tenant, after, limit)).map(eventTypeOf);
    },
    async listSchemaVersions({ tenant, name, before = NEWEST, limit }) {
      return (await database.rows(LIST_SCHEMA_VERSIONS, tenant, name, before, limit)).map(schemaVersionOf);
    },
    async readEventTypeRules(tenant) {
      return (await database.rows(READ_EVENT_TYPE_RULES, tenant)).map(eventTypeRuleOf);
    },
  };
}

/** Everything is decided before anything is written: what is refused leaves nothing. */
async function putEventType(
  session: Session,
  { tenant, name, seen, config, now }: EventTypeChange,
): Promise<EventType | "too_many_event_types" | undefined> {
  const [live] = await session.rows(LOCK_TENANT, tenant);
  const [found] = await session.rows(FIND_EVENT_TYPE, tenant, name);
  const known = found && eventTypeOf(found);
  if (live === undefined || (known?.revision ?? 0) !== seen) {
    return undefined;
  }
  const [counted = {}] = await session.rows(COUNT_EVENT_TYPES, tenant);
  if (known === undefined && integerIn(counted, "count") >= EVENT_TYPES_MAX) {
    return "too_many_event_types";
  }
  const [taken = {}] = await session.rows(TAKE_REVISION, tenant);
  const { description, schema, example, validation, isDeprecated, successor } = config;
  const [newest] = (await session.rows(LIST_SCHEMA_VERSIONS, tenant, name, NEWEST, 1)).map(schemaVersionOf);
  const isNewSchema = schema !== newest?.schema;
  const schemaVersion = (newest?.version ?? 0) + (isNewSchema ? 1 : 0);
  const revision = integerIn(taken, "event_types_revision");
  const state = [description, example, validation, isDeprecated ? 1 : 0, successor];
  await session.run(PUT_EVENT_TYPE, tenant, name, ...state, schemaVersion, revision, now);
  if (isNewSchema) {
    await session.run(INSERT_SCHEMA_VERSION, tenant, name, schemaVersion, schema, now);
  }
  const [put = {}] = await session.rows(FIND_EVENT_TYPE, tenant, name);
  return eventTypeOf(put);
}
