/**
 * A backlog of an `ordered` endpoint whose receiver is down: it is accepted, it costs no memory, and when
 * the receiver is back it drains in order.
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
import { failAlways, type Receivers, startReceivers, takeAll } from "./receivers.ts";
import { createLives, type ServerLife } from "./server-life.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export interface BacklogOptions {
  /** Accepted while the receiver is down. */
  readonly events: number;
  /** Received before the run ends; the others are left. */
  readonly drained: number;
}

export interface BacklogResult {
  /** Numbers of the events in the order in which they came for the first time after the receiver was back. */
  readonly received: readonly number[];
  /** Deliveries that came again after they were taken. */
  readonly duplicates: number;
  /** Of the server's process, in bytes, at most; undefined where the system does not tell. */
  readonly residentBytes: number | undefined;
  readonly acceptedMs: number;
  readonly drainedMs: number;
  readonly exitCode: number | null;
}

const EVENTS_PER_REQUEST = 1000;

// 200,000 events held as objects would not fit. Without a limit the runtime lets garbage lie while the
// machine has memory to spare, and what is resident says little about what is held.
const HEAP_MEGABYTES = 96;

export async function backlogRun({ events, drained }: BacklogOptions): Promise<BacklogResult> {
  using folder = temporaryFolder("backlog");
  const receivers = await startReceivers();
  const lives = createLives({ heapMegabytes: HEAP_MEGABYTES });
  try {
    receivers.behave(failAlways("bubblehouse"));
    const path = join(folder.path, "posthorn.db");
    const life = lives.begin({ path, port: 0, adminKey: ADMIN_KEY, crash: undefined, sabotage: undefined });
    const url = await life.listening;
    if (url === undefined) {
      throw new Error(`the server must listen, it ended: ${life.said()}`);
    }
    await createTenant(url);
    const { secret } = await createEndpoint(url, "bubblehouse", receivers.urlOf("bubblehouse"));
    receivers.entrust("bubblehouse", secret);
    const acceptingSince = performance.now();
    const first = await accept(url, events);
    const acceptedMs = performance.now() - acceptingSince;

    receivers.behave(takeAll);
    const drainingSince = performance.now();
    await retryNow(url, await headOf(url, first));
    await untilSettled(receivers, life, drained);
    const drainedMs = performance.now() - drainingSince;
    const residentBytes = life.residentPeak();
    life.terminate();
    const { code } = await life.ended;
    return {
      ...inOrderOfArrival(receivers),
      residentBytes,
      acceptedMs,
      drainedMs,
      exitCode: code,
    };
  } finally {
    await lives.close();
    await receivers.close();
  }
}

/** One line for a person. */
export function describeBacklog({
  received,
  residentBytes,
  acceptedMs,
  drainedMs,
  ...rest
}: BacklogResult): string {
  const megabytes = residentBytes === undefined ? "an unknown number of" : Math.round(residentBytes / 1e6);
  const isInOrder = received.every((number, place) => number === place + 1);
  return (
    `accepted in ${Math.round(acceptedMs)} ms; ${received.length} drained in ${Math.round(drainedMs)} ms, ` +
    `${isInOrder ? "in order" : "OUT OF ORDER"}, duplicates ${rest.duplicates}, ` +
    `exit code ${rest.exitCode}; at most ${megabytes} MB resident with a heap of ${HEAP_MEGABYTES} MB`
  );
}

/** Sends numbered events, and returns the id of the first. */
async function accept(url: string, count: number): Promise<string> {
  let first = "";
  for (let from = 1; from <= count; from += EVENTS_PER_REQUEST) {
    const numbers = Array.from(
      { length: Math.min(EVENTS_PER_REQUEST, count - from + 1) },
      (_, at) => from + at,
    );
    const content = numbers.map((n) => ({
      type: "Points Updated",
      data: { n, customer: { id: n }, end: 0 },
    }));
    const answer = await mustCall(url, "POST", { path: `${TENANT}/events`, content });
    first ||= String(membersOf(listIn(answer)[0])["id"]);
  }
  return first;
}

/** The head of the held lane: the delivery of the first event. */
async function headOf(url: string, event: string): Promise<string> {
  const deliveries = await mustCall(url, "GET", { path: `${TENANT}/events/${event}/deliveries` });
  return String(membersOf(listIn(deliveries)[0])["id"]);
}

function listIn(answer: unknown): readonly unknown[] {
  const { data } = membersOf(answer);
  return Array.isArray(data) ? data : [];
}

async function untilSettled(receivers: Receivers, life: ServerLife, count: number): Promise<void> {
  let hasEnded = false;
  const ended = life.ended.then(() => {
    hasEnded = true;
  });
  while (receivers.settled.bubblehouse.size < count) {
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
