import type { StoredEvent } from "../server/src/model/event.ts";
import type { Ids } from "../server/src/model/ids.ts";
import type { Offset } from "../server/src/model/offset.ts";

/** An event that the producer submitted, known by a number that stands in its data. */
export interface SubmittedEvent {
  readonly serial: number;
  /** The tenant's number. */
  readonly tenant: number;
  readonly type: string;
  readonly data: string;
  readonly expiresAt: number | undefined;
  readonly to: number | undefined;
}

/** The producer's own log, and where the store put what is in it. */
export interface Book {
  submit(event: Omit<SubmittedEvent, "serial" | "data">, dataOf: (serial: number) => string): SubmittedEvent;
  readonly submitted: readonly SubmittedEvent[];
  event(serial: number): SubmittedEvent | undefined;
  /** Notes what the store has committed. What the server tells of itself gets a number of its own. */
  store(event: StoredEvent): void;
  /** In the order of the log. */
  readonly stored: readonly StoredEvent[];
  /** Notes what the store has forgotten, because it was too old. */
  forget(offset: Offset): void;
  isForgotten(offset: Offset): boolean;
  readonly hasForgotten: boolean;
  offsetOf(serial: number): Offset | undefined;
  serialAt(offset: Offset): number | undefined;
  /** By the id that receivers see. */
  serialOf(id: string): number | undefined;
}

// Beyond what any producer submits.
const RAISED_SERIALS_FROM = 1_000_000;

export function createBook(ids: Ids): Book {
  const submitted: SubmittedEvent[] = [];
  const stored: StoredEvent[] = [];
  const offsets = new Map<number, Offset>();
  const serials = new Map<Offset, number>();
  const forgotten = new Set<Offset>();

  return {
    submitted,
    stored,
    submit(draft, dataOf) {
      const serial = submitted.length;
      const event = { ...draft, serial, data: dataOf(serial) };
      submitted.push(event);
      return event;
    },
    event: (serial) => submitted[serial],
    store(event) {
      if (serials.has(event.offset)) {
        return;
      }
      const digits = /"serial":(\d+)/.exec(new TextDecoder().decode(event.data))?.[1];
      const serial = digits === undefined ? RAISED_SERIALS_FROM + stored.length : Number(digits);
      const place = stored.findLastIndex(({ offset }) => offset < event.offset) + 1;
      stored.splice(place, 0, event);
      offsets.set(serial, event.offset);
      serials.set(event.offset, serial);
    },
    forget: (offset) => void forgotten.add(offset),
    isForgotten: (offset) => forgotten.has(offset),
    get hasForgotten() {
      return forgotten.size > 0;
    },
    offsetOf: (serial) => offsets.get(serial),
    serialAt: (offset) => serials.get(offset),
    serialOf(id) {
      const offset = ids.eventPlaceOf(id)?.offset;
      return offset === undefined ? undefined : serials.get(offset);
    },
  };
}
