import type { StoredEvent } from "../model/event.ts";
import type { Offset } from "../model/offset.ts";
import type { Alarm } from "./alarm.ts";
import { type AttemptPorts, attempt, type Outcome } from "./attempt.ts";
import { concurrencyAfter, isSlow } from "./concurrency.ts";
import { type GreetingOutcome, type GreetingPorts, greet } from "./greeting.ts";
import type { InFlight } from "./in-flight.ts";
import { type Item, keepsOrder, type Lane, paceMs, putBack } from "./lane.ts";
import type { Limits } from "./limits.ts";
import { fullAfterSending } from "./pace.ts";
import type { Payloads } from "./payloads.ts";
import { type Dropped, sendable } from "./sendable.ts";
import type { Settled } from "./settled.ts";
import { take } from "./take.ts";
import { createTurns, type Line } from "./turns.ts";
import { READ_AGAIN_MS, wait } from "./wait.ts";
import { isGreeted } from "./welcome.ts";

/** Gives lanes their turns, within the limits on requests in flight. */
export interface Dispatcher {
  /** Puts a lane in line; it is passed over if it has nothing to send now. */
  enqueue(lane: Lane): void;
  readonly inFlight: number;
  /** What was taken, until it is known what came of it. */
  readonly onTheWay: ReadonlySet<Item>;
  /** Gives the first turns: until then lanes only stand in line. */
  start(): void;
  /** Goes on after outcomes became durable. */
  resume(): void;
  /** Sends nothing new from now on. */
  stop(): void;
}

export interface DispatcherPorts extends AttemptPorts, GreetingPorts {
  readonly limits: Limits;
  /** Of the process: shared with whoever else gives turns. */
  readonly inFlight: InFlight;
  readonly alarm: Alarm;
  readonly payloads: Payloads;
  readonly readEvents: (offsets: readonly Offset[]) => Promise<readonly StoredEvent[]>;
  /** Whether what comes of another request can be stored soon. */
  readonly mayBegin: () => boolean;
  readonly onOutcome: (settled: Settled) => void;
  readonly onGreeted: (lane: Lane, outcome: GreetingOutcome) => void;
  /**
   * Some of the item will not be sent: it is gone from the log, erased, abandoned, or superseded, or its time
   * is over.
   */
  readonly onDropped: (lane: Lane, dropped: Dropped) => void;
  /** A lane's hold has ended by itself: its row is not wanted any more. */
  readonly onHoldEnded: () => void;
  /** A lane may want to read on. */
  readonly onTaken: (lane: Lane) => void;
  /** Rendering, sending or judging threw: our fault, or the contract's. What was to be sent is put back. */
  readonly onFault: (lane: Lane, error: unknown) => void;
  /** The log could not be read now: it is read again. */
  readonly onReadFailed: (lane: Lane, error: unknown) => void;
  /** Events whose erasure is on its way into the store. */
  readonly erased: ReadonlySet<Offset>;
}

