import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { request } from "undici";
import { medianOf } from "../../server/src/cli/bench/measurement.ts";
import { alternate } from "../../server/src/cli/bench/rounds.ts";
import { systemClock } from "../../server/src/clock.ts";
import { systemRandom } from "../../server/src/random.ts";
import { startCluster } from "../../server/src/stores/postgres/cluster-fixture.ts";
import { openPostgresStore } from "../../server/src/stores/postgres/open.ts";
import { openSqliteStore } from "../../server/src/stores/sqlite/open.ts";
import type { Answer, Report } from "../answer.ts";
import { CROWDED, fillStore, SPARSE, type Stores } from "../filled-store.ts";
import {
  type Call,
  FIRST_VIEWS,
  findShown,
  findTroubled,
  look,
  type Shown,
  type Trouble,
} from "../first-views.ts";
import { type Address, MASTER_KEY, type Posthorn, startPosthorn } from "../posthorn.ts";
import { startReceiver } from "../receiver.ts";
import type { Size } from "../size.ts";
import { createLane, measureThroughput } from "../throughput.ts";

const VIEW_MS_MAX = 300;
const LOOKS = 5;
const IN_FLIGHT = 32;
/** Somebody in a hurry goes to another screen as often. */
const SCREEN_EVERY_MS = 1000;
/** As often the dashboard reads a list anew while things happen. */
const LIST_EVERY_MS = 700;

/**
 * Asks how long the server works for each screen's first view where a million events and ten thousand
 * endpoints are stored, and what looking at them takes from deliveries.
 */
export async function measure(size: Size): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-bench-stored-"));
  const path = join(folder, "stored.db");
  const onFatal = (error: unknown): never => {
    throw error;
  };
  await fill(size, openSqliteStore({ path, clock: systemClock, random: systemRandom, onFatal }));
  const sqlite = await measureOn(`sqlite:${path}`, "SQLite", size);
  rmSync(folder, { recursive: true });
  const cluster = await startCluster({ place: tmpdir() });
  if (cluster === undefined) {
    return sqlite;
  }
  const url = cluster.urlOf("postgres");
  await fill(size, await openPostgresStore({ url, clock: systemClock, random: systemRandom }));
  const postgres = await measureOn(url, "PostgreSQL", size);
  await cluster.close();
  return {
    figures: { ...sqlite.figures, ...postgres.figures },
    answers: [...sqlite.answers, ...postgres.answers],
  };
}

async function fill({ stored: events, endpoints }: Size, stores: Stores): Promise<void> {
  await fillStore(stores, { events, endpoints, masterKey: MASTER_KEY });
  await stores.close();
}

async function measureOn(url: string, name: string, size: Size): Promise<Report> {
  const posthorn = await startPosthorn({ POSTHORN_DATABASE_URL: url });
  const views = { ...(await measureViews(posthorn, CROWDED)), ...(await measureViews(posthorn, SPARSE)) };
  const looking = await measureLooking(posthorn, name, size);
  await posthorn.stop();
  const figures = Object.entries(views).map(([screen, ms]) => [`${name}: ms of ${screen}`, ms]);
  return {
    figures: { ...Object.fromEntries(figures), ...looking.figures },
    answers: [
      {
        question: `${name}: the slowest screen's first view ÷ ${VIEW_MS_MAX} ms`,
        goal: { atMost: 1 },
        ratio: Math.max(...Object.values(views)) / VIEW_MS_MAX,
      },
      ...looking.answers,
    ],
  };
}

/** Measures each screen of a tenant: the first time, where that was slower, or the median of more. */
async function measureViews(
  { address }: Pick<Posthorn, "address">,
  tenant: string,
): Promise<Record<string, number>> {
  const shown = await findShown(address, tenant);
  const views: Record<string, number> = {};
  const screens = Object.entries(FIRST_VIEWS).map(([screen, callsOf]) => [screen, callsOf(shown)] as const);
  for (const [screen, calls] of [...screens, ...(await troubledScreens(address, shown))]) {
    const times: number[] = [];
    for (let count = 0; count <= LOOKS; count += 1) {
      const startedAt = performance.now();
      await look(address, calls);
      times.push(performance.now() - startedAt);
    }
    const [first = 0, ...others] = times;
    views[`${screen} (${tenant})`] = Math.max(first, medianOf(others));
  }
  return views;
}

/** The screens of an endpoint that is held and of one that is disabled, where there are any. */
async function troubledScreens(
  address: Address,
  shown: Shown,
): Promise<readonly (readonly [string, readonly Call[]])[]> {
  const viewOf = async (kind: Trouble) => {
    const endpoint = await findTroubled(address, shown.tenant, kind);
    return [`endpoint that is ${kind}`, FIRST_VIEWS["endpoint"]?.({ ...shown, endpoint }) ?? []] as const;
  };
  return shown.tenant === CROWDED ? [await viewOf("held"), await viewOf("disabled")] : [];
}

/** Measures deliveries while nobody looks, and while somebody goes through all screens. */
async function measureLooking(
  posthorn: Posthorn,
  name: string,
  { rounds, deliveries }: Size,
): Promise<{ figures: Record<string, number>; answers: readonly Answer[] }> {
  const receiver = await startReceiver();
  const lane = await createLane(posthorn, { tenant: "busy", url: receiver.url, maxInFlight: IN_FLIGHT });
  const parts = { posthorn, receiver, lane };
  const load = { deliveries, batch: 100, callers: 4 };
  const { perSecond, figures } = await alternate(rounds, {
    [`${name}, nobody looks`]: async () => await measureThroughput(parts, load),
    [`${name}, somebody looks`]: async () => {
      const looker = await startLooking(posthorn);
      const measured = await measureThroughput(parts, load);
      await looker.stop();
      return measured;
    },
  });
  receiver.close();
  return {
    figures: figures(),
    answers: [
      {
        question: `${name}: deliveries/s while somebody looks ÷ while nobody does`,
        goal: { atLeast: 0.9 },
        ratio: perSecond(`${name}, somebody looks`) / perSecond(`${name}, nobody looks`),
      },
    ],
  };
}

/** Goes from screen to screen, follows the live stream of what is delivered, and reads its list anew. */
async function startLooking({ address }: Posthorn): Promise<{ stop(): Promise<void> }> {
  const shown = await findShown(address, CROWDED);
  const leaving = new AbortController();
  const { signal } = leaving;
  const { authorization, origin } = address;
  const stream = await request(`${origin}/v1/tenants/busy/stream`, { headers: { authorization }, signal });
  const hearing = stream.body.dump({ limit: Number.MAX_SAFE_INTEGER, signal }).catch(() => undefined);
  const every = async (ms: number, view: (count: number) => Promise<unknown>): Promise<void> => {
    for (let count = 0; !signal.aborted; count += 1) {
      await view(count);
      await after(ms, undefined, { signal }).catch(() => undefined);
    }
  };
  const screens = Object.values(FIRST_VIEWS);
  const looking = [
    every(SCREEN_EVERY_MS, async (count) => look(address, screens[count % screens.length]?.(shown) ?? [])),
    every(LIST_EVERY_MS, async () => look(address, [{ path: "/v1/tenants/busy/events?limit=100" }])),
  ];
  return {
    async stop() {
      leaving.abort();
      await Promise.all([hearing, ...looking]);
    },
  };
}
