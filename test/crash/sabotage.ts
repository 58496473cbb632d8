/** Stores with a promise broken on purpose: the checker must find each. */
import type { Appended, Store, Submission, SubmissionResult } from "../../server/src/store.ts";

export type Sabotage = (store: Store) => Store;

export const SABOTAGES = {
  /** Answers when events came in; they are committed a while later. */
  acknowledgesBeforeCommit,
  /** Says "flushed", moves the checkpoint, and forgets what came of the attempts. */
  forgetsOutcomes,
  /** Says "flushed" and writes nothing at all. */
  neverFlushes,
  /** Moves the checkpoint to the head, over what is in flight and what waits its turn. */
  movesCheckpointToHead,
  /** Forgets that a retry waits. */
  forgetsRetries,
  /** Finds nothing settled when it recovers. */
  findsNothingSettled,
  /** Loses the rows of lanes that are held or lag. */
  losesLanes,
  /** Stores what comes under a key as if it had none. */
  ignoresKeys,
} as const satisfies Readonly<Record<string, Sabotage>>;

export type SabotageName = keyof typeof SABOTAGES;

const COMMIT_LATE_MS = 150;

function acknowledgesBeforeCommit(store: Store): Store {
  let known: Pick<Appended, "head" | "changes"> | undefined;
  let fake = 1;
  const pretend = ({ events }: Submission): SubmissionResult => {
    fake += events.length;
    return { kind: "accepted", offsets: events.map((_, place) => fake + place), stored: [] };
  };
  return {
    ...store,
    async append(lease, submissions) {
      const taken = [...submissions];
      const { head, changes } = known ?? (await store.readHead(lease));
      setTimeout(() => {
        void store.append(lease, taken).then((appended) => {
          known = appended;
        });
      }, COMMIT_LATE_MS);
      return { head, changes, previousHead: head, results: taken.map(pretend) };
    },
  };
}

function forgetsOutcomes(store: Store): Store {
  return {
    ...store,
    flush: (lease, facts) => store.flush(lease, { ...facts, attempts: [], retries: [], endedRetries: [] }),
  };
}

function neverFlushes(store: Store): Store {
  return { ...store, flush: async () => "flushed" };
}

function movesCheckpointToHead(store: Store): Store {
  return {
    ...store,
    async flush(lease, facts) {
      const { head } = await store.readHead(lease.id);
      return await store.flush(lease, { ...facts, checkpoint: head });
    },
  };
}

function forgetsRetries(store: Store): Store {
  return { ...store, flush: (lease, facts) => store.flush(lease, { ...facts, retries: [] }) };
}

function findsNothingSettled(store: Store): Store {
  return { ...store, readSettled: async () => ({ deliveries: [], gaps: [] }) };
}

function losesLanes(store: Store): Store {
  return { ...store, readLanes: async () => [] };
}

function ignoresKeys(store: Store): Store {
  return {
    ...store,
    append: (lease, submissions) =>
      store.append(
        lease,
        Array.from(submissions, (submission) => ({
          ...submission,
          key: undefined,
          events: submission.events.map(({ event }) => ({ event, key: undefined })),
        })),
      ),
  };
}
