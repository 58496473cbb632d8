import type { ListedEvent, StoredEvent } from "./event.ts";
import type { Offset } from "./offset.ts";

/**
 * What a person wants gone for good, of what was accepted before it was asked for: a tenant's events between
 * two offsets, both included, all of them or those with one subject.
 */
export interface Erasure {
  readonly number: number;
  /** The tenant's number. */
  readonly tenant: number;
  /** Undefined: whatever the subject. */
  readonly subject: string | undefined;
  /** What lies before it is erased already. */
  readonly from: Offset;
  readonly to: Offset;
}

/** What is left of `data`: no bytes, which no JSON text is. Everything that routing goes by stays. */
export const ERASED_DATA = new Uint8Array(0);

export function isErased(event: StoredEvent | ListedEvent): boolean {
  return ("data" in event ? event.data.byteLength : event.dataBytes) === 0;
}
