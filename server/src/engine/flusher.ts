import type { Clock, Timer } from "../clock.ts";
import { emptyFacts, type Facts, type FactsDraft } from "../facts.ts";
import type { LaneRow } from "../model/delivery.ts";
import { Problem } from "../problem.ts";
import { type Lease, type Store, StoreRefusal } from "../store.ts";
import { wait } from "./wait.ts";
import { type Position, type Written, writeApart } from "./write-apart.ts";

/** Something that happened, on its way into the store. */
export interface Change {
  /** Whose lane it is about, as is everything that it adds; NO_ENDPOINT: nobody's. */
  readonly endpoint: number;
  /** Nothing waits for it: it lingers for a moment, to be written with others. Default: false. */
  readonly mayLinger?: boolean;
  /** Adds its facts. */
  contribute(facts: FactsDraft): void;
  /** Takes effect in memory, once the facts are durable. */
  applied(): void;
  /** Learns that it never takes effect. Default: nobody waits for it. */
  failed?(error: Error): void;
}

/** Writes many changes in one transaction, in the order they came, one flush at a time. */
export interface Flusher {
  add(change: Change): void;
  /** Changes that are not durable yet. */
  readonly waiting: number;
  /** The last write failed: it is tried again until it succeeds. */
  readonly isFailing: boolean;
  /** Flushes that have taken effect: what is read of the store between two equal counts is as in memory. */
  readonly flushes: number;
  /** Starts a flush although nothing may have changed but the checkpoint. */
  touch(): void;
  /** Starts a flush of what lingers, if none is under way: the store is about to commit something else. */
  join(): void;
  /** Resolves when nothing waits, or nothing more will be written. */
  drained(): Promise<void>;
  /** Starts nothing more. */
  stop(): void;
}

export interface FlusherPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly lease: Lease;
  /** So many changes that may linger are written at once. */
  readonly lingeringMax: number;
  /** Adds checkpoint and rows of lanes, and returns what takes effect when they are durable. */
  readonly checkpoint: (facts: FactsDraft) => () => void;
  /** Adds what follows from everything else that these facts say. Default: nothing does. */
  readonly onGathered?: (facts: FactsDraft) => void;
  /** Where the durable state stands: the facts begin with it. */
  readonly position: () => Position;
  /** These facts are durable. */
  readonly onWritten: (facts: Facts) => void;
  readonly onFlushed: () => void;
  readonly onFenced: () => void;
  /** The store refuses what it was told of a lane, which stops. Returns a row that would keep its place. */
  readonly onLaneRefused: (endpoint: number, error: StoreRefusal) => LaneRow | undefined;
  /** The store refuses what no lane is to blame for: nothing more is written. */
  readonly onRefused: (error: StoreRefusal) => void;
  readonly onFailed: (error: unknown) => void;
}

// More than wait when the store keeps up: a flush takes all there is.
const FLUSH_CHANGES_MAX = 8192;
const RETRY_FLUSH_MS = 500;
// Some accepts come within it where there is load, and nobody who looks at a delivery notices it.
const LINGER_MS = 5;

