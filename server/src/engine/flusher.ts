import type { Clock } from "../clock.ts";
import { emptyFacts, type Facts, type FactsDraft, type Lease, type Store } from "../store.ts";

/** Something that happened, on its way into the store. */
export interface Change {
  /** Adds its facts. */
  contribute(facts: FactsDraft): void;
  /** Takes effect in memory, once the facts are durable. */
  applied(): void;
}

/** Writes many changes in one transaction, in the order they came, one flush at a time. */
export interface Flusher {
  add(change: Change): void;
  /** Changes that are not durable yet. */
  readonly waiting: number;
  /** Starts a flush although nothing may have changed but the checkpoint. */
  touch(): void;
  /** Resolves when nothing waits; never, once fenced. */
  drained(): Promise<void>;
  /** Starts nothing more. */
  stop(): void;
}

export interface FlusherPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly lease: Lease;
  /** Adds checkpoint and rows of lanes, and returns what takes effect when they are durable. */
  readonly checkpoint: (facts: FactsDraft) => () => void;
  /** Where the durable state stands: the facts begin with it. */
  readonly position: () => { readonly checkpoint: number; readonly changesApplied: number };
  readonly onFlushed: () => void;
  readonly onFenced: () => void;
  readonly onFailed: (error: unknown) => void;
}

// More than wait when the store keeps up: a flush takes all there is.
const FLUSH_CHANGES_MAX = 8192;
const RETRY_FLUSH_MS = 500;

export function createFlusher(ports: FlusherPorts): Flusher {
  let waiting: Change[] = [];
  let isFlushing = false;
  let isTouched = false;
  let isStopped = false;
  let whenDrained: (() => void)[] = [];

  function start(): void {
    if (!isFlushing && !isStopped && (waiting.length > 0 || isTouched)) {
      isFlushing = true;
      void flushAll();
    }
  }

  async function flushAll(): Promise<void> {
    while (!isStopped && (waiting.length > 0 || isTouched)) {
      isTouched = false;
      await flushOnce(waiting.slice(0, FLUSH_CHANGES_MAX));
    }
    isFlushing = false;
    if (!isStopped) {
      for (const resolve of whenDrained.splice(0)) {
        resolve();
      }
    }
  }

  async function flushOnce(changes: readonly Change[]): Promise<void> {
    const { checkpoint, changesApplied } = ports.position();
    const facts = emptyFacts(checkpoint, changesApplied);
    // Memory may have forgotten what a change that waits has yet to store: the checkpoint goes with all of
    // them.
    const isAll = changes.length === waiting.length;
    const checkpointed = isAll ? ports.checkpoint(facts) : () => undefined;
    for (const change of changes) {
      change.contribute(facts);
    }
    if (await isWritten(facts)) {
      waiting = waiting.slice(changes.length);
      checkpointed();
      for (const change of changes) {
        change.applied();
      }
      ports.onFlushed();
    }
  }

  /** A flush is idempotent: one whose outcome is unknown is written again until it is known. */
  async function isWritten(facts: Facts): Promise<boolean> {
    while (!isStopped) {
      try {
        if ((await ports.store.flush(ports.lease, facts)) === "flushed") {
          return true;
        }
        isStopped = true;
        ports.onFenced();
        return false;
      } catch (error) {
        ports.onFailed(error);
        await new Promise<void>((resolve) => ports.clock.after(RETRY_FLUSH_MS, resolve));
      }
    }
    return false;
  }

  return {
    add(change) {
      waiting.push(change);
      start();
    },
    get waiting() {
      return waiting.length;
    },
    touch() {
      isTouched = true;
      start();
    },
    drained() {
      return new Promise((resolve) => {
        if (waiting.length === 0 && !isFlushing) {
          resolve();
        } else {
          whenDrained.push(resolve);
        }
      });
    },
    stop() {
      isStopped = true;
      whenDrained = [];
    },
  };
}
