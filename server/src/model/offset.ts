/**
 * A place in the log. Milliseconds since 2020 times 4096, plus a counter: strictly increasing in commit
 * order, at most 53 bits, with gaps. So a time is an offset, and an offset tells its time.
 */
export type Offset = number;

/** 2020-01-01T00:00:00Z in milliseconds since 1970. */
const LOG_EPOCH_MS = 1_577_836_800_000;

export const OFFSETS_PER_MS = 4096;

/** Returns the offset that follows `head` at the time `nowMs` (milliseconds since 1970). */
export function nextOffset(head: Offset, nowMs: number): Offset {
  return Math.max(head + 1, offsetAt(nowMs));
}

/** Returns the first offset of a millisecond; times before 2020 give 0. */
export function offsetAt(atMs: number): Offset {
  return Math.max(0, Math.floor(atMs) - LOG_EPOCH_MS) * OFFSETS_PER_MS;
}

/** Returns the millisecond since 1970 that an offset stands for. */
export function timeOfOffset(offset: Offset): number {
  return Math.floor(offset / OFFSETS_PER_MS) + LOG_EPOCH_MS;
}