export function createFlusher(ports: FlusherPorts): Flusher {
  let waiting: Change[] = [];
  let isFlushing = false;
  /** Something waits that does not linger. */
  let isWanted = false;
  let lingering: Timer | undefined;
  let inFlush = 0;
  let isFailing = false;
  let isStopped = false;
  let flushes = 0;
  /** Under the lease's epoch, whatever came of them. */
  let writes = 0;
  const whenDrained: (() => void)[] = [];

  function start(): void {
    isWanted = true;
    if (!isFlushing && !isStopped) {
      isFlushing = true;
      void flushAll();
    }
  }

  function join(): void {
    if (waiting.length > inFlush) {
      start();
    }
  }

  async function flushAll(): Promise<void> {
    while (!isStopped && isWanted) {
      isWanted = waiting.length > FLUSH_CHANGES_MAX;
      endLingering();
      const changes = waiting.slice(0, FLUSH_CHANGES_MAX);
      inFlush = changes.length;
      await flushOnce(changes);
    }
    isFlushing = false;
    if (waiting.length === 0) {
      tellDrained();
    }
  }

  /** They are durable, or refused: what came after them may be all that waits from now on. */
  function endWaiting(changes: readonly Change[]): void {
    waiting = waiting.slice(changes.length);
    inFlush = 0;
  }

  function endLingering(): void {
    lingering?.cancel();
    lingering = undefined;
  }

  async function flushOnce(changes: readonly Change[]): Promise<void> {
    const facts = nothing();
    // Memory may have forgotten what a change that waits has yet to store: the checkpoint goes with all of
    // them.
    const isAll = changes.length === waiting.length;
    const checkpointed = isAll ? ports.checkpoint(facts) : () => undefined;
    for (const change of changes) {
      change.contribute(facts);
    }
    ports.onGathered?.(facts);
    const written = await write(facts);
    if (written === "flushed") {
      endWaiting(changes);
      checkpointed();
      for (const change of changes) {
        change.applied();
      }
      flushes += 1;
      ports.onFlushed();
    } else if (written !== "stopped") {
      await flushApart(facts, changes, written);
    }
  }

  /** Stores what can be stored of facts that were refused, and stops the lanes at fault. */
  async function flushApart(facts: Facts, changes: readonly Change[], refusal: StoreRefusal): Promise<void> {
    const refusals = await writeApart(facts, ports.position(), write);
    if (refusals === "stopped") {
      return;
    }
    if (refusals.size === 0) {
      halt();
      ports.onRefused(refusal);
      return;
    }
    endWaiting(changes);
    for (const change of changes) {
      const error = refusals.get(change.endpoint);
      if (error === undefined) {
        change.applied();
      } else {
        change.failed?.(error);
      }
    }
    flushes += 1;
    for (const [endpoint, error] of refusals) {
      const row = ports.onLaneRefused(endpoint, error);
      if (row !== undefined) {
        await write({ ...nothing(), lanes: [row] });
      }
    }
    ports.onFlushed();
  }

  function nothing(): FactsDraft {
    const { checkpoint, changesApplied } = ports.position();
    return emptyFacts(checkpoint, changesApplied);
  }

  async function write(facts: Facts): Promise<Written> {
    writes += 1;
    const written = await untilKnown({ ...facts, flush: writes });
    // What goes wrong in whoever hears of it is not the store's fault, and nothing is written again for it.
    if (written === "flushed") {
      ports.onWritten(facts);
    }
    return written;
  }

  /** One whose outcome is unknown is written again, under its number, until it is known: it counts once. */
  async function untilKnown(flush: Facts): Promise<Written> {
    while (!isStopped) {
      try {
        const result = await ports.store.flush(ports.lease, flush);
        isFailing = false;
        if (result === "flushed") {
          return "flushed";
        }
        halt();
        ports.onFenced();
      } catch (error) {
        isFailing = !(error instanceof StoreRefusal);
        if (error instanceof StoreRefusal) {
          return error;
        }
        ports.onFailed(error);
        await wait(ports.clock, RETRY_FLUSH_MS);
      }
    }
    return "stopped";
  }

  function halt(): void {
    isStopped = true;
    endLingering();
    for (const change of waiting.splice(0)) {
      change.failed?.(givenUp());
    }
    tellDrained();
  }

  function tellDrained(): void {
    for (const resolve of whenDrained.splice(0)) {
      resolve();
    }
  }

  return {
    add(change) {
      if (isStopped) {
        change.failed?.(givenUp());
        return;
      }
      waiting.push(change);
      if (change.mayLinger === true && waiting.length - inFlush < ports.lingeringMax) {
        lingering ??= ports.clock.after(LINGER_MS, join);
      } else {
        start();
      }
    },
    get waiting() {
      return waiting.length;
    },
    get isFailing() {
      return isFailing;
    },
    get flushes() {
      return flushes;
    },
    touch: start,
    join() {
      if (!isFlushing) {
        join();
      }
    },
    drained() {
      return new Promise((resolve) => {
        if (isStopped || (waiting.length === 0 && !isFlushing)) {
          resolve();
        } else {
          whenDrained.push(resolve);
          join();
        }
      });
    },
    stop: halt,
  };
}

function givenUp(): Problem {
  return new Problem("store_unavailable", "This process stores nothing more: look, and ask again.");
}
