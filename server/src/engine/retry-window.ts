import type { DeliveryKey, Retry } from "../model/delivery.ts";
import type { RetryPlace } from "../store.ts";
import { isDue } from "./due.ts";
import { createHeap } from "./heap.ts";

/**
 * The retries due next, in memory; those beyond the horizon stay in the store until the window has room.
 * Everything at or before the horizon that is neither due nor in flight is in here.
 */
export interface RetryWindow {
  /** Takes over a retry that is stored now. */
  add(retry: Retry): void;
  /** Takes out one retry, so that it is not sent; undefined if it is not in the window. */
  remove(key: DeliveryKey): Retry | undefined;
  /** Those of an endpoint that wait in the window. */
  waitingFor(endpoint: number): readonly Retry[];
  /** Takes out every retry of an endpoint of which `isOver` says yes. */
  removeWhere(endpoint: number, isOver: (retry: Retry) => boolean): void;
  /** Takes out what is due; each is to be claimed before it is sent. */
  takeDue(now: number): readonly Retry[];
  /** Says, once, whether a retry that was due is still to be sent: it was not removed since. */
  claim(retry: Retry): boolean;
  /** When the next one is due; undefined if none is known. */
  nextDueAt(): number | undefined;
  /** Whether there may be more beyond the horizon, and room for them. */
  wantsMore(): boolean;
  /** Reads the next page from the store. */
  load(read: (after: RetryPlace | undefined, limit: number) => Promise<readonly Retry[]>): Promise<void>;
}

export function createRetryWindow(sizeMax: number): RetryWindow {
  const due = createHeap<Retry>(comparePlaces);
  // What is in the window; an entry of the heap that is not in here any more is passed over.
  const present = new Map<string, Retry>();
  let horizon: RetryPlace | "start" | "end" = "start";
  // Taken because they were due, and not claimed yet.
  const taken = new Map<string, Retry>();
  let isLoading = false;
  // What changed while a page was being read, and may stand in that page as it was.
  let touched = new Map<string, Retry | undefined>();
  let removals: { readonly endpoint: number; readonly isOver: (retry: Retry) => boolean }[] = [];

  function insert(retry: Retry): void {
    present.set(keyOf(retry), retry);
    due.push(retry);
  }

  function isWithin(retry: Retry): boolean {
    return horizon === "end" || (horizon !== "start" && comparePlaces(retry, horizon) <= 0);
  }

  function shrink(): void {
    const kept = [...present.values()].sort(comparePlaces).slice(0, sizeMax);
    horizon = kept.at(-1) ?? "start";
    present.clear();
    due.clear();
    kept.forEach(insert);
  }

  function add(retry: Retry): void {
    if (isLoading) {
      touched.set(keyOf(retry), retry);
    }
    present.delete(keyOf(retry));
    if (isWithin(retry)) {
      insert(retry);
    }
    // While a page is read, the horizon must stay where the page begins.
    if (present.size > 2 * sizeMax && !isLoading) {
      shrink();
    }
  }

  function remove(key: DeliveryKey): Retry | undefined {
    const id = keyOf(key);
    if (isLoading) {
      touched.set(id, undefined);
    }
    const retry = present.get(id) ?? taken.get(id);
    present.delete(id);
    taken.delete(id);
    return retry;
  }

  function peek(): Retry | undefined {
    for (let first = due.peek(); first !== undefined; first = due.peek()) {
      if (present.get(keyOf(first)) === first) {
        return first;
      }
      due.pop();
    }
    return undefined;
  }

  return {
    add,
    remove,
    waitingFor: (endpoint) => [...present.values()].filter((retry) => retry.endpoint === endpoint),
    removeWhere(endpoint, isOver) {
      if (isLoading) {
        removals.push({ endpoint, isOver });
      }
      for (const retry of [...present.values(), ...taken.values(), ...touched.values()]) {
        if (retry?.endpoint === endpoint && isOver(retry)) {
          remove(retry);
        }
      }
    },
    takeDue(now) {
      const takenNow: Retry[] = [];
      for (let first = peek(); first !== undefined && isDue(first.dueAt, now); first = peek()) {
        due.pop();
        remove(first);
        taken.set(keyOf(first), first);
        takenNow.push(first);
      }
      return takenNow;
    },
    claim: (retry) => taken.get(keyOf(retry)) === retry && taken.delete(keyOf(retry)),
    nextDueAt: () => peek()?.dueAt,
    wantsMore: () => !isLoading && horizon !== "end" && present.size < sizeMax / 2,
    async load(read) {
      isLoading = true;
      touched = new Map();
      removals = [];
      try {
        const after = horizon === "start" || horizon === "end" ? undefined : horizon;
        const page = await read(after, sizeMax);
        horizon = page.length < sizeMax ? "end" : (page.at(-1) ?? "end");
        isLoading = false;
        for (const retry of page) {
          const isRemoved = removals.some(
            ({ endpoint, isOver }) => endpoint === retry.endpoint && isOver(retry),
          );
          if (!touched.has(keyOf(retry)) && !isRemoved) {
            insert(retry);
          }
        }
        for (const retry of touched.values()) {
          if (retry !== undefined) {
            add(retry);
          }
        }
      } finally {
        isLoading = false;
        touched.clear();
      }
    },
  };
}

function keyOf({ endpoint, cursor, offset }: DeliveryKey): string {
  return `${endpoint}/${cursor}/${offset}`;
}

/** The store's order: due_at, endpoint, cursor, offset. */
function comparePlaces(a: RetryPlace, b: RetryPlace): number {
  return a.dueAt - b.dueAt || a.endpoint - b.endpoint || a.cursor - b.cursor || a.offset - b.offset;
}
