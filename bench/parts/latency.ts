import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { request } from "undici";
import { medianOf, perSecond as rateOf } from "../../server/src/cli/bench/measurement.ts";
import { momentMs } from "../../server/src/cli/bench/moment.ts";
import type { Report } from "../answer.ts";
import { startFairnessReceiver } from "../fairness-receiver.ts";
import type { Posted } from "../generator-protocol.ts";
import { startPosthorn } from "../posthorn.ts";
import { startReceiver } from "../receiver.ts";
import type { Size } from "../size.ts";
import { startGenerator } from "../steady-load.ts";
import { createLane, measureThroughput } from "../throughput.ts";

const IN_FLIGHT = 32;
const SECONDS = 10;
const BARE_SECONDS = 3;
/** What is still on its way when the last event of a round was accepted has so long. */
const LATE_MS = 500;
const SAMPLES = 500;
const PAGE_BYTES = 4096;

/**
 * Asks how long an event is on its way at half of the rate that the server can keep up with, from the moment
 * it was meant to be posted to its arrival, beside what nothing can go below: a sync of the disk and a POST.
 */
export async function measure({ rounds, deliveries }: Size): Promise<Report> {
  const receiver = await startFairnessReceiver();
  const counting = await startReceiver();
  const posthorn = await startPosthorn();
  const lane = await createLane(posthorn, { tenant: "max", url: counting.url, maxInFlight: IN_FLIGHT });
  const target = { tenant: "steady", type: "invoice.paid" };
  await createLane(posthorn, { ...target, url: `${receiver.origin}/works/`, maxInFlight: IN_FLIGHT });

  const fullLoad = { deliveries, batch: 1, callers: 64 };
  await measureThroughput({ posthorn, receiver: counting, lane }, fullLoad);
  const most = rateOf(await measureThroughput({ posthorn, receiver: counting, lane }, fullLoad));
  const generator = await startGenerator(posthorn);
  const bare = await startGenerator({ address: { ...posthorn.address, origin: receiver.origin } });
  const load = { perSecond: most / 2, seconds: SECONDS };
  const measureOne = async (): Promise<Round> => {
    const floorMs = syncMs() + (await postMs(`${receiver.origin}/works/`));
    const bareMs = await bareLatencyMs();
    const [startedAt, waitedMs] = [momentMs(), posthorn.processorWaitMs()];
    const posted = await generator.post([target], load);
    const waited = (posthorn.processorWaitMs() - waitedMs) / (momentMs() - startedAt);
    await after(LATE_MS);
    const latencies = latenciesOf(await receiver.collect(), posted);
    return { ...posted, ...latencies, floorMs, bareMs, waited };
  };
  // The same generator, receiver and rate, and nothing between.
  const bareLatencyMs = async (): Promise<number> => {
    await receiver.collect();
    const posted = await bare.post([{ ...target, path: "/works/" }], { ...load, seconds: BARE_SECONDS });
    return latenciesOf(await receiver.collect(), posted).p50Ms;
  };
  // Not counted: code is compiled for this load, and connections are made.
  await measureOne();
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    measured.push(await measureOne());
  }
  generator.close();
  bare.close();
  await posthorn.stop();
  receiver.close();
  counting.close();
  return reportOf(most, measured);
}

/** Of one round. */
interface Round extends Posted {
  readonly floorMs: number;
  /** The p50 of a POST from the generator to the receiver itself at the same rate. */
  readonly bareMs: number;
  /** How much of the time the server was kept waiting for a processor. */
  readonly waited: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Of all that were posted: what did not arrive was for ever on its way. */
function latenciesOf(latenciesMs: readonly number[], { count }: Posted) {
  const sorted = latenciesMs.toSorted((one, other) => one - other);
  const at = (part: number) => sorted[Math.floor(count * part)] ?? Infinity;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

function reportOf(most: number, rounds: readonly Round[]): Report {
  const median = (figure: (round: Round) => number): number => medianOf(rounds.map(figure));
  return {
    figures: {
      "deliveries/s at most": most,
      "ms from accept to arrival at half of that, p50": median(({ p50Ms }) => p50Ms),
      "ms from accept to arrival at half of that, p99": median(({ p99Ms }) => p99Ms),
      "ms of these the generator was late, p50": median(({ lateMsP50 }) => lateMsP50),
      "ms of these the generator was late, p99": median(({ lateMsP99 }) => lateMsP99),
      "% of the time that the server waited for a processor": median(({ waited }) => 100 * waited),
      "ms of a sync and a POST, one after the other": median(({ floorMs }) => floorMs),
      "ms from the generator straight to the receiver at the same rate, p50": median(({ bareMs }) => bareMs),
    },
    answers: [
      {
        question: "p50 from accept to arrival ÷ (sync + POST)",
        goal: { atMost: 2.5 },
        ratio: median(({ p50Ms, floorMs }) => p50Ms / floorMs),
      },
      {
        question: "p99 from accept to arrival ÷ the same",
        goal: { atMost: 10 },
        ratio: median(({ p99Ms, floorMs }) => p99Ms / floorMs),
      },
    ],
  };
}

/** The median of syncs of a page appended to a file. */
function syncMs(): number {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-bench-sync-"));
  const file = openSync(join(folder, "file"), "w");
  const page = Buffer.alloc(PAGE_BYTES, 1);
  const times = Array.from({ length: SAMPLES }, () => {
    const startedAt = performance.now();
    writeSync(file, page);
    fdatasyncSync(file);
    return performance.now() - startedAt;
  });
  closeSync(file);
  rmSync(folder, { recursive: true });
  return medianOf(times);
}

/** The median of requests that follow one another. */
async function postMs(url: string): Promise<number> {
  const times: number[] = [];
  for (let number = 0; number < SAMPLES; number += 1) {
    const startedAt = performance.now();
    const { body } = await request(url, { method: "POST", body: '{"intended_at":0}' });
    await body.dump();
    times.push(performance.now() - startedAt);
  }
  return medianOf(times);
}
