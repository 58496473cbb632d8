/**
 * A run: one database, one server process after another, while events stream in, receivers fail now and
 * then, and something goes wrong. At the end all is well again, a last process drains, and the checker reads
 * what producer and receivers wrote down.
 */
import { statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  createEndpoint,
  createTenant,
  IN_FLIGHT_MAX,
  isDrained,
  retryHeldLanes,
  UNSETTLED_MAX,
} from "./api-calls.ts";
import { checkLogs, type Report } from "./checker.ts";
import type { CrashPoint } from "./crash-points.ts";
import { isUrl } from "./database-path.ts";
import type { Bounds } from "./fault.ts";
import { RECEIVERS, type ReceiverName } from "./logs.ts";
import { beginPeacefully, endInPeace, mustListen, type Run, resumeAll } from "./one-life.ts";
import { type Producer, startProducer } from "./producer.ts";
import { failAlways, failNowAndThen, startReceivers, takeAll } from "./receivers.ts";
import type { SabotageName } from "./sabotage.ts";
import { seeded } from "./seeded.ts";
import { createLives, type LaunchOptions } from "./server-life.ts";
import { createSite, type Site } from "./site.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export interface RunOptions {
  readonly seed: number;
  /** Of an event's data, on average. Default: 300. */
  readonly dataBytes?: number;
  /** Events of a request, at most. Default: 5. */
  readonly eventsMax?: number;
  /** Acknowledged events of one receiver that may wait. Default: 200. */
  readonly backlogMax?: number;
  /** Whether what was acknowledged under a key is submitted again at times. Default: true. */
  readonly isRepeating?: boolean;
  /** A receiver that is down until the last process drains. Default: all of them fail only now and then. */
  readonly down?: ReceiverName;
  /** A promise that the server breaks on purpose, in every process but the last. Default: none. */
  readonly sabotage?: SabotageName;
  /** Where the database is, and what its processes are started with. Default: a folder of the run's. */
  readonly installation?: RunInstallation;
}

/** What the server of a run is installed on. */
export interface RunInstallation {
  readonly database: string;
  readonly launch: LaunchOptions;
  /**
   * Of a receiver of deliveries on their own, those that may be answered and not stored when the process
   * ends. Default: few, as a commit into a file takes no time.
   */
  readonly unflushedMax?: number;
  /** Where the application finds what serves. Default: one process after another. */
  readonly site?: Site;
}

/** What goes wrong, between the process that prepares and the one that drains. */
export type Course = (run: Run, producer: Producer) => Promise<void>;

export interface RunResult {
  readonly report: Report;
  readonly reached: readonly CrashPoint[];
  readonly complaints: readonly string[];
  /** What SQLite's own check says of the file. */
  readonly integrity: string;
  /** Bytes that WAL checkpoints had moved into the file when nothing more went wrong. */
  readonly fileBytes: number;
  /** The most acknowledged events that waited for one receiver at a time. */
  readonly backlogPeak: number;
}

const DRAIN_MS_MAX = 90_000;
const POLL_MS = 50;

/** Makes a run and judges it. */
export async function faultedRun(options: RunOptions, course: Course): Promise<RunResult> {
  const { seed, down, sabotage } = options;
  const { dataBytes = 300, eventsMax = 5, backlogMax = 200, isRepeating = true } = options;
  const chance = seeded(seed);
  using folder = temporaryFolder("crash");
  const receivers = await startReceivers();
  const run: Run = {
    chance,
    path: options.installation?.database ?? join(folder.path, "posthorn.db"),
    lives: createLives(options.installation?.launch),
    site: options.installation?.site ?? createSite(),
    receivers,
    sabotage,
    endpoints: [],
    reached: [],
    drained: new Set(),
    stoodStill: new Map(),
    complaints: [],
  };
  let producer: Producer | undefined;
  try {
    await prepare(run);
    receivers.behave(down === undefined ? failNowAndThen(chance) : failAlways(down));
    const sizes = { dataBytes, eventsMax, backlogMax, isRepeating };
    producer = startProducer({ site: run.site, receivers, chance, ...sizes });
    await course(run, producer);
    const fileBytes = isUrl(run.path) ? 0 : statSync(run.path).size;
    run.site.close();
    await producer.stop();
    if (producer.hung() > 0) {
      run.complaints.push(`every request must be answered, ${producer.hung()} were not`);
    }
    receivers.behave(takeAll);
    await drain(run);
    return {
      report: checkLogs(
        { producer: producer.log, receipts: receivers.receipts },
        {
          drainedLives: run.drained,
          inFlightMax: unsettledMax(options),
          stoodStill: run.stoodStill,
          mayStoreLate: options.installation?.site !== undefined,
        },
      ),
      reached: run.reached,
      complaints: run.complaints,
      integrity: integrityOf(run.path),
      fileBytes,
      backlogPeak: producer.backlogPeak(),
    };
  } finally {
    run.site.close();
    // First: a request to a process that is suspended has no other end.
    await run.lives.close();
    await producer?.stop().catch(() => undefined);
    await receivers.close();
  }
}

function unsettledMax({ installation }: RunOptions): Bounds["inFlightMax"] {
  const most = installation?.unflushedMax;
  return most === undefined
    ? UNSETTLED_MAX
    : { bspk: IN_FLIGHT_MAX.bspk + most, standard: IN_FLIGHT_MAX.standard + most };
}

/** The first life: creates the tenant and its endpoints, and ends in peace. */
async function prepare(run: Run): Promise<void> {
  const life = beginPeacefully(run);
  const url = await mustListen(life);
  await createTenant(url);
  for (const receiver of RECEIVERS) {
    const { id, secret } = await createEndpoint(url, receiver, run.receivers.urlOf(receiver));
    run.endpoints.push(id);
    run.receivers.entrust(receiver, secret);
  }
  await endInPeace(run, life);
}

/** The last life: ends when its own view is that nothing is owed any more. */
async function drain(run: Run): Promise<void> {
  const life = beginPeacefully(run);
  const url = await mustListen(life);
  await resumeAll(url, run.endpoints);
  await retryHeldLanes(url, run.endpoints);
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
  await endInPeace(run, life);
}

/** PostgreSQL has no such check of its own: what it answers is judged. */
function integrityOf(path: string): string {
  if (isUrl(path)) {
    return "ok";
  }
  using file = new DatabaseSync(path, { readOnly: true });
  return Object.values(file.prepare("PRAGMA integrity_check").get() ?? {}).join();
}
