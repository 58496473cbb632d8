import { request } from "undici";
import { medianOf } from "./measurement.ts";
import { momentMs, until } from "./moment.ts";
import { SAMPLE_DATA, SAMPLE_TYPE, signedRequest } from "./sample.ts";
import type { Lane } from "./throughput.ts";

export interface Rate {
  readonly perSecond: number;
  readonly seconds: number;
}

/** Milliseconds. */
export interface Latencies {
  /** From when an event was meant to be posted to its arrival. */
  readonly p50: number;
  readonly p99: number;
  /** How much later than intended it was posted. */
  readonly lateP50: number;
  readonly lateP99: number;
}

/** Before the first event is due. */
const LEAD_MS = 10;
const SAMPLES = 300;

/** Posts events at a steady rate, whatever becomes of those before. */
export async function measureSteadyLoad(lane: Lane, { perSecond, seconds }: Rate): Promise<Latencies> {
  const number = Math.max(1, Math.floor(perSecond * seconds));
  const { complete } = await lane.receiver.expect({
    number,
    secret: lane.secret,
    count: "events",
    isTimed: true,
  });
  const posts: Promise<void>[] = [];
  const lateMs: number[] = [];
  const startedAt = momentMs() + LEAD_MS;
  for (let index = 0; index < number; index += 1) {
    const intendedAt = startedAt + (index * 1000) / perSecond;
    await until(intendedAt);
    lateMs.push(momentMs() - intendedAt);
    const data = { intended_at: intendedAt, ...SAMPLE_DATA };
    const post = lane.caller.post(lane.path, JSON.stringify({ type: SAMPLE_TYPE, data }));
    // Whether it failed is looked at when all are posted.
    post.catch(() => undefined);
    posts.push(post);
  }
  await Promise.all([complete, ...posts]);
  const receipt = await complete;
  lane.onReceipt(receipt);
  const [arrived = [], late = []] = [receipt.latenciesMs, lateMs].map((all) => all.toSorted((a, b) => a - b));
  return { p50: at(arrived, 0.5), p99: at(arrived, 0.99), lateP50: at(late, 0.5), lateP99: at(late, 0.99) };
}

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.floor(sorted.length * part)] ?? Number.NaN;
}

/** Returns how many milliseconds a request to the receiver takes: the median of some, one after the other. */
export async function measurePost({ receiver, secret }: Lane): Promise<number> {
  const { headers, payload: body } = signedRequest(secret);
  const times: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const startedAt = performance.now();
    const answer = await request(receiver.url, { method: "POST", headers, body });
    await answer.body.dump();
    times.push(performance.now() - startedAt);
  }
  return medianOf(times);
}
