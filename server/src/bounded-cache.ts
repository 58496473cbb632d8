/** Values that can be had again, kept while there is room; those not asked for the longest go first. */
export interface BoundedCache<Key, Value> {
  get(key: Key): Value | undefined;
  /** Keeps a value that takes so much of the room. */
  set(key: Key, value: Value, size: number): void;
  delete(key: Key): void;
  clear(): void;
}

export function createBoundedCache<Key, Value>(sizeMax: number): BoundedCache<Key, Value> {
  const kept = new Map<Key, { readonly value: Value; readonly size: number }>();
  let total = 0;

  function drop(key: Key): void {
    total -= kept.get(key)?.size ?? 0;
    kept.delete(key);
  }

  return {
    get(key) {
      const found = kept.get(key);
      if (found !== undefined) {
        // A map keeps the order in which its keys came.
        kept.delete(key);
        kept.set(key, found);
      }
      return found?.value;
    },
    set(key, value, size) {
      drop(key);
      kept.set(key, { value, size });
      total += size;
      for (const oldest of kept.keys()) {
        if (total <= sizeMax || oldest === key) {
          return;
        }
        drop(oldest);
      }
    },
    delete: drop,
    clear() {
      kept.clear();
      total = 0;
    },
  };
}