export function createDispatcher(ports: DispatcherPorts): Dispatcher {
  const { clock, limits, alarm, inFlight } = ports;
  const turns = createTurns();
  const onTheWay = new Set<Item>();
  const unshare = inFlight.share(giveTurns);
  /** Requests of this dispatcher's lanes. */
  let requestsOut = 0;
  let isStarted = false;
  let isStopped = false;

  function enqueue(lane: Lane): void {
    turns.add(lane);
    giveTurns();
  }

  function giveTurns(): void {
    if (!isStarted) {
      return;
    }
    while (!isStopped && !inFlight.isFull && ports.mayBegin()) {
      const lane = turns.next(inFlight);
      if (lane === undefined) {
        return;
      }
      giveTurn(lane);
    }
  }

  function giveTurn(lane: Lane): void {
    const now = clock.now();
    const turn = take(lane, now, limits);
    if (turn === undefined) {
      return;
    }
    if ("wakeAt" in turn) {
      wake(lane, turn.wakeAt);
      return;
    }
    if ("endsHold" in turn) {
      lane.hold = undefined;
      ports.onHoldEnded();
      return;
    }
    const line = { tenant: lane.route.endpoint.tenant, isSlow: lane.isSlow };
    countRequest(line, 1);
    if ("greets" in turn) {
      void runGreeting(lane, line);
      return;
    }
    lane.bucketFullAt = fullAfterSending({ fullAt: lane.bucketFullAt, now, paceMs: paceMs(lane) });
    // One delivery a turn: the lane stands at the end of its tenant's line again.
    turns.add(lane);
    ports.onTaken(lane);
    void run(lane, turn, line);
  }

  function countRequest(line: Line, requests: 1 | -1): void {
    requestsOut += requests;
    inFlight.count(line, requests);
  }

  function wake(lane: Lane, at: number): void {
    if (at >= lane.wakeAt) {
      return;
    }
    lane.wakeAt = at;
    alarm.set(at, () => {
      lane.wakeAt = Infinity;
      enqueue(lane);
    });
  }

  async function runGreeting(lane: Lane, line: Line): Promise<void> {
    try {
      const outcome = await greet(lane.route, ports);
      lane.isSlow = isSlow(outcome);
      ports.onGreeted(lane, outcome);
    } catch (error) {
      ports.onFault(lane, error);
    }
    countRequest(line, -1);
    lane.requestsOut -= 1;
    lane.isGreeting = false;
    enqueue(lane);
  }

  async function run(lane: Lane, item: Item, line: Line): Promise<void> {
    onTheWay.add(item);
    try {
      const found = cached(item.offsets) ?? (await read(lane, item.offsets));
      const events = isStopped ? [] : sift(lane, item, found);
      if (events.length > 0 && !isGreeted(lane.route, lane.welcome, clock.now())) {
        // The endpoint was saved while its events were read.
        putBack(lane, { ...item, offsets: events.map(({ offset }) => offset) });
      } else {
        await sendAll(lane, item, events);
      }
    } catch (error) {
      ports.onFault(lane, error);
    }
    onTheWay.delete(item);
    countRequest(line, -1);
    if (!keepsOrder(lane)) {
      lane.requestsOut -= 1;
    }
    enqueue(lane);
  }

  /**
   * Makes the request; members of a batch that cannot be rendered are rejected, and the others go without
   * them.
   */
  async function sendAll(lane: Lane, item: Item, all: readonly StoredEvent[]): Promise<void> {
    for (let events = all; events.length > 0; ) {
      const isAll = events.length === item.offsets.length;
      const sending = isAll ? item : { ...item, offsets: events.map(({ offset }) => offset) };
      const outcome = await attempted(lane, sending, events);
      if (outcome === undefined) {
        return;
      }
      const isSent = outcome.sent !== undefined;
      const rest = isSent ? [] : events.filter(({ offset }) => !outcome.unrenderable.includes(offset));
      if (rest.length === 0 || rest.length === events.length) {
        ports.onOutcome({ lane, item: sending, outcome, isPart: false });
        return;
      }
      ports.onOutcome({ lane, item: { ...item, offsets: outcome.unrenderable }, outcome, isPart: true });
      events = rest;
    }
  }

  async function attempted(
    lane: Lane,
    item: Item,
    events: readonly StoredEvent[],
  ): Promise<Outcome | undefined> {
    try {
      const outcome = await attempt(lane.route, { item, events }, ports);
      lane.concurrency = concurrencyAfter(lane.concurrency, lane.route.policy.maxInFlight, outcome);
      lane.isSlow = isSlow(outcome);
      return outcome;
    } catch (error) {
      putBack(lane, item);
      ports.onFault(lane, error);
      return undefined;
    }
  }

  function cached(offsets: readonly Offset[]): readonly StoredEvent[] | undefined {
    const events: StoredEvent[] = [];
    for (const offset of offsets) {
      const event = ports.payloads.get(offset);
      if (event === undefined) {
        return undefined;
      }
      events.push(event);
    }
    return events;
  }

  async function read(lane: Lane, offsets: readonly Offset[]): Promise<readonly StoredEvent[]> {
    while (!isStopped) {
      try {
        return await ports.readEvents(offsets);
      } catch (error) {
        ports.onReadFailed(lane, error);
        await wait(clock, READ_AGAIN_MS);
      }
    }
    return [];
  }

  /** Finds out what of an item goes now; what does not is told of, or goes back into the line. */
  function sift(lane: Lane, item: Item, found: readonly StoredEvent[]): readonly StoredEvent[] {
    const taken = { lane, item, found, erased: ports.erased, now: clock.now() };
    const { events, later, dropped } = sendable(taken);
    if (later.length > 0) {
      returnToLine(lane, later);
    }
    if (dropped !== undefined) {
      ports.onDropped(lane, dropped);
    }
    return events;
  }

  return {
    enqueue,
    start() {
      isStarted = true;
      giveTurns();
    },
    resume: giveTurns,
    get inFlight() {
      return requestsOut;
    },
    onTheWay,
    stop() {
      isStopped = true;
      unshare();
    },
  };
}

/** Puts back members of a batch that do not go with it. */
function returnToLine(lane: Lane, events: readonly StoredEvent[]): void {
  const offsets = events.map(({ offset }) => offset);
  for (const offset of offsets) {
    lane.inFlight.delete(offset);
  }
  lane.ready.putBack(offsets);
}
