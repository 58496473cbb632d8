import type { Intent, ProducerEntry, Vendor } from "./logs.ts";

/**
 * Finds the events that may stand in the log after what their stream submitted next: it had not read an
 * answer when it went on.
 */
export function lateEvents(log: readonly ProducerEntry[]): ReadonlySet<number> {
  const late = new Set<number>();
  const unanswered = new Map<Vendor, Intent>();
  for (const entry of log) {
    if (entry.kind === "acknowledged") {
      for (const [vendor, { request }] of unanswered) {
        if (request === entry.request) {
          unanswered.delete(vendor);
        }
      }
      continue;
    }
    for (const vendor of new Set(entry.events.map((event) => event.vendor))) {
      for (const { number } of unanswered.get(vendor)?.events ?? []) {
        late.add(number);
      }
      unanswered.set(vendor, entry);
    }
  }
  return late;
}
