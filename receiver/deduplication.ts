/**
 * Remembers which events were taken: two methods, over whatever database you have.
 *
 * An event is remembered after your function has taken it, never before. So a crash between the two lets the
 * sender send it again, and your function see it twice; the other way round it would be lost.
 */
export interface DedupeStore {
  /** Tells whether the key was remembered. */
  seen(key: string): boolean | Promise<boolean>;
  /** Keeps the key for as long as the sender may repeat itself, days rather than hours. It may come twice. */
  remember(key: string): void | Promise<void>;
}

export interface MemoryStoreOptions {
  /** How many keys are kept; the oldest are forgotten first. Default: 10,000. */
  readonly keysMax?: number;
}

/**
 * Makes a store in memory: for one process, and until it ends.
 *
 * @example
 * ```ts
 * const dedupe = memoryStore({ keysMax: 100_000 });
 * ```
 */
export function memoryStore({ keysMax = 10_000 }: MemoryStoreOptions = {}): DedupeStore {
  if (!Number.isInteger(keysMax) || keysMax < 1) {
    throw new Error(`keysMax must be a whole number from 1, got ${keysMax}`);
  }
  // A set keeps its order.
  const keys = new Set<string>();
  return {
    seen: (key) => keys.has(key),
    remember(key) {
      keys.add(key);
      for (const oldest of keys) {
        if (keys.size <= keysMax) {
          return;
        }
        keys.delete(oldest);
      }
    },
  };
}
