/**
 * The part of the port for configuration that holds the event types of tenants. Every change raises the
 * tenant's `eventTypesRevision`, so that whoever keeps something of them sees that it is old, whichever node
 * made the change.
 */
import type { EventType, EventTypeConfig, EventTypeRule, SchemaVersion } from "./model/event-type.ts";

export interface EventTypeRegistry {
  /**
   * Registers an event type or changes it as a whole; another schema is the name's next version. Undefined,
   * and nothing changed, if it is not as it was `seen`, or its tenant is deleted; `too_many_event_types` if
   * the tenant would have more than may be.
   */
  putEventType(change: EventTypeChange): Promise<EventType | "too_many_event_types" | undefined>;
  /** Takes an event type away; its schemas stay readable. Returns whether there was one. */
  deleteEventType(tenant: number, name: string): Promise<boolean>;
  findEventType(tenant: number, name: string): Promise<EventType | undefined>;
  /** By name; `after` is the last name of the page before. */
  listEventTypes(page: {
    tenant: number;
    after: string | undefined;
    limit: number;
  }): Promise<readonly EventType[]>;
  /** Newest first; `before` is the last version of the page before. */
  listSchemaVersions(page: {
    tenant: number;
    name: string;
    before: number | undefined;
    limit: number;
  }): Promise<readonly SchemaVersion[]>;
  /** Reads what must be known to accept events, of every event type of a tenant. */
  readEventTypeRules(tenant: number): Promise<readonly EventTypeRule[]>;
}

export interface EventTypeChange {
  readonly tenant: number;
  readonly name: string;
  /** The revision of the event type when the change was decided; 0: there was none. */
  readonly seen: number;
  readonly config: EventTypeConfig;
  readonly now: number;
}
