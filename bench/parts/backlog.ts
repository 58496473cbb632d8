import { setTimeout as after } from "node:timers/promises";
import { perSecond } from "../../server/src/cli/bench/measurement.ts";
import type { Report } from "../answer.ts";
import { startPosthorn } from "../posthorn.ts";
import { startReceiver } from "../receiver.ts";
import type { Size } from "../size.ts";
import { createLane, measureThroughput, type Parts, postEvents } from "../throughput.ts";

const IN_FLIGHT = 32;
const SPARSE = 50;
const LOAD = { batch: 100, callers: 4 };
/** So long nothing happens, before memory is looked at. */
const CALM_MS = 3000;
const MEGABYTE = 1_000_000;

/**
 * Asks what a long backlog costs: a million events behind an endpoint that waits, and fifty among them for
 * another. Both are paused, which keeps a lane's place as a hold does, and ends when one wants.
 */
export async function measure({ deliveries, backlog }: Size): Promise<Report> {
  const receiver = await startReceiver();
  const posthorn = await startPosthorn();
  await posthorn.end();
  const startMs = await posthorn.start();
  const { url } = receiver;
  const lane = await createLane(posthorn, { tenant: "waits", url, maxInFlight: IN_FLIGHT });
  const sparse = await createLane(posthorn, { tenant: "sparse", url, maxInFlight: IN_FLIGHT });
  const parts = { posthorn, receiver, lane };
  const say = async (to: typeof lane, verb: "pause" | "resume"): Promise<void> => {
    await posthorn.post(`${to.tenantPath}/endpoints/${to.endpoints[0]?.id}/${verb}`, {});
  };
  await measureThroughput(parts, { deliveries, ...LOAD });
  const base = perSecond(await measureThroughput(parts, { deliveries, ...LOAD }));

  await say(lane, "pause");
  await say(sparse, "pause");
  await after(CALM_MS);
  const [idleBytes, emptyBytes] = [posthorn.memoryBytes(), posthorn.diskBytes()];
  for (let part = 0; part < SPARSE; part += 1) {
    await postEvents({ posthorn, lane: sparse }, { batch: 1, callers: 1 }, 1);
    await postEvents(parts, LOAD, backlog / SPARSE);
  }
  await after(CALM_MS);
  const backlogBytes = posthorn.memoryBytes() - idleBytes;

  const wakeMs = await firstAfter({ ...parts, lane: sparse }, () => say(sparse, "resume"));
  const drained = await drain(parts, backlog, () => say(lane, "resume"));
  const diskBytes = posthorn.diskBytes() - emptyBytes;
  await say(lane, "pause");
  await postEvents(parts, LOAD, backlog);
  await say(lane, "resume");
  await posthorn.end();
  const restartedMs = await firstAfter(parts, () => posthorn.start());
  await posthorn.stop();
  receiver.close();
  const diskPerEvent = diskBytes / backlog;
  return report(backlog, { base, drained, startMs, restartedMs, backlogBytes, diskPerEvent, wakeMs });
}

interface Figures {
  /** Deliveries a second, without a backlog and of one. */
  readonly base: number;
  readonly drained: number;
  readonly startMs: number;
  readonly restartedMs: number;
  readonly backlogBytes: number;
  readonly diskPerEvent: number;
  readonly wakeMs: number;
}

function report(backlog: number, figures: Figures): Report {
  const { base, drained, startMs, restartedMs, backlogBytes, diskPerEvent, wakeMs } = figures;
  return {
    figures: {
      "deliveries/s without a backlog": base,
      "deliveries/s of the backlog": drained,
      "ms of a bare start": startMs,
      "ms from a start to the first delivery": restartedMs,
    },
    answers: [
      {
        question: `MB of memory for ${backlog} events that wait`,
        goal: { atMost: 60 },
        ratio: backlogBytes / MEGABYTE,
      },
      {
        question: "deliveries/s of them, when they may go ÷ base",
        goal: { atLeast: 0.8 },
        ratio: drained / base,
      },
      {
        question: "a start with them, until the first delivery ÷ a bare start",
        goal: { atMost: 4 },
        ratio: restartedMs / startMs,
      },
      {
        question: "KB on disk for each event of 1 KB delivered, with its attempt",
        goal: { atMost: 1.6 },
        ratio: diskPerEvent / 1000,
      },
      {
        question: `ms until a lane sends that wakes for ${SPARSE} of the last ${backlog} events`,
        goal: { atMost: 50 },
        ratio: wakeMs,
      },
    ],
  };
}

/** Returns how long after the beginning of what is done a first delivery came. */
async function firstAfter({ receiver, lane }: Parts, what: () => Promise<unknown>): Promise<number> {
  const { complete } = await receiver.expect({ count: lane.count, number: 1, secret: undefined });
  const startedAt = performance.now();
  const done = what();
  await complete;
  const ms = performance.now() - startedAt;
  await done;
  return ms;
}

/** Returns at what rate the backlog went. */
async function drain(
  { receiver, lane }: Parts,
  backlog: number,
  begin: () => Promise<void>,
): Promise<number> {
  const { complete } = await receiver.expect({ count: lane.count, number: backlog, secret: undefined });
  const startedAt = performance.now();
  await begin();
  await complete;
  return backlog / ((performance.now() - startedAt) / 1000);
}
