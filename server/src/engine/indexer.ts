import type { Clock } from "../clock.ts";
import type { IndexedEvent } from "../facts.ts";
import type { Offset } from "../model/offset.ts";
import type { Store } from "../store.ts";
import type { Flusher } from "./flusher.ts";
import type { Routed } from "./follower.ts";
import type { LeaseState } from "./lease-state.ts";
import type { Limits } from "./limits.ts";
import type { Payloads } from "./payloads.ts";
import { READ_AGAIN_MS, turn, wait } from "./wait.ts";
import { NO_ENDPOINT } from "./write-apart.ts";

/**
 * Writes the directory behind the head: what was routed is gathered, and stored with the next flush whenever
 * there is a block of it. What was gathered and not stored when a process ends is read from the log again.
 */
export interface Indexer {
  /** Takes what was routed last; what it missed before, it reads. */
  noteRouted(routed: Routed): void;
  /** Forgets the subjects of events that are erased now. */
  forget(offsets: readonly Offset[]): void;
  stop(): void;
}

export interface IndexerPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly flusher: Pick<Flusher, "add">;
  readonly payloads: Pick<Payloads, "forgettings" | "mayBeErased">;
  readonly onFailed: (error: unknown) => void;
}

interface Gathered extends Omit<IndexedEvent, "subject"> {
  subject: string | undefined;
}

export function createIndexer(state: LeaseState, ports: IndexerPorts): Indexer {
  const { store, clock, limits, flusher, payloads } = ports;
  const lease = state.lease.id;
  // Of the block that comes next, which begins after `blockAfter`.
  let gathered: Gathered[] = [];
  let blockAfter: Offset = state.lease.directoryTo;
  let gatheredTo: Offset = blockAfter;
  // Blocks that are not durable yet.
  const undone = new Set<readonly Gathered[]>();
  let isReading = false;
  let isStopped = false;

  function gather({ to: end, events }: Pick<Routed, "to" | "events">): void {
    for (const { offset, tenant, type, subject, to } of events) {
      if (offset > gatheredTo) {
        gathered.push({ offset, tenant, type, subject, to });
        gatheredTo = offset;
        if (gathered.length === limits.directoryBlockEvents) {
          storeBlock();
        }
      }
    }
    gatheredTo = Math.max(gatheredTo, end);
  }

  function storeBlock(): void {
    const block = { after: blockAfter, to: gatheredTo, events: gathered };
    blockAfter = gatheredTo;
    gathered = [];
    undone.add(block.events);
    flusher.add({
      endpoint: NO_ENDPOINT,
      contribute: (facts) => facts.directory.push(block),
      applied: () => undone.delete(block.events),
      // Where a block is missing the log itself is read.
      failed: () => undone.delete(block.events),
    });
  }

  async function readOn(): Promise<void> {
    while (gatheredTo < state.routedTo && !isStopped) {
      const { forgettings } = payloads;
      const page = await store.readLog({
        lease,
        after: gatheredTo,
        to: state.routedTo,
        limit: limits.pageEventsMax,
        bytesMax: limits.pageBytesMax,
      });
      if (payloads.forgettings === forgettings) {
        gather({ to: page.scannedTo, events: page.events });
      }
      await turn(clock);
    }
  }

  function startReading(): void {
    if (isReading || isStopped) {
      return;
    }
    isReading = true;
    readOn()
      .catch((error: unknown) => {
        ports.onFailed(error);
        return wait(clock, READ_AGAIN_MS);
      })
      .finally(() => {
        isReading = false;
      });
  }

  return {
    noteRouted(routed) {
      const [first] = routed.events;
      const isDoubtful = first !== undefined && payloads.mayBeErased(first.offset, routed.seen);
      if (routed.after > gatheredTo || isDoubtful) {
        startReading();
      } else {
        gather(routed);
      }
    },
    forget(offsets) {
      const erased = new Set(offsets);
      for (const event of [...undone, gathered].flat()) {
        event.subject = erased.has(event.offset) ? undefined : event.subject;
      }
    },
    stop() {
      isStopped = true;
    },
  };
}
