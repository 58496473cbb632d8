/** The part of the checker that goes through what one receiver was sent, in the order of arrival. */
import type { Bounds, Fault } from "./fault.ts";
import { lateEvents } from "./late-events.ts";
import {
  type IntendedEvent,
  type Intent,
  type Logs,
  RECEIVERS,
  type Receipt,
  type ReceivedEvent,
  type ReceiverAnswer,
  type ReceiverName,
} from "./logs.ts";
import { staleRequests } from "./stale-requests.ts";

export interface Arrivals {
  readonly faults: readonly Fault[];
  /** Numbers of events that any receiver was sent. */
  readonly received: ReadonlySet<number>;
  /** By receiver, the numbers of the events that it took or refused. */
  readonly settled: Readonly<Record<ReceiverName, ReadonlySet<number>>>;
  /** The ids under which an event was delivered, in the API's form. */
  readonly ids: ReadonlyMap<number, ReadonlySet<string>>;
  readonly duplicates: number;
  readonly duplicatesAtOnceMax: Readonly<Record<ReceiverName, number>>;
}

/** Goes through the receipts of every receiver. */
export function checkArrivals(logs: Logs, intents: readonly Intent[], bounds: Bounds): Arrivals {
  const intended = new Map(intents.flatMap(({ events }) => events.map((event) => [event.number, event])));
  const late = bounds.mayStoreLate === true ? lateEvents(logs.producer) : new Set<number>();
  const stale = staleRequests(logs.receipts, bounds.stoodStill);
  const passages = RECEIVERS.map((receiver) => {
    const receipts = logs.receipts.filter((receipt) => receipt.receiver === receiver);
    return [receiver, checkPassage(receiver, receipts, { intended, bounds, late, stale })] as const;
  });
  const each = <Value>(of: (passage: Passage) => Value) =>
    Object.fromEntries(passages.map(([receiver, passage]) => [receiver, of(passage)])) as Record<
      ReceiverName,
      Value
    >;
  const ids = new Map<number, Set<string>>();
  for (const [number, id] of passages.flatMap(([, passage]) => passage.ids)) {
    const known = ids.get(number) ?? new Set<string>();
    ids.set(number, known.add(id));
  }
  return {
    faults: passages.flatMap(([, { faults }]) => faults),
    received: new Set(passages.flatMap(([, { forms }]) => [...forms.keys()])),
    settled: each(({ settled }) => settled),
    ids,
    duplicates: passages.reduce((sum, [, { repeats }]) => sum + repeats.length, 0),
    duplicatesAtOnceMax: each(({ repeats }) =>
      Math.max(0, ...[...Map.groupBy(repeats, ({ life }) => life).values()].map(({ length }) => length)),
    ),
  };
}

/** What is known of one receiver while its receipts are gone through. */
interface Passage {
  readonly receiver: ReceiverName;
  readonly faults: Fault[];
  /** The first form of each event that was received. */
  readonly forms: Map<number, ReceivedEvent>;
  readonly ids: (readonly [number: number, id: string])[];
  readonly settled: Set<number>;
  /** The life whose request was the last to carry an event, if it was settled then. */
  readonly settledBy: Map<number, number>;
  /** Received, and to be received again. */
  readonly open: Set<number>;
  /** Settled in a life, and received again in a later one. */
  readonly repeats: { readonly number: number; readonly life: number }[];
  /** By life, requests that arrived after it had stood still. */
  readonly stale: Map<number, number>;
  /** What the last request of each life carried. */
  readonly lastOfLife: Map<number, readonly number[]>;
  /** The first occurrence that was latest in the log so far. */
  greatest: number;
  greatestId: string;
  /** The request before, if it was not settled. */
  unsettled: { readonly life: number; readonly numbers: readonly number[] } | undefined;
}

interface Ground {
  readonly intended: ReadonlyMap<number, IntendedEvent>;
  readonly bounds: Bounds;
  /** Events that may stand in the log after ones with greater numbers. */
  readonly late: ReadonlySet<number>;
  /** What a life that stood still had begun before, and arrived after it went on. */
  readonly stale: ReadonlySet<Receipt>;
}

