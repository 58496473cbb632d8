import { setTimeout as after } from "node:timers/promises";
import { Pool } from "undici";
import type { Caller } from "./caller.ts";
import type { Measurement } from "./measurement.ts";
import type { Receipt } from "./protocol.ts";
import type { Receiver } from "./receiver.ts";
import { eventsBody, signedRequest } from "./sample.ts";

/** Where events are posted, and where they arrive. */
export interface Lane {
  readonly caller: Caller;
  readonly receiver: Receiver;
  /** `/v1/tenants/{tenant}/events` */
  readonly path: string;
  /** Of its one endpoint. */
  readonly secret: string;
  /** What came of everything that was sent is told here. */
  onReceipt(receipt: Receipt): void;
}

export interface Load {
  readonly deliveries: number;
  /** Events in one request. */
  readonly batch: number;
  /** Requests that are under way at once. */
  readonly callers: number;
}

/** In flight at once to the receiver, of the server and of the bare client. */
export const CONNECTIONS = 32;

/** What the server counts of its last deliveries, it counts a moment after they arrived. */
const LOOKS_MAX = 80;
const LOOK_EVERY_MS = 25;

/** Measures from the first event posted to the last delivery verified. */
export async function measurePosthorn(lane: Lane, load: Load): Promise<Measurement> {
  const { deliveries, batch, callers } = load;
  const { complete } = await lane.receiver.expect({
    number: deliveries,
    secret: lane.secret,
    count: "events",
    isTimed: false,
  });
  const before = await workOf(lane.caller);
  const startedAt = performance.now();
  await Promise.all([complete, repeat(deliveries / batch, callers, postOne(lane, eventsBody(batch)))]);
  const seconds = (performance.now() - startedAt) / 1000;
  lane.onReceipt(await complete);
  const work = await workUpTo(lane.caller, before.attempts + deliveries);
  return { deliveries, seconds, cpuMs: work === undefined ? Number.NaN : work.cpuMs - before.cpuMs };
}

function postOne({ caller, path }: Lane, body: string): () => Promise<void> {
  return async () => await caller.post(path, body);
}

/** Measures the limit on this machine: the bare HTTP client, which posts the same bytes and nothing else. */
export async function measureBareClient(
  { receiver, secret, onReceipt }: Lane,
  deliveries: number,
): Promise<Measurement> {
  const { complete } = await receiver.expect({
    number: deliveries,
    secret,
    count: "requests",
    isTimed: false,
  });
  const { origin, pathname: path } = new URL(receiver.url);
  const pool = new Pool(origin, { connections: CONNECTIONS, pipelining: 1 });
  const { headers, payload: body } = signedRequest(secret);
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  await repeat(deliveries, CONNECTIONS, async () => {
    const answer = await pool.request({ method: "POST", path, headers, body });
    await answer.body.dump();
  });
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - startedAt) / 1000;
  onReceipt(await complete);
  await pool.close();
  return { deliveries, seconds, cpuMs: (user + system) / 1000 };
}

/** Does something so often, and so many times at once. */
async function repeat(times: number, atOnce: number, what: () => Promise<void>): Promise<void> {
  let left = times;
  const repeating = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await what();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, repeating));
}

/** What a node has done since it started. */
interface Work {
  readonly attempts: number;
  readonly cpuMs: number;
}

/** Returns it as soon as so many attempts were made; undefined: another node makes some of them. */
async function workUpTo(caller: Caller, attempts: number): Promise<Work | undefined> {
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const work = await workOf(caller);
    if (work.attempts >= attempts) {
      return work;
    }
    await after(LOOK_EVERY_MS);
  }
  return undefined;
}

/** Asks the node that answers. */
async function workOf(caller: Caller): Promise<Work> {
  const metrics = await caller.get("/metrics");
  return {
    attempts: valueIn(metrics, "posthorn_attempts_total"),
    cpuMs: valueIn(metrics, "process_cpu_seconds_total") * 1000,
  };
}

function valueIn(metrics: string, name: string): number {
  return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(metrics)?.[1]);
}
