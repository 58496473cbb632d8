import { type BoundedCache, createBoundedCache } from "../../bounded-cache.ts";
import type { Connections } from "./connections.ts";

/** Finds what every request asks for, by a key that is text. */
export type Lookup<Found> = (key: string) => Promise<Found | undefined>;

export interface Lookups {
  /** As those given, but that a write forgets all that was found. */
  readonly connections: Connections;
  /** Makes a lookup of a query, which is asked again only after a write. */
  lookup<Found>(query: (key: string) => Found | undefined): Lookup<Found>;
}

// Of one kind. A tenant or a key takes about 1 KB.
export const FOUND_MAX = 10_000;

/**
 * Keeps what is looked up with every request, so that most requests neither ask the database nor wait for the
 * sync under way: what is here was durable when it was read, and everything that can change it is written by
 * these `connections`. What is not there is not kept: anybody can ask for it.
 */
export function createLookups(connections: Connections): Lookups {
  const caches: Pick<BoundedCache<string, unknown>, "clear">[] = [];

  function forget(): void {
    for (const found of caches) {
      found.clear();
    }
  }

  return {
    connections: {
      ...connections,
      write: (operation) =>
        connections.write(() => {
          // Whoever asks from now on waits until it is durable.
          forget();
          return operation();
        }),
    },
    lookup<Found>(query: (key: string) => Found | undefined) {
      const cache = createBoundedCache<string, Found>(FOUND_MAX);
      caches.push(cache);
      const ask = (key: string): Found | undefined => {
        const found = query(key);
        if (found !== undefined) {
          cache.set(key, found, 1);
        }
        return found;
      };
      return async (key) => {
        connections.assertOpen();
        return cache.get(key) ?? (await connections.read(() => ask(key)));
      };
    },
  };
}