const IN_ORDER: ReadonlySet<ReceiverName> = new Set<ReceiverName>(["spektr", "bubblehouse"]);

function checkPassage(receiver: ReceiverName, receipts: readonly Receipt[], ground: Ground): Passage {
  const passage: Passage = {
    receiver,
    faults: [],
    forms: new Map(),
    ids: [],
    settled: new Set(),
    settledBy: new Map(),
    open: new Set(),
    repeats: [],
    stale: new Map(),
    lastOfLife: new Map(),
    greatest: -1,
    greatestId: "",
    unsettled: undefined,
  };
  for (const receipt of receipts) {
    if (receipt.problem !== undefined) {
      passage.faults.push({ kind: "unverified", detail: `${receiver}: ${receipt.problem}` });
      continue;
    }
    const known = receipt.events.filter((event) => isIntended(passage, event, ground));
    for (const event of known) {
      checkForm(passage, event, ground);
    }
    if (ground.stale.has(receipt)) {
      checkStale(passage, receipt, ground.bounds);
      continue;
    }
    for (const { number } of known) {
      checkRepeat(passage, number, receipt.life);
    }
    if (IN_ORDER.has(receiver)) {
      checkAgain(passage, receipt);
      checkOrder(passage, known, ground.late);
    }
    settle(passage, receipt);
  }
  checkRepeats(passage, ground.bounds);
  return passage;
}

/** Of what it had begun, one request of a lane in order; elsewhere what may be in flight. */
function checkStale({ receiver, faults, stale }: Passage, { life }: Receipt, { inFlightMax }: Bounds): void {
  const count = (stale.get(life) ?? 0) + 1;
  stale.set(life, count);
  if (count > (IN_ORDER.has(receiver) ? 1 : (inFlightMax[receiver] ?? 0))) {
    faults.push({
      kind: "repeated",
      detail: `request ${count} at ${receiver} after process ${life} stood still`,
    });
  }
}

function isIntended({ receiver, faults }: Passage, { number }: ReceivedEvent, { intended }: Ground): boolean {
  const vendor = intended.get(number)?.vendor;
  const isOwed = vendor !== undefined && (receiver === "standard" || receiver === vendor);
  if (!isOwed) {
    faults.push({ kind: "unexpected", detail: `event ${number} at ${receiver}` });
  }
  return isOwed;
}

/** The same event has the same id and the same bytes every time, and the data that was submitted. */
function checkForm({ receiver, faults, forms, ids }: Passage, event: ReceivedEvent, ground: Ground): void {
  const { number, id, payloadHash, dataHash } = event;
  const first = forms.get(number);
  if (first === undefined) {
    forms.set(number, event);
    const apiId = apiIdOf(receiver, id);
    if (apiId !== undefined) {
      ids.push([number, apiId]);
    }
    if (dataHash !== ground.intended.get(number)?.dataHash) {
      faults.push({ kind: "altered", detail: `the data of event ${number} at ${receiver}` });
    }
  } else if (first.id !== id || first.payloadHash !== payloadHash) {
    faults.push({ kind: "altered", detail: `event ${number} at ${receiver}, another time` });
    const apiId = apiIdOf(receiver, id);
    if (apiId !== undefined) {
      ids.push([number, apiId]);
    }
  }
}

/** The API's id of an event, where the contract's own id lets one tell. */
function apiIdOf(receiver: ReceiverName, id: string): string | undefined {
  switch (receiver) {
    case "standard":
      return id;
    case "spektr":
      // Eight digits of time stand before the digits of our own.
      return `evt_${id.slice(8)}`;
    case "bspk":
    case "bubblehouse":
      return undefined;
  }
}

