import { Problem } from "../problem.ts";
import { type Appended, type Store, StoreRefusal, type Submission, type SubmissionResult } from "../store.ts";
import type { Limits } from "./limits.ts";

/** Takes events in: one commit for all the requests that came while the last one was being written. */
export interface Acceptor {
  /**
   * Resolves after the commit (invariant 1). Throws the Problems `overloaded` and `store_unavailable`, and a
   * StoreRefusal where the submission itself cannot be stored.
   */
  accept(submission: Submission): Promise<SubmissionResult>;
}

/** What waits for a commit in all of a process. */
export interface WaitingRoom {
  bytes: number;
  events: number;
}

interface Waiting {
  readonly submission: Submission;
  readonly bytes: number;
  readonly resolve: (result: SubmissionResult) => void;
  readonly reject: (error: Error) => void;
}

// What an event costs in memory beside its data.
const EVENT_OVERHEAD_BYTES = 500;
const GROUP_BYTES_MAX = 8 * 1024 * 1024;

export function createAcceptor({
  store,
  lease,
  room,
  limits,
  onAppended,
  onFailed,
}: {
  store: Store;
  lease: number;
  room: WaitingRoom;
  limits: Pick<Limits, "acceptWaitingBytesMax" | "acceptWaitingEventsMax">;
  onAppended: (appended: Appended) => void;
  onFailed: (error: unknown) => void;
}): Acceptor {
  const waiting: Waiting[] = [];
  let isCommitting = false;

  async function commitAll(): Promise<void> {
    isCommitting = true;
    while (waiting.length > 0) {
      await commit(takeGroup());
    }
    isCommitting = false;
  }

  function takeGroup(): readonly Waiting[] {
    let bytes = 0;
    let events = 0;
    let count = 0;
    for (const one of waiting) {
      bytes += one.bytes;
      events += one.submission.events.length;
      count += 1;
      if (bytes >= GROUP_BYTES_MAX) {
        break;
      }
    }
    room.bytes -= bytes;
    room.events -= events;
    return waiting.splice(0, count);
  }

  async function commit(group: readonly Waiting[]): Promise<void> {
    let appended: Appended;
    try {
      appended = await store.append(
        lease,
        group.map(({ submission }) => submission),
      );
    } catch (error) {
      await fail(group, error);
      return;
    }
    for (const [index, { resolve }] of group.entries()) {
      const result = appended.results[index];
      if (result === undefined) {
        throw new Error(`an append answers each of ${group.length} submissions`);
      }
      resolve(result);
    }
    onAppended(appended);
  }

  async function fail(group: readonly Waiting[], error: unknown): Promise<void> {
    // One that cannot be stored takes no other down: each is stored by itself.
    if (error instanceof StoreRefusal && group.length > 1) {
      for (const one of group) {
        await commit([one]);
      }
      return;
    }
    onFailed(error);
    const unknown = new Problem("store_unavailable", "try again with the same idempotency key");
    for (const { reject } of group) {
      reject(error instanceof StoreRefusal ? error : unknown);
    }
  }

  /** What is larger than all the room there is gets in when nothing else waits. */
  function hasRoomFor(bytes: number, events: number): boolean {
    return (
      waiting.length === 0 ||
      (room.bytes + bytes <= limits.acceptWaitingBytesMax &&
        room.events + events <= limits.acceptWaitingEventsMax)
    );
  }

  return {
    accept(submission) {
      const bytes = bytesOf(submission);
      const events = submission.events.length;
      if (!hasRoomFor(bytes, events)) {
        return Promise.reject(new Problem("overloaded", "Try again in a moment."));
      }
      room.bytes += bytes;
      room.events += events;
      return new Promise((resolve, reject) => {
        waiting.push({ submission, bytes, resolve, reject });
        if (!isCommitting) {
          void commitAll();
        }
      });
    },
  };
}

function bytesOf({ events }: Submission): number {
  return events.reduce((sum, { event }) => sum + event.data.byteLength + EVENT_OVERHEAD_BYTES, 0);
}
