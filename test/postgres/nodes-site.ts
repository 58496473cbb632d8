import { setTimeout } from "node:timers/promises";
import type { Place, Site } from "../crash/site.ts";

// Between two requests of a stream of which the first had no good answer.
const AGAIN_MS = 50;

/** Where several nodes serve at a time: every request goes to the next of them. */
export interface NodesSite extends Site {
  withdraw(life: number): void;
}

/** Counts tickets in place of lives: a request that failed is made again with a greater one, elsewhere. */
export function createNodesSite(): NodesSite {
  const urls = new Map<number, string>();
  let tickets = 0;
  let isClosed = false;
  let opened = Promise.withResolvers<void>();

  function wake(): void {
    opened.resolve();
    opened = Promise.withResolvers();
  }

  return {
    async after(ticket): Promise<Place | undefined> {
      if (ticket > 0) {
        await setTimeout(AGAIN_MS);
      }
      while (urls.size === 0 && !isClosed) {
        await opened.promise;
      }
      tickets += 1;
      const url = [...urls.values()][tickets % urls.size];
      return isClosed || url === undefined ? undefined : { life: tickets, url };
    },
    announce({ life, url }) {
      urls.set(life, url);
      wake();
    },
    withdraw(life) {
      urls.delete(life);
    },
    close() {
      isClosed = true;
      wake();
    },
  };
}
