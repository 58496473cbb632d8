/** One process of a run, from its start to the end that is planned for it. */
import { ADMIN_KEY, call, TENANT } from "./api-calls.ts";
import type { PlannedEnd } from "./crash-plans.ts";
import type { CrashPoint } from "./crash-points.ts";
import { isUrl } from "./database-path.ts";
import { LEASE_MS } from "./lease-time.ts";
import type { Receivers } from "./receivers.ts";
import type { SabotageName } from "./sabotage.ts";
import type { Chance } from "./seeded.ts";
import type { Lives, ServerLife } from "./server-life.ts";
import type { Site } from "./site.ts";

/** What the lives of a run have in common. */
export interface Run {
  readonly chance: Chance;
  /** The database's file, or the URL of a PostgreSQL; another one once it was moved. */
  path: string;
  readonly lives: Lives;
  readonly site: Site;
  readonly receivers: Receivers;
  readonly sabotage: SabotageName | undefined;
  /** The ids of the endpoints. */
  readonly endpoints: string[];
  /** Points at which a process ended itself, once for each time. */
  readonly reached: CrashPoint[];
  /** Processes that ended by draining. */
  readonly drained: Set<number>;
  /** Processes that stood still, and how many receipts there were when they went on. */
  readonly stoodStill: Map<number, number>;
  /** What processes logged, or how they ended, that no kill explains. */
  readonly complaints: string[];
}

// A process that does not come by its point in this time is killed from outside.
const OVERDUE_MS = 4_000;
// So long a process over a shared database may have nothing to deliver: the last one's lease has to end, and
// streams pause until what they sent is settled.
const TAKEOVER_MS = 2 * LEASE_MS;
// Far longer than a start or a drain takes on a busy machine.
const WATCHDOG_MS = 60_000;
// A random end comes so many requests and so many milliseconds after the start, or just so many milliseconds.
const RANDOM_REQUESTS_MAX = 120;
const RANDOM_MS_MAX = 20;
const ANY_TIME = 0.15;

/** Begins a life that no one will kill and that keeps its promises. */
export function beginPeacefully({ lives, path }: Run): ServerLife {
  return lives.begin({ path, port: 0, adminKey: ADMIN_KEY, crash: undefined, sabotage: undefined });
}

export async function mustListen(life: ServerLife): Promise<string> {
  const url = await life.listening;
  if (url === undefined) {
    throw new Error(`process ${life.number} must listen, it ended: ${life.said()}`);
  }
  return url;
}

// It may end without a word from whoever took it over: before this process asked again it was told to drain.
const LEASE_LOST = /another node took over a lease|a lease ended before it was renewed/;

/**
 * Notes that a process that has ended was drained: nothing of it may come again. What was on its way under a
 * lease that it lost was cut off and sent again, however the process ended.
 */
export function noteDrained(
  { drained }: Pick<Run, "drained">,
  life: Pick<ServerLife, "number" | "said">,
): void {
  if (!LEASE_LOST.test(life.said())) {
    drained.add(life.number);
  }
}

/** Asks a process to drain, and expects it to end by itself. */
export async function endInPeace(run: Run, life: ServerLife): Promise<void> {
  const watchdog = setTimeout(() => life.kill(), WATCHDOG_MS);
  life.terminate();
  const { code, signal } = await life.ended;
  clearTimeout(watchdog);
  noteDrained(run, life);
  if (code !== 0) {
    run.complaints.push(`process ${life.number} must drain and end with code 0, got ${code ?? signal}`);
  }
  noteWhatWasSaid(run, life);
}

