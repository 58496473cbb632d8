import type { NewEvent } from "../../model/event.ts";
import { bigints, byteas, texts } from "./binary-arrays.ts";

/** An event of a tenant, before it has a place in the log. */
interface EventOfTenant {
  readonly tenant: number;
  readonly event: NewEvent;
}

/** The columns of events to be stored: as many parameters of a statement, in the order of its `unnest`. */
export function eventColumns(events: readonly EventOfTenant[]): readonly Buffer[] {
  return [
    bigints(events.map(({ tenant }) => tenant)),
    texts(events.map(({ event }) => event.type.toWellFormed())),
    texts(events.map(({ event }) => event.subject?.toWellFormed())),
    bigints(events.map(({ event }) => event.occurredAt)),
    bigints(events.map(({ event }) => event.expiresAt)),
    bigints(events.map(({ event }) => event.to)),
    byteas(events.map(({ event }) => event.data)),
  ];
}

/** The extensions of events to be stored; undefined where none has any, as nearly always. */
export function extensionsColumn(events: readonly EventOfTenant[]): Buffer | undefined {
  return events.some(({ event }) => event.extensions !== undefined)
    ? texts(events.map(({ event }) => event.extensions && JSON.stringify(event.extensions)))
    : undefined;
}
