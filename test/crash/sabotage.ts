/** Stores with a promise broken on purpose: the checker must find each. */
import type { Appended, Store, Submission, SubmissionResult } from "../../server/src/store.ts";
import { changingFacts, forgettingKeys, forgettingSettled } from "../../sim/sabotage.ts";

export type Sabotage = (store: Store) => Store;

export const SABOTAGES = {
  /** Answers when events came in; they are committed a while later. */
  acknowledgesBeforeCommit,
  /** Says "flushed", moves the checkpoint, and forgets what came of the attempts. */
  forgetsOutcomes: changingFacts((facts) => ({ ...facts, attempts: [], retries: [], endedRetries: [] })),
  /** Says "flushed" and writes nothing at all. */
  neverFlushes,
  /** Moves the checkpoint to the head, over what is in flight and what waits its turn. */
  movesCheckpointToHead: changingFacts((facts, head) => ({ ...facts, checkpoint: head })),
  /** Forgets that a retry waits. */
  forgetsRetries: changingFacts((facts) => ({ ...facts, retries: [] })),
  /** Finds nothing settled when it recovers. */
  findsNothingSettled: forgettingSettled,
  /** Loses the rows of lanes that are held or lag. */
  losesLanes,
  /** Stores what comes under a key as if it had none. */
  ignoresKeys: forgettingKeys,
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

function neverFlushes(store: Store): Store {
  return { ...store, flush: async () => "flushed" };
}

function losesLanes(store: Store): Store {
  return { ...store, readLanes: async () => [] };
}
