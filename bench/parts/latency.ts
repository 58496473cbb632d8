import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { request } from "undici";
import type { Report } from "../answer.ts";
import { startFairnessReceiver } from "../fairness-receiver.ts";
import { medianOf, perSecond as rateOf } from "../measurement.ts";
import { startPosthorn } from "../posthorn.ts";
import { startReceiver } from "../receiver.ts";
import type { Size } from "../size.ts";
import { postSteadily } from "../steady-load.ts";
import { createLane, measureThroughput } from "../throughput.ts";

const IN_FLIGHT = 32;
const SECONDS = 10;
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

  const load = { deliveries, batch: 1, callers: 64 };
  await measureThroughput({ posthorn, receiver: counting, lane }, load);
  const most = rateOf(await measureThroughput({ posthorn, receiver: counting, lane }, load));
  const p50s: number[] = [];
  const p99s: number[] = [];
  const floors: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    floors.push(syncMs() + (await postMs(`${receiver.origin}/works/`)));
    await receiver.collect();
    const sent = await postSteadily(posthorn, [target], { perSecond: most / 2, seconds: SECONDS });
    await after(LATE_MS);
    const latencies = (await receiver.collect()).toSorted((one, other) => one - other);
    p50s.push(latencies[Math.floor(sent * 0.5)] ?? Number.POSITIVE_INFINITY);
    p99s.push(latencies[Math.floor(sent * 0.99)] ?? Number.POSITIVE_INFINITY);
  }
  await posthorn.stop();
  receiver.close();
  counting.close();

  const [p50, p99, floor] = [medianOf(p50s), medianOf(p99s), medianOf(floors)];
  return {
    figures: {
      "deliveries/s at most": most,
      "ms from accept to arrival at half of that, p50": p50,
      "ms from accept to arrival at half of that, p99": p99,
      "ms of a sync and a POST": floor,
    },
    answers: [
      {
        question: "p50 from accept to arrival ÷ (sync + POST)",
        goal: { atMost: 2.5 },
        ratio: p50 / floor,
      },
      { question: "p99 from accept to arrival ÷ the same", goal: { atMost: 10 }, ratio: p99 / floor },
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