/** One life under load, and its planned end. */
export async function liveAndEnd(run: Run, planned: PlannedEnd): Promise<void> {
  const { chance, lives, path, sabotage } = run;
  const crash = typeof planned === "object" ? planned : undefined;
  const life = lives.begin({ path, port: 0, adminKey: ADMIN_KEY, crash, sabotage });
  const watchdog = setTimeout(() => life.kill(), WATCHDOG_MS);
  const early = planned === "kill" && chance.happens(ANY_TIME) ? killSoon(life, chance) : undefined;
  const url = await life.listening;
  clearTimeout(watchdog);
  let isOverdue = false;
  if (url !== undefined) {
    run.site.announce({ life: life.number, url });
    void changeEndpoint(run, url, life.number);
    const requests = crash === undefined ? chance.below(RANDOM_REQUESTS_MAX) : Infinity;
    const overdueMs = OVERDUE_MS + (isUrl(path) ? TAKEOVER_MS : 0);
    isOverdue = await hasLived(run, life, { requests, overdueMs });
  }
  if (planned === "drain" && url !== undefined) {
    await endInPeace(run, life);
    return;
  }
  await (early ?? (crash === undefined ? killSoon(life, chance) : life.kill()));
  const { code, signal } = await life.ended;
  if (signal !== "SIGKILL") {
    run.complaints.push(`process ${life.number} ended by itself, with ${code ?? signal}`);
  }
  noteWhatWasSaid(run, life);
  if (crash !== undefined && !isOverdue) {
    run.reached.push(crash.point);
  }
}

/** Kills a process at a moment that has nothing to do with what it does. */
async function killSoon(life: ServerLife, chance: Chance): Promise<void> {
  const timer = Promise.withResolvers<void>();
  setTimeout(timer.resolve, chance.fraction() * RANDOM_MS_MAX);
  await timer.promise;
  life.kill();
}

/**
 * Resolves when receivers had so many more requests, or the process ended, or its time is over: then with
 * true.
 */
export async function hasLived(
  { receivers }: Run,
  life: ServerLife,
  { requests, overdueMs }: { requests: number; overdueMs: number },
): Promise<boolean> {
  const until = receivers.receipts.length + requests;
  const over = Promise.withResolvers<void>();
  let isOver = false;
  let hasEnded = false;
  const timer = setTimeout(() => {
    isOver = true;
    over.resolve();
  }, overdueMs);
  void life.ended.then(() => {
    hasEnded = true;
    over.resolve();
  });
  while (receivers.receipts.length < until && !isOver && !hasEnded) {
    await Promise.race([receivers.received(), over.promise]);
  }
  clearTimeout(timer);
  return isOver;
}

/**
 * Configuration changes in passing: metadata, or an endpoint that is paused until a later life resumes it.
 * Whether a change is stored before the process dies does not matter.
 */
async function changeEndpoint({ endpoints, chance }: Run, url: string, life: number): Promise<void> {
  const endpoint = `${TENANT}/endpoints/${endpoints[chance.below(endpoints.length)] ?? ""}`;
  const isPausing = chance.happens(0.2);
  const text = JSON.stringify({ metadata: { life: String(life) } });
  try {
    await resumeAll(url, endpoints);
    await (isPausing
      ? call(url, "POST", { path: `${endpoint}/pause` })
      : call(url, "PATCH", { path: endpoint, text }));
  } catch {
    // The process is gone.
  }
}

export async function resumeAll(url: string, endpoints: readonly string[]): Promise<void> {
  for (const endpoint of endpoints) {
    await call(url, "POST", { path: `${TENANT}/endpoints/${endpoint}/resume` });
  }
}

// Leases of tests are short: one may end where the machine gives its process no turn.
const WELL_SAYS = /^SIGTERM: |"a lease ended before it was renewed/;

/** A server under these faults has nothing to report but that it drains, and what is expected of it. */
export function noteWhatWasSaid({ complaints }: Run, life: ServerLife, expected = WELL_SAYS): void {
  const lines = life.said().split("\n");
  const said = lines.filter((line) => line !== "" && !expected.test(line));
  if (said.length > 0) {
    complaints.push(`process ${life.number} said ${said.join("\n")}`);
  }
}
