import type { EventMeta } from "../model/event.ts";
import { isSubscribed } from "../model/subscription.ts";
import type { LogQuery } from "../store.ts";

/** Says whether a query of a tenant's log asks for this type, or for this event because of its `to`. */
export function isOfTypes({ types }: LogQuery, event: EventMeta): boolean {
  return event.to !== undefined || isSubscribed(types, event.type);
}
