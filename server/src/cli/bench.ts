import { cpus, release } from "node:os";
import { setTimeout as after } from "node:timers/promises";
import type { Client } from "@posthorn/client/client";
import { PosthornError } from "@posthorn/client/posthorn-error";
import { createCaller } from "./bench/caller.ts";
import { medianOf } from "./bench/measurement.ts";
import type { Receipt } from "./bench/protocol.ts";
import { Stalled, startReceiver } from "./bench/receiver.ts";
import { type Measured, reportLines, reportOf, type Way } from "./bench/report.ts";
import { alternate } from "./bench/rounds.ts";
import { eventsBody } from "./bench/sample.ts";
import { type Latencies, measurePost, measureSteadyLoad, type Rate } from "./bench/steady-load.ts";
import { CONNECTIONS, type Lane, measureBareClient, measurePosthorn } from "./bench/throughput.ts";
import { createProgressBar } from "./progress-bar.ts";
import { clientOf, placeOf, REMOTE_OPTIONS } from "./remote/connection.ts";
import { parseOptions } from "./remote/parse-line.ts";
import { print } from "./remote/print.ts";
import { UsageError } from "./remote/usage-error.ts";
import { wholeNumberOf } from "./remote/whole-number.ts";

const OPTIONS = {
  url: REMOTE_OPTIONS.url,
  json: REMOTE_OPTIONS.json,
  events: { type: "string", default: "20000" },
  rounds: { type: "string", default: "3" },
  seconds: { type: "string", default: "5" },
  rate: { type: "string" },
} as const;

type Given = Readonly<Record<"events" | "rounds" | "seconds", string>> & { readonly rate?: string };

const BATCH = 100;
const LOOK_EVERY_MS = 200;

/** How much is measured. */
interface Size {
  /** Of each way to hand them over, in each round. */
  readonly events: number;
  readonly rounds: number;
  /** Of the steady load. */
  readonly seconds: number;
  /** Undefined: half of what is taken at most, one by one. */
  readonly perSecond: number | undefined;
}

/** What a tenant was made for: it is removed at the end. */
interface Bench {
  readonly client: Client;
  readonly tenant: string;
  readonly lane: Lane;
}

/**
 * `posthorn bench [--events n] [--rounds n] [--seconds n] [--rate n] [--json]`: measures a server on
 * this machine beside the bare HTTP client, in rounds that alternate. It makes a tenant whose endpoint is a
 * receiver of its own, verifies and counts everything that arrives there, and removes the tenant.
 */
export async function bench(args: readonly string[]): Promise<number> {
  const values = parseOptions(args, OPTIONS);
  const size = sizeOf(values);
  const place = placeOf(values);
  const client = clientOf(values);
  const bar = createProgressBar(process.stderr);
  const ended = interruption();
  const { id: tenant } = await client.createTenant({ name: "posthorn bench", contract: "standard" });
  const receiver = await startReceiver({ onProgress: (done, of) => bar.show("deliveries", done, of) });
  const caller = createCaller(place);
  try {
    const measuring = async (): Promise<Measured> => {
      const secret = await makeEndpoint(client, tenant, receiver.url);
      const path = `/v1/tenants/${tenant}/events`;
      const sums = { arrived: 0, repeated: 0 };
      const onReceipt = (receipt: Receipt) => add(sums, receipt);
      const lane = { caller, receiver, path, secret, onReceipt };
      const measured = await measure({ client, tenant, lane }, size);
      return { ...measured, ...sums, machine: machine(), url: place.url };
    };
    const report = reportOf(await Promise.race([measuring(), ended]));
    bar.clear();
    (values.json ? [JSON.stringify(report)] : reportLines(report)).forEach(print);
  } catch (error) {
    throw error instanceof Stalled ? await explained(error, client, tenant) : error;
  } finally {
    bar.clear();
    await caller.close();
    receiver.close();
    await client.deleteTenant(tenant).catch(() => {
      process.stderr.write(`the tenant ${tenant} could not be removed: DELETE /v1/tenants/${tenant}\n`);
    });
  }
  return 0;
}

/** Rejects when the command is interrupted: what it made is removed first. */
function interruption(): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const end = (): void => reject(new Error("interrupted: nothing was measured"));
  promise.catch(() => undefined);
  process.once("SIGINT", end).once("SIGTERM", end);
  return promise;
}

