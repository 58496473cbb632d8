/** Rows in the order of their keys, as the index of a database holds them. A row carries its key. */
export interface Ordered<Key, Row extends Key> {
  readonly rows: readonly Row[];
  /** Adds a row, or replaces the one that has its key. */
  put(row: Row): void;
  /** Removes the row of a key, if there is one. */
  remove(key: Key): void;
  find(key: Key): Row | undefined;
  /** Returns how many rows stand before a key. */
  countBefore(key: Key): number;
}

/** Makes an empty table ordered by `compare`. Adding at the end is cheap. */
export function createOrdered<Key, Row extends Key = Key & object>(
  compare: (one: Key, other: Key) => number,
): Ordered<Key, Row> {
  const rows: Row[] = [];

  const countBefore = (key: Key): number => {
    const last = rows.at(-1);
    if (last === undefined || compare(last, key) < 0) {
      return rows.length;
    }
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = rows[middle];
      if (row !== undefined && compare(row, key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  };
  const find = (key: Key): Row | undefined => {
    const row = rows[countBefore(key)];
    return row !== undefined && compare(row, key) === 0 ? row : undefined;
  };

  return {
    rows,
    find,
    countBefore,
    put(row) {
      const place = countBefore(row);
      rows.splice(place, find(row) === undefined ? 0 : 1, row);
    },
    remove(key) {
      if (find(key) !== undefined) {
        rows.splice(countBefore(key), 1);
      }
    },
  };
}