function checkRepeat(passage: Passage, number: number, life: number): void {
  const { receiver, faults, settledBy, repeats } = passage;
  const before = settledBy.get(number);
  if (before === undefined) {
    return;
  }
  if (before === life) {
    faults.push({ kind: "repeated", detail: `event ${number} at ${receiver}, twice by process ${life}` });
  } else {
    repeats.push({ number, life: before });
  }
}

/**
 * What was not settled goes again as it was, the same members in the same order, as long as its process
 * lives.
 */
function checkAgain(passage: Passage, { life, events, answer }: Receipt): void {
  const { receiver, faults, unsettled } = passage;
  const numbers = numbersOf(events);
  if (unsettled?.life === life && unsettled.numbers.join() !== numbers.join()) {
    const detail = `${unsettled.numbers.join(", ")} at ${receiver}, then ${numbers.join(", ")}`;
    faults.push({ kind: "regrouped", detail });
  }
  if (new Set(numbers).size < numbers.length) {
    faults.push({ kind: "repeated", detail: `in one request at ${receiver}: ${numbers.join(", ")}` });
  }
  passage.unsettled = isSettling(answer) ? undefined : { life, numbers };
}

/** Invariant 3, as a receiver sees it: first occurrences in order, and nothing overtakes what comes again. */
function checkOrder(passage: Passage, events: readonly ReceivedEvent[], late: ReadonlySet<number>): void {
  const { receiver, faults, open, forms } = passage;
  const numbers = numbersOf(events);
  const last = Math.max(...numbers);
  const waiting = [...open].filter(
    (number) => number < last && !numbers.includes(number) && !late.has(number),
  );
  if (waiting.length > 0) {
    const detail = `${waiting.join(", ")} at ${receiver} by ${numbers.join(", ")}`;
    faults.push({ kind: "overtaken", detail });
  }
  for (const event of events.filter((each) => forms.get(each.number) === each)) {
    const { number, id } = event;
    const isBehind = number < passage.greatest && !late.has(number);
    // Bubblehouse's own ids sort as the log does.
    const isIdBehind = receiver === "bubblehouse" && id <= passage.greatestId;
    if (isBehind || isIdBehind) {
      faults.push({ kind: "inverted", detail: `event ${number} at ${receiver} after ${passage.greatest}` });
    }
    passage.greatest = Math.max(passage.greatest, number);
    passage.greatestId = isIdBehind ? passage.greatestId : id;
  }
}

function settle({ settled, settledBy, open, lastOfLife }: Passage, { life, events, answer }: Receipt): void {
  const numbers = numbersOf(events);
  lastOfLife.set(life, numbers);
  for (const number of numbers) {
    if (isSettling(answer)) {
      settled.add(number);
      settledBy.set(number, life);
      open.delete(number);
    } else {
      // Whatever was answered before a crash, the sender knows this answer: it must come again.
      settledBy.delete(number);
      open.add(number);
    }
  }
}

/** Only what was in flight when a process died may come again: on lanes with one request, that request. */
function checkRepeats({ receiver, faults, repeats, lastOfLife }: Passage, bounds: Bounds): void {
  for (const [life, ofLife] of Map.groupBy(repeats, (repeat) => repeat.life)) {
    const numbers = ofLife.map(({ number }) => number);
    const inFlight = lastOfLife.get(life) ?? [];
    const hasDrained = bounds.drainedLives.has(Math.floor(life));
    const isAllowed = hasDrained
      ? false
      : IN_ORDER.has(receiver)
        ? numbers.every((number) => inFlight.includes(number))
        : numbers.length <= (bounds.inFlightMax[receiver] ?? 0);
    if (!isAllowed) {
      const how = hasDrained ? "drained" : "died";
      const some = numbers.slice(0, 20).join(", ");
      const detail = `${numbers.length} at ${receiver} after process ${life} ${how}: ${some}`;
      faults.push({ kind: "repeated", detail });
    }
  }
}

function numbersOf(events: readonly ReceivedEvent[]): readonly number[] {
  return events.map(({ number }) => number);
}

function isSettling(answer: ReceiverAnswer): boolean {
  return answer === "taken" || answer === "refused";
}
