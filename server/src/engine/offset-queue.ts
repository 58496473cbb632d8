import type { Offset } from "../model/offset.ts";

/** Offsets in the order in which they came, which for a lane is ascending; taken from the front. */
export interface OffsetQueue {
  readonly length: number;
  push(offset: Offset): void;
  /** Puts back what was taken, before what is later. */
  putBack(offsets: readonly Offset[]): void;
  peek(): Offset | undefined;
  /** Takes at most so many. Default for `before`: whatever the offset. */
  take(count: number, before?: Offset): Offset[];
  /** Takes one out, wherever it stands; false if it is not there. */
  remove(offset: Offset): boolean;
  /** Keeps only what `keep` says yes to. */
  filter(keep: (offset: Offset) => boolean): void;
}

export function createOffsetQueue(): OffsetQueue {
  let offsets: Offset[] = [];
  // Taking from the front moves this index instead of the array; what lies before it is dropped now and then.
  let front = 0;

  return {
    get length() {
      return offsets.length - front;
    },
    push(offset) {
      offsets.push(offset);
    },
    putBack(back) {
      const rest = offsets.slice(front);
      offsets = [...back, ...rest];
      front = 0;
      // Of several that were on their way, a later one may have come back first.
      if ((rest[0] ?? Infinity) < (back.at(-1) ?? 0)) {
        offsets.sort((a, b) => a - b);
      }
    },
    peek: () => offsets[front],
    take(count, before = Infinity) {
      const first = offsets.slice(front, front + count);
      const end = first.findIndex((offset) => offset >= before);
      const taken = end === -1 ? first : first.slice(0, end);
      front += taken.length;
      if (front > 256 && front * 2 > offsets.length) {
        offsets = offsets.slice(front);
        front = 0;
      }
      return taken;
    },
    remove(offset) {
      const place = offsets.indexOf(offset, front);
      if (place === -1) {
        return false;
      }
      offsets.splice(place, 1);
      return true;
    },
    filter(keep) {
      offsets = offsets.slice(front).filter(keep);
      front = 0;
    },
  };
}
