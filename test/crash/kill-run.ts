/**
 * One run: one database, one server process after another, each killed at a named point or at random, while events
 * stream in and receivers fail now and then. At the end receivers are well, a last process drains, and the checker reads
 * what producer and receivers wrote down.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  ADMIN_KEY,
  call,
  createEndpoint,
  createTenant,
  isDrained,
  TENANT,
  UNSETTLED_MAX,
} from "./api-calls.ts";
import { checkLogs, type Report } from "./checker.ts";
import type { CrashPoint, PlannedCrash } from "./crash-points.ts";
import { RECEIVERS, type ReceiverName } from "./logs.ts";
import { type Producer, startProducer } from "./producer.ts";
import { failAlways, failNowAndThen, type Receivers, startReceivers, takeAll } from "./receivers.ts";
import type { SabotageName } from "./sabotage.ts";
import { type Chance, seeded } from "./seeded.ts";
import { createLives, type Lives, type ServerLife } from "./server-life.ts";
import { createSite, type Site } from "./site.ts";

export interface RunOptions {
  readonly seed: number;
  /** An end for each process before the last. */
  readonly plan: readonly (PlannedCrash | "random")[];
  /** Of an event's data, on average. Default: 300. */
  readonly dataBytes?: number;
  /** Acknowledged events of one receiver that may wait. Default: 200. */
  readonly backlogMax?: number;
  /** A receiver that is down until the last process drains. Default: all of them fail only now and then. */
  readonly down?: ReceiverName;
  /** A promise that the server breaks on purpose, in every process but the last. Default: none. */
  readonly sabotage?: SabotageName;
}

export interface RunResult {
  readonly report: Report;
  readonly kills: number;
  /** Points at which a process ended itself, once for each time. */
  readonly reached: readonly CrashPoint[];
  /** What processes logged, or how they ended, that no kill explains. */
  readonly complaints: readonly string[];
  /** What SQLite's own check says of the file. */
  readonly integrity: string;
}

// A process that does not come by its point in this time is killed from outside.
const OVERDUE_MS = 4_000;
// A random kill comes so many requests and so many milliseconds after the start, or just so many milliseconds.
const RANDOM_REQUESTS_MAX = 120;
const RANDOM_MS_MAX = 20;
const ANY_TIME = 0.15;
const DRAIN_MS_MAX = 90_000;
const POLL_MS = 50;

/** A run on its way. */
interface Run {
  readonly options: RunOptions;
  readonly chance: Chance;
  readonly path: string;
  readonly lives: Lives;
  readonly site: Site;
  readonly receivers: Receivers;
  readonly endpoints: string[];
  readonly reached: CrashPoint[];
  readonly complaints: string[];
}

