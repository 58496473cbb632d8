import type { StoredEvent } from "../model/event.ts";
import type { Offset } from "../model/offset.ts";
import { createOffsetQueue } from "./offset-queue.ts";

/** Events kept for lanes that will send them soon, bounded in bytes; the oldest go first. */
export interface Payloads {
  put(event: StoredEvent): void;
  get(offset: Offset): StoredEvent | undefined;
}

// What an event costs beside its data: its object, its strings, its place in the map.
const EVENT_OVERHEAD_BYTES = 300;

export function createPayloads(bytesMax: number): Payloads {
  const events = new Map<Offset, StoredEvent>();
  // The order in which they came. The map has it, too, but finds its first entry by passing over every one
  // that was deleted before it.
  const order = createOffsetQueue();
  let bytes = 0;

  function forgetOldest(): void {
    for (const offset of order.take(1)) {
      bytes -= (events.get(offset)?.data.byteLength ?? 0) + EVENT_OVERHEAD_BYTES;
      events.delete(offset);
    }
  }

  return {
    put(event) {
      if (events.has(event.offset)) {
        return;
      }
      events.set(event.offset, event);
      order.push(event.offset);
      bytes += event.data.byteLength + EVENT_OVERHEAD_BYTES;
      while (bytes > bytesMax && order.length > 1) {
        forgetOldest();
      }
    },
    get: (offset) => events.get(offset),
  };
}
