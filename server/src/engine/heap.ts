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

  function isBefore(a: number, b: number): boolean {
    return compare(items[a] as T, items[b] as T) < 0;
  }

  function swap(a: number, b: number): void {
    const item = items[a] as T;
    items[a] = items[b] as T;
    items[b] = item;
  }

  function sink(from: number): void {
    let at = from;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      let least = at;
      if (left < items.length && isBefore(left, least)) {
        least = left;
      }
      if (right < items.length && isBefore(right, least)) {
        least = right;
      }
      if (least === at) {
        return;
      }
      swap(at, least);
      at = least;
    }
  }

  return {
    get size() {
      return items.length;
    },
    push(item) {
      items.push(item);
      let at = items.length - 1;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!isBefore(at, parent)) {
          return;
        }
        swap(at, parent);
        at = parent;
      }
    },
    peek: () => items[0],
    pop() {
      const first = items[0];
      const last = items.pop();
      if (items.length > 0) {
        items[0] = last as T;
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
