import type { Clock } from "../clock.ts";
import { DAY_MS, HOUR_MS } from "../model/duration.ts";
import { type Offset, offsetAt } from "../model/offset.ts";
import type { Retention as KeptFor } from "../model/retention.ts";
import { HOUR_SECONDS, HOURS_KEPT_MS, MINUTE_SECONDS, MINUTES_KEPT_MS } from "../model/stat.ts";
import { regularly } from "../regularly.ts";
import type { OldStatsQuery, Store } from "../store.ts";
import type { Ageing } from "./ageing.ts";
import type { Fault } from "./fault.ts";
import type { Skip } from "./skip.ts";
import { turn } from "./wait.ts";

/**
 * Forgets what was accepted too long ago, a bounded step at a time, once what is kept for less time is
 * overwritten. What a lane still needs of it expires first, and the store keeps what did not: nothing is lost
 * without a gap that says so (invariant 1). What expires is each owner's own; the log is forgotten, for all
 * shards, by the owner of the first lease.
 */
export interface Retention {
  /** Begins to look by itself, if it has not. */
  start(): void;
  stop(): void;
  /** Lets expire and forgets what is too old by now; returns how many rows, partitions or parts of events. */
  runOnce(): Promise<number>;
}

export interface RetentionPorts extends Pick<Skip, "expire"> {
  readonly ageing: Ageing;
  readonly store: Store;
  readonly clock: Clock;
  /** Undefined: nothing is ever too old. */
  readonly keepMs: number | undefined;
  /** What is kept for less time. Default: nothing is. */
  readonly retention?: KeptFor | undefined;
  readonly onFault: (fault: Fault) => void;
}

const EVERY_MS_MAX = HOUR_MS;
/** It is looked so often within the time that events are kept. */
const LOOKS = 24;
const STEP_ROWS = 1000;

/** A person is told of what is about to expire when a tenth of its time is left, and at most three days. */
const TOLD_PART = 0.1;
const TOLD_MS_MAX = 3 * DAY_MS;

export function createRetention(
  lease: number,
  { store, clock, keepMs, retention = {}, expire, ageing, onFault }: RetentionPorts,
): Retention {
  const kinds = Object.values(retention).map((days) => days * DAY_MS);
  const leastMs = Math.min(keepMs ?? Infinity, ...kinds);
  const regular = regularly(clock, Math.min(EVERY_MS_MAX, leastMs / LOOKS), {
    run: runOnce,
    onFailed: (error) => onFault({ what: "retention_failed", error }),
  });
  let told: ReadonlySet<number> = new Set();
  const forgetsLog = lease === store.leases()[0];

  async function tell(to: Offset): Promise<void> {
    const needing = await store.readNeeding(lease, to);
    for (const endpoint of needing.filter((each) => !told.has(each))) {
      onFault({ what: "soon_expired", endpoint });
    }
    told = new Set(needing);
  }

  async function expireAll(to: Offset): Promise<void> {
    for (const endpoint of await store.readNeeding(lease, to)) {
      const { kind } = await expire(endpoint, to);
      if (kind === "skipped") {
        onFault({ what: "expired", endpoint });
      }
    }
  }

  async function runOnce(): Promise<number> {
    const aged = (await ageing.runOnce()) + (await forgetStats());
    return aged + (keepMs === undefined ? 0 : await forgetOlderThan(keepMs));
  }

  async function forgetStats(): Promise<number> {
    const now = clock.now();
    const minutes = { seconds: MINUTE_SECONDS, before: now - MINUTES_KEPT_MS } as const;
    const hours = { seconds: HOUR_SECONDS, before: now - HOURS_KEPT_MS } as const;
    return (await forgetStatsOf(minutes)) + (await forgetStatsOf(hours));
  }

  async function forgetStatsOf(query: Omit<OldStatsQuery, "limit">): Promise<number> {
    for (let sum = 0; ; await turn(clock)) {
      const forgotten = regular.isStopped
        ? 0
        : await store.forgetStats(lease, { ...query, limit: STEP_ROWS });
      sum += forgotten;
      if (forgotten === 0) {
        return sum;
      }
    }
  }

  async function forgetOlderThan(ms: number): Promise<number> {
    const tooOldAt = clock.now() - ms;
    const to = offsetAt(tooOldAt) - 1;
    if (to < 0) {
      // The clock says that it is before the first offset's time, and what has ended has a time of its own.
      return 0;
    }
    await expireAll(to);
    await tell(offsetAt(tooOldAt + Math.min(TOLD_MS_MAX, ms * TOLD_PART)));
    return forgetsLog ? await forgetLog(to) : 0;
  }

  async function forgetLog(to: Offset): Promise<number> {
    for (let sum = 0; ; await turn(clock)) {
      const forgotten = regular.isStopped ? 0 : await store.forgetLog(to, STEP_ROWS);
      sum += forgotten;
      if (forgotten === 0) {
        return sum;
      }
    }
  }

  return {
    start: regular.start,
    stop() {
      regular.stop();
      ageing.stop();
    },
    runOnce,
  };
}
