import type { StoredEvent } from "../model/event.ts";
import type { Offset } from "../model/offset.ts";

/** Events kept for lanes that will send them soon, bounded in bytes; the oldest go first. */
export interface Payloads {
  put(event: StoredEvent): void;
  get(offset: Offset): StoredEvent | undefined;
}

// What an event costs beside its data: its object, its strings, its place in the map.
const EVENT_OVERHEAD_BYTES = 300;

export function createPayloads(bytesMax: number): Payloads {
  const events = new Map<Offset, StoredEvent>();
  let bytes = 0;

  function forget(event: StoredEvent): void {
    events.delete(event.offset);
    bytes -= event.data.byteLength + EVENT_OVERHEAD_BYTES;
  }

  return {
    put(event) {
      if (events.has(event.offset)) {
        return;
      }
      events.set(event.offset, event);
      bytes += event.data.byteLength + EVENT_OVERHEAD_BYTES;
      for (const oldest of events.values()) {
        if (bytes <= bytesMax || oldest === event) {
          return;
        }
        forget(oldest);
      }
    },
    get: (offset) => events.get(offset),
  };
}
