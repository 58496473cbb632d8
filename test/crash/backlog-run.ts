/**
 * A backlog of an endpoint whose lane is held because its receiver is down: it is accepted, it costs no
 * memory, and when the receiver is back it drains, in order where the contract promises that.
 */
import { join } from "node:path";
import {
  ADMIN_KEY,
  createEndpoint,
  createTenant,
  membersOf,
  mustCall,
  retryNow,
  TENANT,
} from "./api-calls.ts";
import { holdAlways, type Receivers, startReceivers, takeAll } from "./receivers.ts";
import { createLives, type ServerLife } from "./server-life.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** `bubblehouse`: ordered. `standard`: each delivery on its own. */
export type BacklogReceiver = "bubblehouse" | "standard";

export interface BacklogOptions {
  readonly receiver: BacklogReceiver;
  /** Delivered first, as they are accepted: what a drain is compared with. */
  readonly ordinary: number;
  /** Accepted while the receiver is down. */
  readonly events: number;
  /** Of these, received before the run ends; the others are left. */
  readonly drained: number;
}

export interface BacklogResult {
  /** Numbers of the events in the order in which they were taken. */
  readonly received: readonly number[];
  /** Deliveries that came again after they were taken. */
  readonly duplicates: number;
  /** Of the server's process, in bytes, at most; undefined where the system does not tell. */
  readonly residentBytes: number | undefined;
  readonly ordinaryPerSecond: number;
  readonly acceptedPerSecond: number;
  readonly drainedPerSecond: number;
  readonly exitCode: number | null;
}

const EVENTS_PER_REQUEST = 1000;

// 200,000 events held as objects would not fit. Without a limit the runtime lets garbage lie while the
// machine has memory to spare, and what is resident says little about what is held.
const HEAP_MEGABYTES = 96;

export async function backlogRun(options: BacklogOptions): Promise<BacklogResult> {
  const { receiver, ordinary, events, drained } = options;
  using folder = temporaryFolder("backlog");
  const receivers = await startReceivers();
  const lives = createLives({ heapMegabytes: HEAP_MEGABYTES });
  try {
    const path = join(folder.path, "posthorn.db");
    const life = lives.begin({ path, port: 0, adminKey: ADMIN_KEY, crash: undefined, sabotage: undefined });
    const url = await life.listening;
    if (url === undefined) {
      throw new Error(`the server must listen, it ended: ${life.said()}`);
    }
    await createTenant(url);
    const { secret } = await createEndpoint(url, receiver, receivers.urlOf(receiver));
    receivers.entrust(receiver, secret);
    const untilTaken = (count: number) =>
      untilSettled(receivers.settled[receiver], receivers, { life, count });

    const ordinaryPerSecond = await rateOf(ordinary, async () => {
      await accept(url, { from: 1, count: ordinary });
      await untilTaken(ordinary);
    });
    receivers.behave(holdAlways(receiver));
    let first = "";
    const acceptedPerSecond = await rateOf(events, async () => {
      first = await accept(url, { from: ordinary + 1, count: events });
    });
    receivers.behave(takeAll);
    const drainedPerSecond = await rateOf(drained, async () => {
      await retryNow(url, await headOf(url, first));
      await untilTaken(ordinary + drained);
    });
    const residentBytes = life.residentPeak();
    life.terminate();
    const { code } = await life.ended;
    return {
      ...inOrderOfArrival(receivers),
      residentBytes,
      ordinaryPerSecond,
      acceptedPerSecond,
      drainedPerSecond,
      exitCode: code,
    };
  } finally {
    await lives.close();
    await receivers.close();
  }
}

/** Returns how many a second that is. */
async function rateOf(count: number, run: () => Promise<void>): Promise<number> {
  const since = performance.now();
  await run();
  return (count * 1000) / (performance.now() - since);
}

/** Whether the events came in the order of their numbers, one after another. */
export function isInOrder({ received }: BacklogResult): boolean {
  return received.every((number, place) => number === place + 1);
}

/** One line for a person. */
export function describeBacklog(result: BacklogResult): string {
  const { received, residentBytes, ordinaryPerSecond, acceptedPerSecond, drainedPerSecond } = result;
  const megabytes = residentBytes === undefined ? "an unknown number of" : Math.round(residentBytes / 1e6);
  const ratio = (drainedPerSecond / ordinaryPerSecond).toFixed(2);
  return (
    `accepted at ${Math.round(acceptedPerSecond)}/s; ${received.length} received, drained at ` +
    `${Math.round(drainedPerSecond)}/s, ${ratio} of the ordinary ${Math.round(ordinaryPerSecond)}/s; ` +
    `${isInOrder(result) ? "in order" : "not in order"}, duplicates ${result.duplicates}, ` +
    `exit code ${result.exitCode}; at most ${megabytes} MB resident with a heap of ${HEAP_MEGABYTES} MB`
  );
}

/** Sends numbered events, and returns the id of the first. */
export async function accept(url: string, { from, count }: { from: number; count: number }): Promise<string> {
  let first = "";
  const end = from + count;
  for (let next = from; next < end; next += EVENTS_PER_REQUEST) {
    const numbers = Array.from({ length: Math.min(EVENTS_PER_REQUEST, end - next) }, (_, at) => next + at);
    const content = numbers.map((n) => ({
      type: "Points Updated",
      data: { n, customer: { id: n }, end: 0 },
    }));
    const answer = await mustCall(url, "POST", { path: `${TENANT}/events`, content });
    first ||= String(membersOf(listIn(answer)[0])["id"]);
  }
  return first;
}

/** What the lane is held for: the delivery of the first event. */
async function headOf(url: string, event: string): Promise<string> {
  const deliveries = await mustCall(url, "GET", { path: `${TENANT}/events/${event}/deliveries` });
  return String(membersOf(listIn(deliveries)[0])["id"]);
}

function listIn(answer: unknown): readonly unknown[] {
  const { data } = membersOf(answer);
  return Array.isArray(data) ? data : [];
}

async function untilSettled(
  settled: ReadonlySet<number>,
  receivers: Receivers,
  { life, count }: { life: ServerLife; count: number },
): Promise<void> {
  let hasEnded = false;
  const ended = life.ended.then(() => {
    hasEnded = true;
  });
  while (settled.size < count) {
    if (hasEnded) {
      throw new Error(`the server must drain, it ended: ${life.said()}`);
    }
    await Promise.race([receivers.received(), ended]);
  }
}

function inOrderOfArrival({ receipts }: Receivers): { received: readonly number[]; duplicates: number } {
  const taken = receipts
    .filter(({ answer }) => answer === "taken" || answer === "refused")
    .flatMap(({ events }) => events.map(({ number }) => number));
  const received = [...new Set(taken)];
  return { received, duplicates: taken.length - received.length };
}