function sizeOf(given: Given): Size {
  const events = wholeNumberOf("--events", given.events);
  if (events % BATCH !== 0) {
    throw new UsageError(`--events must be a number of hundreds, got ${events}`);
  }
  return {
    events,
    rounds: wholeNumberOf("--rounds", given.rounds),
    seconds: wholeNumberOf("--seconds", given.seconds),
    perSecond: wholeNumberOf("--rate", given.rate),
  };
}

/** Returns its secret. */
async function makeEndpoint(client: Client, tenant: string, url: string): Promise<string> {
  try {
    const { secret } = await client.createEndpoint(tenant, { url, max_in_flight: CONNECTIONS });
    return secret ?? "";
  } catch (error) {
    if (error instanceof PosthornError && error.errors.some(({ pointer }) => pointer === "/url")) {
      throw new Error(
        "the server calls no receiver on this machine, where the benchmark's is: start one to be measured " +
          `with POSTHORN_EGRESS_ALLOW=127.0.0.0/8, or in development (${error.message})`,
        { cause: error },
      );
    }
    throw error;
  }
}

async function measure(
  { client, tenant, lane }: Bench,
  { events: deliveries, rounds, seconds, perSecond }: Size,
): Promise<Omit<Measured, "machine" | "url" | "arrived" | "repeated">> {
  await deliverOne({ client, tenant, lane });
  const throughput = await alternate<Way>(rounds, {
    "bare client": async () => await measureBareClient(lane, deliveries),
    "in batches of 100": async () => await measurePosthorn(lane, { deliveries, batch: BATCH, callers: 4 }),
    "one by one": async () => await measurePosthorn(lane, { deliveries, batch: 1, callers: 64 }),
  });
  const rate: Rate = { perSecond: perSecond ?? throughput.perSecond("one by one") / 2, seconds };
  const latencies: Latencies[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const measured = await measureSteadyLoad(lane, rate);
    // The first is not counted: code is compiled for this load.
    latencies.push(...(round === 0 ? [] : [measured]));
  }
  const median = (figure: keyof Latencies): number => medianOf(latencies.map((each) => each[figure]));
  return {
    rounds,
    events: deliveries,
    throughput,
    rate,
    latencies: {
      p50: median("p50"),
      p99: median("p99"),
      lateP50: median("lateP50"),
      lateP99: median("lateP99"),
    },
    postMs: await measurePost(lane),
  };
}

/** Delivers one event. Throws with the reason where it was not taken at the first attempt. */
async function deliverOne({ client, tenant, lane }: Bench): Promise<void> {
  const { caller, path, receiver, secret, onReceipt } = lane;
  const { complete } = await receiver.expect({ number: 1, secret, count: "events", isTimed: false });
  await caller.post(path, eventsBody(1));
  let isOver = false;
  const failing = async (): Promise<void> => {
    while (!isOver) {
      const error = await lastError(client, tenant);
      if (error !== null) {
        throw new Error(
          `the server does not reach the receiver of the benchmark at ${receiver.url}: ${error}`,
        );
      }
      await after(LOOK_EVERY_MS);
    }
  };
  try {
    await Promise.race([complete, failing()]);
  } finally {
    isOver = true;
  }
  onReceipt(await complete);
}

/** What the newest attempt failed with; null: it did not, or there is none. */
async function lastError(client: Client, tenant: string): Promise<string | null> {
  const { data } = await client.listAttempts(tenant, { limit: 1 }).page();
  return data[0]?.error ?? null;
}

async function explained({ message }: Stalled, client: Client, tenant: string): Promise<Error> {
  const error = await lastError(client, tenant).catch(() => null);
  return new Error(error === null ? message : `${message}; the newest attempt failed with ${error}`);
}

/** Throws where a signature was wrong. */
function add(sums: { arrived: number; repeated: number }, { counted, distinct, refused }: Receipt): void {
  if (refused > 0) {
    throw new Error(`every request carries the signature of its bytes, but ${refused} did not`);
  }
  sums.arrived += counted;
  sums.repeated += counted - distinct;
}

function machine(): string {
  const processors = cpus();
  const model = processors[0]?.model ?? "unknown";
  return `${processors.length} × ${model}, ${process.platform} ${release()}, Node ${process.version}`;
}
