/** What the courses of these runs have in common: a process under load, and questions to it. */
import { type ApiAnswer, call, mustCall } from "../crash/api-calls.ts";
import { beginPeacefully, hasLived, mustListen, type Run } from "../crash/one-life.ts";
import type { End, ServerLife } from "../crash/server-life.ts";

export interface UnderLoad {
  readonly life: ServerLife;
  readonly url: string;
  /** Resolves when receivers had so many more requests. Throws if they do not come. */
  untilReceived(requests: number): Promise<void>;
  /** Resolves with how it ended by itself; one that does not is killed. */
  ended(): Promise<End>;
  /** Lets streams of events go on that a refusal had stopped. */
  goOn(): void;
}

// Far longer than any end takes on a busy machine, and shorter than the test may take.
const WATCHDOG_MS = 60_000;

/** Begins a process and points the streams of events at it. */
export async function beginUnderLoad(run: Run): Promise<UnderLoad> {
  const life = beginPeacefully(run);
  const url = await mustListen(life);
  let place = life.number;
  run.site.announce({ life: place, url });
  return {
    life,
    url,
    async untilReceived(requests) {
      if (await hasLived(run, life, { requests, overdueMs: WATCHDOG_MS })) {
        throw new Error(`${requests} more requests must be received from process ${life.number}`);
      }
    },
    async ended() {
      const watchdog = setTimeout(() => life.kill(), WATCHDOG_MS);
      const end = await life.ended;
      clearTimeout(watchdog);
      return end;
    },
    goOn() {
      // To the streams it is the next process, which takes what the one before refused.
      place += 0.001;
      run.site.announce({ life: place, url });
    },
  };
}

const PROBE = "/v1/tenants/probe";

export async function createProbe(url: string): Promise<void> {
  await mustCall(url, "POST", { path: "/v1/tenants", content: { id: "probe", name: "Probe" } });
}

/** Asks for an event to be stored that nobody is owed. */
export function probe(url: string, bytes: number): Promise<ApiAnswer> {
  const text = JSON.stringify({ type: "probe", data: { padding: "x".repeat(bytes) } });
  return call(url, "POST", { path: `${PROBE}/events`, text });
}

const PROBES_MAX = 10_000;

/** Probes until an answer has this status; returns every answer. */
export async function probeUntil(url: string, status: number, bytes: number): Promise<readonly ApiAnswer[]> {
  const answers: ApiAnswer[] = [];
  while (answers.at(-1)?.status !== status) {
    if (answers.length === PROBES_MAX) {
      throw new Error(`one of ${PROBES_MAX} probes must be answered with ${status}`);
    }
    answers.push(await probe(url, bytes));
  }
  return answers;
}
