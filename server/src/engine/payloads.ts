import { type StoredEvent, saidBytesOf } from "../model/event.ts";
import type { Offset } from "../model/offset.ts";
import { createOffsetQueue } from "./offset-queue.ts";

/** Events kept for lanes that will send them soon, bounded in bytes; the oldest go first. */
export interface Payloads {
  /**
   * Keeps an event. One that may have been erased since it was read is not kept: `seen` is `forgettings` as
   * it was before the event was read; an event that was just accepted has none.
   */
  put(event: StoredEvent, seen?: number): void;
  /** Whether what is known of an event may be of a time before its erasure; `seen` as for `put`. */
  mayBeErased(offset: Offset, seen: number | undefined): boolean;
  get(offset: Offset): StoredEvent | undefined;
  /** Forgets events that are erased now; others up to `to` are to be. */
  forget(offsets: readonly Offset[], to: Offset): void;
  /** How often events were forgotten. */
  readonly forgettings: number;
}

// What an event costs beside what it says: its object, its strings, its place in the map.
const EVENT_OVERHEAD_BYTES = 300;

export function createPayloads(bytesMax: number): Payloads {
  const events = new Map<Offset, StoredEvent>();
  // The order in which they came. The map has it, too, but finds its first entry by passing over every one
  // that was deleted before it.
  const order = createOffsetQueue();
  let bytes = 0;
  let forgettings = 0;
  let forgottenTo: Offset = 0;

  function forgetOldest(): void {
    order.take(1).forEach(remove);
  }

  function remove(offset: Offset): void {
    const event = events.get(offset);
    if (event !== undefined) {
      bytes -= saidBytesOf(event) + EVENT_OVERHEAD_BYTES;
      events.delete(offset);
    }
  }

  function mayBeErased(offset: Offset, seen: number | undefined): boolean {
    return offset <= forgottenTo && seen !== forgettings;
  }

  return {
    mayBeErased,
    put(event, seen) {
      if (mayBeErased(event.offset, seen) || events.has(event.offset)) {
        return;
      }
      events.set(event.offset, event);
      order.push(event.offset);
      bytes += saidBytesOf(event) + EVENT_OVERHEAD_BYTES;
      while (bytes > bytesMax && order.length > 1) {
        forgetOldest();
      }
    },
    get: (offset) => events.get(offset),
    forget(offsets, to) {
      offsets.forEach(remove);
      forgettings += 1;
      forgottenTo = Math.max(forgottenTo, to);
    },
    get forgettings() {
      return forgettings;
    },
  };
}