/** Makes a run and judges it. */
export async function killRun(options: RunOptions): Promise<RunResult> {
  const chance = seeded(options.seed);
  const folder = mkdtempSync(join(tmpdir(), "posthorn-crash-"));
  const receivers = await startReceivers();
  const lives = createLives();
  const run: Run = {
    options,
    chance,
    path: join(folder, "posthorn.db"),
    lives,
    site: createSite(),
    receivers,
    endpoints: [],
    reached: [],
    complaints: [],
  };
  let producer: Producer | undefined;
  try {
    await prepare(run);
    const { dataBytes = 300, backlogMax = 200, down } = options;
    receivers.behave(down === undefined ? failNowAndThen(chance) : failAlways(down));
    producer = startProducer({ site: run.site, receivers, chance, dataBytes, backlogMax });
    for (const planned of options.plan) {
      await liveAndDie(run, planned);
    }
    run.site.close();
    await producer.stop();
    receivers.behave(takeAll);
    const lastLife = await drain(run);
    return {
      report: checkLogs(
        { producer: producer.log, receipts: receivers.receipts },
        { drainedLives: new Set([1, lastLife]), inFlightMax: UNSETTLED_MAX },
      ),
      kills: options.plan.length,
      reached: run.reached,
      complaints: run.complaints,
      integrity: integrityOf(run.path),
    };
  } finally {
    run.site.close();
    await producer?.stop().catch(() => undefined);
    await lives.close();
    await receivers.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function begin({ lives, path, options }: Run, crash: PlannedCrash | undefined, isLast = false): ServerLife {
  const sabotage = isLast ? undefined : options.sabotage;
  return lives.begin({ path, port: 0, adminKey: ADMIN_KEY, crash, sabotage });
}

async function mustListen(life: ServerLife): Promise<string> {
  const url = await life.listening;
  if (url === undefined) {
    throw new Error(`process ${life.number} must listen, it ended: ${life.said()}`);
  }
  return url;
}

/** The first life: creates the tenant and its endpoints, and ends in peace. */
async function prepare(run: Run): Promise<void> {
  const life = begin(run, undefined, true);
  const url = await mustListen(life);
  await createTenant(url);
  for (const receiver of RECEIVERS) {
    const { id, secret } = await createEndpoint(url, receiver, run.receivers.urlOf(receiver));
    run.endpoints.push(id);
    run.receivers.entrust(receiver, secret);
  }
  await endInPeace(life, run.complaints);
}

async function endInPeace(life: ServerLife, complaints: string[]): Promise<void> {
  life.terminate();
  const { code, signal } = await life.ended;
  if (code !== 0) {
    complaints.push(
      `process ${life.number} must drain and end with code 0, got ${code ?? signal}: ${life.said()}`,
    );
  }
}

/** One life, up to its end. */
async function liveAndDie(run: Run, planned: PlannedCrash | "random"): Promise<void> {
  const { site, chance, endpoints, complaints } = run;
  const life = begin(run, planned === "random" ? undefined : planned);
  const killer = planned === "random" && chance.happens(ANY_TIME) ? killSoon(life, chance) : undefined;
  const url = await life.listening;
  let isOverdue = false;
  if (url !== undefined) {
    site.announce({ life: life.number, url });
    void changeEndpoint(url, endpoints[chance.below(endpoints.length)] ?? "", life.number);
    const requests = planned === "random" ? chance.below(RANDOM_REQUESTS_MAX) : Number.POSITIVE_INFINITY;
    isOverdue = await hasLived(run, life, requests);
    if (planned === "random") {
      await killSoon(life, chance);
    }
    life.kill();
  }
  await killer;
  const { code, signal } = await life.ended;
  if (signal !== "SIGKILL") {
    complaints.push(`process ${life.number} ended by itself, with ${code ?? signal}`);
  }
  if (life.said() !== "") {
    complaints.push(`process ${life.number} said ${life.said()}`);
  }
  if (planned !== "random" && !isOverdue) {
    run.reached.push(planned.point);
  }
}

/** Kills a process at a moment that has nothing to do with what it does. */
async function killSoon(life: ServerLife, chance: Chance): Promise<void> {
  const timer = Promise.withResolvers<void>();
  setTimeout(timer.resolve, chance.fraction() * RANDOM_MS_MAX);
  await timer.promise;
  life.kill();
}

/** Resolves when receivers had so many more requests, or the process ended, or its time is over: then with true. */
async function hasLived({ receivers }: Run, life: ServerLife, requests: number): Promise<boolean> {
  const until = receivers.receipts.length + requests;
  const over = Promise.withResolvers<void>();
  let isOver = false;
  let isEnded = false;
  const timer = setTimeout(() => {
    isOver = true;
    over.resolve();
  }, OVERDUE_MS);
  void life.ended.then(() => {
    isEnded = true;
    over.resolve();
  });
  while (receivers.receipts.length < until && !isOver && !isEnded) {
    await Promise.race([receivers.received(), over.promise]);
  }
  clearTimeout(timer);
  return isOver;
}

/** Configuration changes in passing; whether this one is stored before the process dies does not matter. */
async function changeEndpoint(url: string, endpoint: string, life: number): Promise<void> {
  const text = JSON.stringify({ metadata: { life: String(life) } });
  await call(url, "PATCH", { path: `${TENANT}/endpoints/${endpoint}`, text }).catch(() => undefined);
}

/** The last life: ends when its own view is that nothing is owed any more. Returns its number. */
async function drain(run: Run): Promise<number> {
  const life = begin(run, undefined, true);
  const url = await mustListen(life);
  const giveUpAt = performance.now() + DRAIN_MS_MAX;
  for (const endpoint of run.endpoints) {
    while (!(await isDrained(url, endpoint))) {
      if (performance.now() > giveUpAt) {
        run.complaints.push(`endpoint ${endpoint} must be drained after ${DRAIN_MS_MAX} ms`);
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
  await endInPeace(life, run.complaints);
  if (life.said().includes('"level":"error"')) {
    run.complaints.push(`process ${life.number} said ${life.said()}`);
  }
  return life.number;
}

function integrityOf(path: string): string {
  using file = new DatabaseSync(path, { readOnly: true });
  return Object.values(file.prepare("PRAGMA integrity_check").get() ?? {}).join();
}
