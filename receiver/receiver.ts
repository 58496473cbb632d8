import {
  jsonAnswer,
  type Outcome,
  type ReceivedEvent,
  type ReceivedRequest,
  type ReceiverAnswer,
  type ReceivingHalf,
} from "@posthorn/contracts/receiving";
import type { DedupeStore } from "./deduplication.ts";
import { isPermanent } from "./permanent-error.ts";

/** What a receiver of any contract is made with. */
export interface ReceiverOptions<Event extends ReceivedEvent> {
  /**
   * Takes one event. Return nothing, or what became of it; throw to have it sent again, or a
   * `PermanentError` to have it never sent again.
   *
   * `request` is what the event came in, with its exact bytes.
   */
  readonly onEvent: (event: Event, request: ReceivedRequest) => Taken | Promise<Taken>;
  /** Keeps repeats from `onEvent`. Default: none, every request is taken. */
  readonly dedupe?: DedupeStore;
  /** Hears what `onEvent` or the store threw; the sender does not. Default: `console.error`. */
  readonly onError?: (error: unknown, event: Event) => void;
  /** Hears why a request was refused, as a snake_case code. Default: nothing. */
  readonly onRefused?: (reason: string, request: ReceivedRequest) => void;
  /** The longest body that is read, in bytes. Default: 2,000,000. */
  readonly bodyBytesMax?: number;
}

type Taken = Outcome | void;

export type Method = "OPTIONS" | "POST";

/** A receiver of one contract: what the handlers of the frameworks put before it. */
export interface Receiver {
  /** The longest body that is read, in bytes. */
  readonly bodyBytesMax: number;
  /** The methods it has an answer for, apart from 405; a route is made for each. */
  readonly methods: readonly Method[];
  /** Verifies, parses, de-duplicates, and says what to answer. */
  receive(request: ReceivedRequest): Promise<ReceiverAnswer>;
}

/** Twice the usual limit of a batch. */
const usualBodyBytesMax = 2_000_000;

const outcomes: ReadonlySet<unknown> = new Set<Outcome>([
  "sent",
  "skipped",
  "invalid_data",
  "unsubscribed",
  "failure",
]);

/** Makes a receiver of a contract's receiving half. The contracts' own factories are the usual way. */
export function createReceiver<Event extends ReceivedEvent>(
  half: ReceivingHalf<Event>,
  options: ReceiverOptions<Event>,
): Receiver {
  const { onRefused, bodyBytesMax = usualBodyBytesMax } = options;
  const settle = settlerOf(half, options);
  const methods: readonly Method[] = half.handshake === undefined ? ["POST"] : ["OPTIONS", "POST"];
  return {
    bodyBytesMax,
    methods,
    async receive(request) {
      if (request.method === "OPTIONS" && half.handshake !== undefined) {
        return half.handshake(request);
      }
      if (request.method !== "POST") {
        const { status, headers, body } = jsonAnswer(405, { error: "method_not_allowed" });
        return { status, headers: { ...headers, allow: methods.join(", ") }, body };
      }
      if (request.payload.length > bodyBytesMax) {
        return bodyTooLarge();
      }
      const verification = await half.verify(request);
      if (verification.kind === "refused") {
        onRefused?.(verification.reason, request);
        return jsonAnswer(401, { error: verification.reason });
      }
      const parsed = half.parse(request);
      if (parsed.kind === "answered") {
        return parsed.answer;
      }
      // One after another, in the order they came; each whatever became of the others.
      const settled: Outcome[] = [];
      for (const event of parsed.events) {
        settled.push(await settle(event, request));
      }
      return half.answer(settled);
    },
  };
}

/** The answer to a body that is not read to its end. */
export function bodyTooLarge(): ReceiverAnswer {
  return jsonAnswer(413, { error: "body_too_large" });
}

type Settle<Event> = (event: Event, request: ReceivedRequest) => Promise<Outcome>;

function settlerOf<Event extends ReceivedEvent>(
  half: ReceivingHalf<Event>,
  options: ReceiverOptions<Event>,
): Settle<Event> {
  const { dedupe, onError = printError } = options;
  const take = takerOf(options);
  // A sender that did not wait for our answer sends again while the first request is still at work.
  const atWork = new Map<string, Promise<Outcome>>();

  async function takeOnce(key: string, store: DedupeStore, run: () => Promise<Outcome>): Promise<Outcome> {
    if (await store.seen(key)) {
      return "skipped";
    }
    const outcome = await run();
    // What was refused for good is not remembered: asked again, it says the same again.
    if (outcome === "sent" || outcome === "skipped") {
      await store.remember(key);
    }
    return outcome;
  }

  return async (event, request) => {
    const key = dedupe && (await half.keyOf(event, request));
    if (dedupe === undefined || key === undefined) {
      return take(event, request);
    }
    const same = atWork.get(key);
    if (same !== undefined) {
      return same;
    }
    const settled = takeOnce(key, dedupe, () => take(event, request)).catch((error: unknown): Outcome => {
      // Not knowing whether it is a repeat, or whether that will be known, the sender had better ask again.
      onError(error, event);
      return "failure";
    });
    atWork.set(key, settled);
    try {
      return await settled;
    } finally {
      atWork.delete(key);
    }
  };
}

function takerOf<Event extends ReceivedEvent>(options: ReceiverOptions<Event>): Settle<Event> {
  const { onEvent, onError = printError } = options;
  return async (event, request) => {
    try {
      const outcome: unknown = await onEvent(event, request);
      if (typeof outcome !== "string") {
        return "sent";
      }
      if (isOutcome(outcome)) {
        return outcome;
      }
      throw new Error(`onEvent must return ${[...outcomes].join(", ")} or nothing, got another text`);
    } catch (error) {
      onError(error, event);
      return isPermanent(error) ? "invalid_data" : "failure";
    }
  };
}

function isOutcome(value: string): value is Outcome {
  return outcomes.has(value);
}

function printError(error: unknown, { name }: ReceivedEvent): void {
  // oxlint-disable-next-line no-console -- an error that nobody hears is worse; onError replaces this
  console.error(`an event of type ${JSON.stringify(name)} was not taken:`, error);
}
