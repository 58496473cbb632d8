/** A binary heap: the least item by `compare` comes out first. */
export interface Heap<T> {
  readonly size: number;
  push(item: T): void;
  peek(): T | undefined;
  pop(): T | undefined;
  /** All items, in no order. */
  items(): readonly T[];
  clear(): void;
}

export function createHeap<T>(compare: (a: T, b: T) => number): Heap<T> {
  const items: T[] = [];

  function at(index: number): T {
    const item = items[index];
    if (item === undefined) {
      throw new Error(`a heap of ${items.length} has an item ${index}`);
    }
    return item;
  }

  function isBefore(a: number, b: number): boolean {
    return compare(at(a), at(b)) < 0;
  }

  function swap(a: number, b: number): void {
    const item = at(a);
    items[a] = at(b);
    items[b] = item;
  }

  function sink(from: number): void {
    let place = from;
    for (;;) {
      const left = 2 * place + 1;
      const right = left + 1;
      let least = place;
      if (left < items.length && isBefore(left, least)) {
        least = left;
      }
      if (right < items.length && isBefore(right, least)) {
        least = right;
      }
      if (least === place) {
        return;
      }
      swap(place, least);
      place = least;
    }
  }

  return {
    get size() {
      return items.length;
    },
    push(item) {
      items.push(item);
      let place = items.length - 1;
      while (place > 0) {
        const parent = (place - 1) >> 1;
        if (!isBefore(place, parent)) {
          return;
        }
        swap(place, parent);
        place = parent;
      }
    },
    peek: () => items[0],
    pop() {
      const first = items[0];
      const last = items.pop();
      if (items.length > 0 && last !== undefined) {
        items[0] = last;
        sink(0);
      }
      return first;
    },
    items: () => items,
    clear() {
      items.length = 0;
    },
  };
}
