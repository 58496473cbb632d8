import type { Clock, Timer } from "../clock.ts";
import { saidBytesOf } from "../model/event.ts";
import { Problem } from "../problem.ts";
import { type Appended, type Store, StoreRefusal, type Submission, type SubmissionResult } from "../store.ts";
import type { Limits } from "./limits.ts";

/** Takes events in: one commit for all the requests that have come when the store begins to write. */
export interface Acceptor {
  /**
   * Resolves after the commit (invariant 1). Throws a StoreRefusal where the submission itself cannot be
   * stored, and the Problems `overloaded` (nothing of it is or will be stored) and `store_unavailable`
   * (nobody knows), one of them at the latest when the time for an answer is over.
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
  /** By the monotonic clock. */
  readonly answerBy: number;
  readonly resolve: (result: SubmissionResult) => void;
  readonly reject: (error: Error) => void;
}

// What an event costs in memory beside what it says.
const EVENT_OVERHEAD_BYTES = 500;
const GROUP_BYTES_MAX = 8 * 1024 * 1024;
// One that is being stored, and one that is taken when that ends.
const COMMITTING_MAX = 2;

export function createAcceptor({
  store,
  lease,
  room,
  clock,
  limits,
  onAppending,
  onAppended,
  onFailed,
}: {
  store: Store;
  lease: number;
  room: WaitingRoom;
  clock: Pick<Clock, "monotonic" | "after">;
  limits: Pick<Limits, "acceptWaitingBytesMax" | "acceptWaitingEventsMax" | "acceptMsMax">;
  /** The store has been asked, in this turn of the event loop. */
  onAppending: () => void;
  onAppended: (appended: Appended) => void;
  onFailed: (error: unknown) => void;
}): Acceptor {
  /** In the order in which they came, as are those that are being committed, which came before. */
  const waiting: Waiting[] = [];
  /** What the store has taken and not answered yet. */
  const committing = new Set<readonly Waiting[]>();
  /** The store takes what waits as soon as it can write. */
  let isAsked = false;
  let deadline: Timer | undefined;

  function ask(): void {
    if (!isAsked && waiting.length > 0 && committing.size < COMMITTING_MAX) {
      isAsked = true;
      void commitNext();
    }
  }

  async function commitNext(): Promise<void> {
    let taken: readonly Waiting[] | undefined;
    const take = (): readonly Waiting[] => {
      if (taken === undefined) {
        isAsked = false;
        taken = takeGroup();
        committing.add(taken);
      }
      return taken;
    };
    const submissions = { [Symbol.iterator]: () => take().map(submissionOf).values() };
    await commit(submissions, take);
    committing.delete(take());
    ask();
    if (!isAsked && committing.size === 0) {
      deadline?.cancel();
      deadline = undefined;
    }
  }

  /** A store that does not answer keeps nobody waiting: whoever has waited long enough is told so. */
  function answerLate(): void {
    const now = clock.monotonic();
    const isLate = ({ answerBy }: Waiting): boolean => answerBy <= now;
    const taken = Array.from(committing).flat();
    for (const { reject } of taken.filter(isLate)) {
      reject(unknown());
    }
    const inTime = waiting.findIndex((one) => !isLate(one));
    for (const { reject } of takeFirst(inTime === -1 ? waiting.length : inTime)) {
      reject(new Problem("overloaded", "The store takes too long; try again in a moment."));
    }
    const next = taken.find((one) => !isLate(one)) ?? waiting.find((one) => !isLate(one));
    deadline = next && clock.after(next.answerBy - now, answerLate);
  }

  function takeGroup(): readonly Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const one of waiting) {
      bytes += one.bytes;
      count += 1;
      if (bytes >= GROUP_BYTES_MAX) {
        break;
      }
    }
    return takeFirst(count);
  }

  function takeFirst(count: number): readonly Waiting[] {
    const taken = waiting.splice(0, count);
    for (const { bytes, submission } of taken) {
      room.bytes -= bytes;
      room.events -= submission.events.length;
    }
    return taken;
  }

  /** `taken`: what the submissions came with; if the store has failed before it took them, as it is now. */
  async function commit(submissions: Iterable<Submission>, taken: () => readonly Waiting[]): Promise<void> {
    let appended: Appended;
    try {
      const appending = store.append(lease, submissions);
      onAppending();
      appended = await appending;
    } catch (error) {
      await fail(taken(), error);
      return;
    }
    const group = taken();
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
        await commit([one.submission], () => [one]);
      }
      return;
    }
    onFailed(error);
    for (const { reject } of group) {
      reject(error instanceof StoreRefusal ? error : unknown());
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
        const answerBy = clock.monotonic() + limits.acceptMsMax;
        waiting.push({ submission, bytes, answerBy, resolve, reject });
        deadline ??= clock.after(limits.acceptMsMax, answerLate);
        ask();
      });
    },
  };
}

function unknown(): Problem {
  return new Problem("store_unavailable", "try again with the same idempotency key");
}

function submissionOf({ submission }: Waiting): Submission {
  return submission;
}

function bytesOf({ events }: Submission): number {
  return events.reduce((sum, { event }) => sum + saidBytesOf(event) + EVENT_OVERHEAD_BYTES, 0);
}
