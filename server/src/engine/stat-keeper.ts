import type { Clock, Timer } from "../clock.ts";
import type { FactsDraft } from "../facts.ts";
import { LIVE } from "../model/delivery.ts";
import { timeOfOffset } from "../model/offset.ts";
import {
  ALL_TENANTS,
  addCounts,
  bucketOf,
  type CountsDraft,
  emptyCounts,
  HOUR_SECONDS,
  MINUTE_SECONDS,
  type StatRow,
  startOf,
} from "../model/stat.ts";
import type { Routed } from "./follower.ts";
import type { LeaseState } from "./lease-state.ts";

/**
 * Counts in memory what is accepted and what becomes of it, by tenant and minute, and hands it to a flush
 * every few seconds: no event and no delivery has a statement for it. A crash loses what was counted since,
 * but for events that were accepted and not routed.
 */
export interface StatKeeper {
  /** Counts events as accepted, once, whoever owned the lease when they were. */
  noteRouted(routed: Pick<Routed, "to" | "events">): void;
  /** Counts what a flush is about to write, and where it is time adds to it what was counted. */
  contribute(facts: FactsDraft): void;
  /** Lets the next flush write what was counted. */
  hurry(): void;
  stop(): void;
}

export interface StatKeeperPorts {
  readonly clock: Pick<Clock, "after">;
  /** What was counted is to be written: a flush should come. */
  readonly onDue: () => void;
}

const EVERY_MS = 5000;

/** Minutes of tenants that wait to be written: a log that is caught up with may be of many. */
const ROWS_DUE = 5000;
/** Where nothing can be written, what has no row yet is not counted. */
const ROWS_MAX = 20_000;

export function createStatKeeper(state: LeaseState, { clock, onDue }: StatKeeperPorts): StatKeeper {
  /** By tenant, then by minute. */
  const counted = new Map<number, Map<number, CountsDraft>>();
  let rowCount = 0;
  let { countedTo } = state.lease;
  let isDue = false;
  let timer: Timer | undefined;

  function countsAt(tenant: number, atMs: number): CountsDraft {
    const at = startOf(atMs, MINUTE_SECONDS);
    const minutes = counted.get(tenant) ?? new Map<number, CountsDraft>();
    const known = minutes.get(at);
    if (known !== undefined) {
      return known;
    }
    const made = emptyCounts();
    if (rowCount < ROWS_MAX) {
      minutes.set(at, made);
      counted.set(tenant, minutes);
      rowCount += 1;
      timer ??= clock.after(EVERY_MS, fallDue);
    }
    if (rowCount === ROWS_DUE && !isDue) {
      fallDue();
    }
    return made;
  }

  function fallDue(): void {
    isDue = true;
    onDue();
  }

  function countAttempts({ attempts }: FactsDraft): void {
    let batch = { last: 0, endedAt: 0 };
    // A batch comes before its last member, where alone it says when it ended.
    for (const attempt of attempts.toReversed()) {
      const { offset, startedAt, durationMs, verdict } = attempt;
      const isWhole = attempt.batch === undefined;
      if (isWhole) {
        batch = { last: offset, endedAt: startedAt + durationMs };
      }
      const tenant = tenantOf(attempt.endpoint);
      if (tenant === undefined) {
        continue;
      }
      const endedAt = isWhole || attempt.batch === batch.last ? batch.endedAt : startedAt;
      const counts = countsAt(tenant, endedAt);
      const isDelivered = verdict === "delivered";
      counts.attempts += isWhole ? 1 : 0;
      counts.attemptsFailed += isWhole && !isDelivered ? 1 : 0;
      if (attempt.cursor !== LIVE) {
        counts.replayed += isDelivered ? 1 : 0;
        continue;
      }
      const isFirst = attempt.number === 1;
      counts.firstTried += isFirst ? 1 : 0;
      counts.rejected += verdict === "rejected" ? 1 : 0;
      if (isDelivered) {
        counts[isFirst ? "deliveredFirst" : "deliveredLater"] += 1;
        const bucket = bucketOf(endedAt - timeOfOffset(offset));
        counts.durations[bucket] = (counts.durations[bucket] ?? 0) + 1;
      }
    }
  }

  function countDead({ deadLetters }: FactsDraft): void {
    for (const { endpoint, cursor, at } of deadLetters) {
      const tenant = tenantOf(endpoint);
      if (cursor === LIVE && tenant !== undefined) {
        countsAt(tenant, at).dead += 1;
      }
    }
  }

  /** What was sent, or died, has a lane in memory until that is durable. */
  function tenantOf(endpoint: number): number | undefined {
    return state.lanes.get(endpoint)?.route.tenant.number;
  }

  function takeCounted(): readonly StatRow[] {
    const rows = rowsOf(counted);
    counted.clear();
    rowCount = 0;
    isDue = false;
    stopTimer();
    return rows;
  }

  function stopTimer(): void {
    timer?.cancel();
    timer = undefined;
  }

  return {
    noteRouted({ to, events }) {
      for (const { offset, tenant } of events) {
        if (offset > countedTo) {
          countsAt(tenant, timeOfOffset(offset)).accepted += 1;
        }
      }
      countedTo = Math.max(countedTo, to);
    },
    contribute(facts) {
      countAttempts(facts);
      countDead(facts);
      if (isDue && rowCount > 0) {
        facts.stats.push({ countedTo, rows: takeCounted() });
      }
    },
    hurry() {
      isDue = true;
    },
    stop: stopTimer,
  };
}

/** Returns the minutes, and the hours that they are in, of each tenant and of all of them together. */
function rowsOf(counted: ReadonlyMap<number, ReadonlyMap<number, CountsDraft>>): readonly StatRow[] {
  const rows = new Map<string, StatRow & { readonly counts: CountsDraft }>();
  for (const [tenant, minutes] of counted) {
    for (const [minute, counts] of minutes) {
      for (const whose of [tenant, ALL_TENANTS]) {
        for (const seconds of [MINUTE_SECONDS, HOUR_SECONDS] as const) {
          const at = startOf(minute, seconds);
          const name = `${whose}/${seconds}/${at}`;
          const row = rows.get(name) ?? { tenant: whose, seconds, at, counts: emptyCounts() };
          addCounts(row.counts, counts);
          rows.set(name, row);
        }
      }
    }
  }
  return [...rows.values()];
}
