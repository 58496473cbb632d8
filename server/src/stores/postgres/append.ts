import type { Clock } from "../../clock.ts";
import type { Offset } from "../../model/offset.ts";
import type { Appended, Head, Submission } from "../../store.ts";
import { bytesIn, integerIn, type Row, textIn } from "../columns.ts";
import {
  type KnownKey,
  keyName,
  type Placement,
  placeSubmissions,
  type StandingPlacement,
  standingAt,
} from "../placement.ts";
import { bigints, byteas, texts } from "./binary-arrays.ts";
import type { Session } from "./database.ts";
import { isDuplicate } from "./errors.ts";
import { eventColumns, extensionsColumn } from "./event-columns.ts";
import type { LiveTenants } from "./live-tenants.ts";
import { APPEND, DROP_EXPIRED_KEYS, LOCK_SHARD, READ_HEAD, READ_KEYS } from "./queries/log.ts";
import type { OffsetTime } from "./time.ts";

/** Appends submissions to a shard. */
export interface Appender {
  /** In a commit of its own, by one statement, which is made anew where somebody came before it. */
  append(session: Session, shard: number, submissions: readonly Submission[]): Promise<Appended>;
  /** In a transaction, which keeps others from appending until it ends. */
  appendInside(session: Session, shard: number, submissions: readonly Submission[]): Promise<Appended>;
}

export interface AppenderPorts {
  readonly clock: Clock;
  readonly offsetTime: OffsetTime;
  readonly tenants: LiveTenants;
}

type FoundKeys = ReadonlyMap<string, KnownKey>;

const NO_KEYS: FoundKeys = new Map();

// Each time somebody else has got on: a number that is never reached says that something is wrong.
const TRIES_MAX = 50;

export function createAppender({ clock, offsetTime, tenants }: AppenderPorts): Appender {
  async function place(
    session: Session,
    shard: number,
    { submissions, keys }: { readonly submissions: readonly Submission[]; readonly keys: FoundKeys },
  ): Promise<{ readonly placement: Placement; readonly deletions: number }> {
    const asked = submissions.map(({ tenant }) => tenant);
    const { live, deletions } = await tenants.look(session, shard, asked);
    const placement = placeSubmissions(submissions, {
      isLive: (tenant) => live.has(tenant),
      find: (tenant, key) => keys.get(keyName(tenant, key)),
    });
    return { placement, deletions };
  }

  /** Returns undefined if a tenant was deleted meanwhile. */
  async function write(
    session: Session,
    shard: number,
    { placement, deletions }: { readonly placement: Placement; readonly deletions: number },
  ): Promise<Appended | undefined> {
    if (placement.fresh.length === 0) {
      const { head, changes } = await readHead(session, shard);
      const { results } = standingAt(placement, head + 1);
      return { results, previousHead: head, head, changes };
    }
    const { fresh } = placement;
    const columns = [...eventColumns(fresh), ...keyColumns(placement), extensionsColumn(fresh)];
    const [row] = await session.rows(APPEND, shard, deletions, offsetTime(), ...columns);
    return row && appendedOf(row, standingAt(placement, integerIn(row, "next")));
  }

  async function findKeys(
    session: Session,
    shard: number,
    submissions: readonly Submission[],
  ): Promise<FoundKeys> {
    const asked = submissions.flatMap(keysOf);
    const columns = [bigints(asked.map(({ tenant }) => tenant)), texts(asked.map(({ text }) => text))];
    const now = clock.now();
    await session.run(DROP_EXPIRED_KEYS, shard, ...columns, now);
    const rows = await session.rows(READ_KEYS, shard, ...columns, now);
    return new Map(
      rows.map((row) => [keyName(integerIn(row, "tenant"), textIn(row, "key")), knownKeyOf(row)]),
    );
  }

  return {
    async append(session, shard, submissions) {
      let keys = NO_KEYS;
      for (let tries = 0; tries < TRIES_MAX; tries += 1) {
        const placed = await place(session, shard, { submissions, keys });
        try {
          const appended = await write(session, shard, placed);
          if (appended !== undefined) {
            return appended;
          }
          tenants.forget(shard);
        } catch (error) {
          if (!isDuplicate(error, "event_key_once")) {
            throw error;
          }
          keys = await findKeys(session, shard, submissions);
        }
      }
      throw new Error(`${TRIES_MAX} times somebody else came before this append`);
    },
    async appendInside(session, shard, submissions) {
      await session.rows(LOCK_SHARD, shard);
      tenants.forget(shard);
      const keys = await findKeys(session, shard, submissions);
      const placed = await place(session, shard, { submissions, keys });
      const appended = await write(session, shard, placed);
      if (appended === undefined) {
        throw new Error("nothing changes while the shard is locked");
      }
      return appended;
    },
  };
}

export async function readHead(session: Session, shard: number): Promise<Head> {
  const [row = {}] = await session.rows(READ_HEAD, shard);
  return { head: integerIn(row, "head"), changes: integerIn(row, "changes") };
}

export function knownKeyOf(row: Row): KnownKey<{ readonly offset: Offset }> {
  return {
    first: { offset: integerIn(row, "first_offset") },
    count: integerIn(row, "count"),
    hash: bytesIn(row, "hash"),
  };
}

function appendedOf(row: Row, { results }: StandingPlacement): Appended {
  return {
    results,
    previousHead: integerIn(row, "previous_head"),
    head: integerIn(row, "head"),
    changes: integerIn(row, "changes"),
  };
}

function keyColumns({ keys }: Placement): readonly Buffer[] {
  return [
    bigints(keys.map(({ tenant }) => tenant)),
    texts(keys.map(({ text }) => text)),
    bigints(keys.map(({ first }) => ("ahead" in first ? first.ahead : undefined))),
    bigints(keys.map(({ count }) => count)),
    byteas(keys.map(({ hash }) => hash)),
    bigints(keys.map(({ expiresAt }) => expiresAt)),
  ];
}

function keysOf({ tenant, key, events }: Submission): readonly { tenant: number; text: string }[] {
  const keys = key === undefined ? events.map((event) => event.key) : [key];
  return keys.flatMap((each) => (each === undefined ? [] : [{ tenant, text: each.text.toWellFormed() }]));
}
