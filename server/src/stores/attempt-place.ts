import type { Offset } from "../model/offset.ts";
import type { AttemptPosition } from "../reader.ts";

/** Stands before every attempt at an event: endpoints count from 1. */
export function firstPlaceAt(offset: Offset): AttemptPosition {
  return { offset, endpoint: 0, cursor: 0, number: 0 };
}

/** Returns the last offset that may have attempts before a place. */
export function lastOffsetBefore({ offset, endpoint }: AttemptPosition): Offset {
  return endpoint === 0 ? offset - 1 : offset;
}
