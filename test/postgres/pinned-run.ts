/**
 * Deliveries without end, as a busy owner stores them, while nothing is vacuumed because of an old
 * transaction that somebody left open, and after it has ended. Hot tables are compacted as a server does it,
 * but after so many flushes instead of every minute.
 */
import pg from "pg";
import { systemClock } from "../../server/src/clock.ts";
import { systemRandom } from "../../server/src/random.ts";
import {
  factsOf,
  sampleAttempt,
  sampleLane,
  sampleRetry,
  storedIn,
  submission,
  submitted,
} from "../../server/src/stores/conformance/samples.ts";
import { createTenant } from "../../server/src/stores/conformance/setup.ts";
import { createCompactor } from "../../server/src/stores/postgres/compactor.ts";
import { openDatabase } from "../../server/src/stores/postgres/database.ts";
import { openPostgresStore, type PostgresStore } from "../../server/src/stores/postgres/open.ts";

export interface PinnedRunOptions {
  /** Of a database that nobody else uses. */
  readonly url: string;
  /** Before the old transaction begins, and again while it is open, and again after it. */
  readonly deliveries: number;
  /** So many flushes stand for the minute after which a server looks after its hot tables. */
  readonly flushesOfMinute: number;
  /** Is told of each phase when it is over. Default: nobody is. */
  readonly onPhase?: (name: PhaseName, phase: Phase) => void;
}

export type PhaseName = "steady" | "pinned" | "released";

/** What was seen of a part of the run. */
export interface Phase {
  readonly flushP50Ms: number;
  readonly flushP99Ms: number;
  /** Of each hot table with its indexes, the most that was seen. */
  readonly bytes: Readonly<Record<HotTable, number>>;
  /** The same, in the second half of the part. */
  readonly bytesAtEnd: Readonly<Record<HotTable, number>>;
  readonly seconds: number;
}

const HOT_TABLES = ["shard", "lease", "retry", "lane"] as const;
export type HotTable = (typeof HOT_TABLES)[number];

const SHARDS = 4;
/** Deliveries of one flush. */
export const OF_FLUSH = 200;
/** One in so many is tried twice, and waits in `retry` between. */
const RETRIED_EACH = 20;
/** How often sizes are looked at, in flushes: before, in and after any work of autovacuum. */
const LOOK_EVERY = 25;

/** Makes the three phases, one after another. */
export async function pinnedRun(options: PinnedRunOptions): Promise<Readonly<Record<PhaseName, Phase>>> {
  const { url, deliveries, flushesOfMinute, onPhase = () => undefined } = options;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const ports = { clock: systemClock, random: systemRandom, holder: "pinned", shards: SHARDS };
  const stores = await openPostgresStore({ ...ports, url, leaseMs: 3_600_000 });
  const database = openDatabase({ url, name: "compactor", connectionsMax: 1 });
  const compactor = createCompactor(database, { clock: systemClock, onFailed });
  try {
    const deliver = await prepare(stores);
    const phase = async (name: PhaseName) => {
      const of = {
        flushesOfMinute,
        deliver,
        compact: () => compactor.runOnce(),
        look: () => sizesOf(client),
      };
      const seen = await deliverMany(of, deliveries / OF_FLUSH);
      onPhase(name, seen);
      return seen;
    };
    const steady = await phase("steady");
    const old = new pg.Client({ connectionString: url });
    await old.connect();
    await old.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await old.query("SELECT count(*) FROM shard");
    const pinned = await phase("pinned");
    await old.end();
    return { steady, pinned, released: await phase("released") };
  } finally {
    await stores.close();
    await database.close();
    await client.end();
  }
}

function onFailed(error: unknown): never {
  throw error;
}

/** Makes a way to store some deliveries; it returns how many milliseconds their flush took. */
async function prepare(stores: PostgresStore): Promise<(number: number) => Promise<number>> {
  const tenant = await createTenant(stores, "acme");
  const leases = await Promise.all(stores.leases().map((lease) => stores.takeLease(lease)));
  const events = Array.from({ length: OF_FLUSH }, () => submitted());
  const waiting = new Map<number, readonly { endpoint: number; cursor: number; offset: number }[]>();
  return async (number) => {
    const lease = leases[number % leases.length];
    if (lease === undefined) {
      throw new Error("there are leases");
    }
    const appended = await stores.append(lease.id, [submission(tenant.number, events)]);
    const offsets = storedIn(appended).map(({ offset }) => offset);
    const retried = offsets
      .filter((_, place) => place % RETRIED_EACH === 0)
      .map((offset) => ({ endpoint: 1 + (number % 50), cursor: 0, offset }));
    const ended = waiting.get(lease.id) ?? [];
    waiting.set(lease.id, retried);
    const lane = 100 + lease.id;
    const hasLane = Math.floor(number / leases.length) % 2 === 0;
    const startedAt = performance.now();
    const flushed = await stores.flush(
      lease,
      factsOf({
        checkpoint: appended.head,
        attempts: [
          ...offsets.map((offset) => sampleAttempt({ offset })),
          ...ended.map((delivery) => sampleAttempt({ ...delivery, number: 2 })),
        ],
        retries: retried.map((delivery) => sampleRetry(delivery)),
        endedRetries: ended,
        lanes: hasLane ? [sampleLane({ endpoint: lane, position: appended.head })] : [],
        releasedLanes: hasLane ? [] : [lane],
      }),
    );
    if (flushed !== "flushed") {
      throw new Error(`a flush must be stored, it is ${flushed}`);
    }
    return performance.now() - startedAt;
  };
}

async function deliverMany(
  { flushesOfMinute, deliver, compact, look }: Deliveries,
  flushes: number,
): Promise<Phase> {
  const startedAt = performance.now();
  const took: number[] = [];
  let bytes = await look();
  let bytesAtEnd = bytes;
  let compacting: Promise<unknown> | undefined;
  for (let number = 0; number < flushes; number += 1) {
    took.push(await deliver(number));
    if (number % LOOK_EVERY === 0) {
      const now = await look();
      bytes = greatest(bytes, now);
      bytesAtEnd = number < flushes / 2 ? now : greatest(bytesAtEnd, now);
    }
    if (number % flushesOfMinute === 0) {
      // Beside the deliveries.
      await compacting;
      compacting = compact();
    }
  }
  await compacting;
  took.sort((one, other) => one - other);
  const at = (part: number) => took[Math.floor((took.length - 1) * part)] ?? 0;
  const seconds = (performance.now() - startedAt) / 1000;
  return { flushP50Ms: at(0.5), flushP99Ms: at(0.99), bytes, bytesAtEnd, seconds };
}

interface Deliveries extends Pick<PinnedRunOptions, "flushesOfMinute"> {
  readonly deliver: (number: number) => Promise<number>;
  readonly compact: () => Promise<unknown>;
  readonly look: () => Promise<Record<HotTable, number>>;
}

function greatest(one: Record<HotTable, number>, other: Record<HotTable, number>): Record<HotTable, number> {
  const of = (table: HotTable) => Math.max(one[table], other[table]);
  return { shard: of("shard"), lease: of("lease"), retry: of("retry"), lane: of("lane") };
}

async function sizesOf(client: pg.Client): Promise<Record<HotTable, number>> {
  const sizes = HOT_TABLES.map((table) => `pg_total_relation_size('${table}')::float8 AS ${table}`);
  const { rows } = await client.query<Record<HotTable, number>>(`SELECT ${sizes.join(", ")}`);
  const [row] = rows;
  if (row === undefined) {
    throw new Error("a query of sizes has a row");
  }
  return row;
}
