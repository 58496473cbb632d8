import type { EventMeta } from "../model/event.ts";
import { isSubscribed } from "../model/subscription.ts";
import type { EventQuery } from "../reader.ts";
import type { LogQuery } from "../store.ts";
import type { Wanted } from "./directory/block.ts";
import type { HashSubject } from "./directory/subject-hash.ts";

/** Says whether a query of a tenant's log asks for this type, or for this event because of its `to`. */
export function isOfTypes({ types }: LogQuery, event: EventMeta): boolean {
  return event.to !== undefined || isSubscribed(types, event.type);
}

/** Returns what a list asks the directory for. */
export function wantedBy({ tenant, type, types, subject }: EventQuery, hashSubject: HashSubject): Wanted {
  return {
    tenant,
    types: type === undefined ? types : [type.toWellFormed()],
    hasAddressed: type === undefined,
    subjectHash: subject === undefined ? undefined : hashSubject(subject),
  };
}
