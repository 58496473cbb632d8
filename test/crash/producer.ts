/**
 * An application that sends events while the server dies again and again. It writes down what it intends
 * before the first request, and what was acknowledged after the answer was read; its log outlives every
 * server.
 */
import { call, membersOf, TENANT } from "./api-calls.ts";
import type { IntendedEvent, Intent, ProducerEntry, Vendor } from "./logs.ts";
import type { Receivers } from "./receivers.ts";
import type { Chance } from "./seeded.ts";
import type { Place, Site } from "./site.ts";
import { dataHashOf } from "./verify.ts";

export interface ProducerOptions {
  readonly site: Site;
  readonly receivers: Receivers;
  readonly chance: Chance;
  /** Of each event, about. */
  readonly dataBytes: number;
  /** Of each request, at most. */
  readonly eventsMax: number;
  /** Whether requests with a key are made again although they were acknowledged. */
  readonly isRepeating: boolean;
  /** Acknowledged events of one receiver that may wait to be settled; beyond it, its stream pauses. */
  readonly backlogMax: number;
}

export interface Producer {
  readonly log: readonly ProducerEntry[];
  /** The most acknowledged events that waited for one receiver at a time. */
  backlogPeak(): number;
  /** Requests that had no answer in far longer than any may take. */
  hung(): number;
  /**
   * Sends nothing new from now on; resolves when every stream has ended. Rejects if the API refused a
   * request.
   */
  stop(): Promise<void>;
}

/** A request that can be made again, byte for byte. */
interface Request {
  readonly intent: Intent;
  readonly text: string;
  /** `none`: it is never made again. `request`: one key covers it. `events`: each event has its own. */
  readonly keyed: "none" | "request" | "events";
}

const TYPES: Readonly<Record<Vendor, string>> = {
  bspk: "client.updated",
  spektr: "process_run_end",
  bubblehouse: "Points Updated",
};

// Several times what accepting may take with a database that answers nothing.
const ANSWER_MS_MAX = 30_000;

// One stream for what is owed in order, so that the order of the numbers is the order of the log.
const STREAMS: readonly Vendor[] = ["bspk", "bspk", "bspk", "spektr", "bubblehouse"];

/** Starts the streams. */
export function startProducer({ site, receivers, chance, ...sizes }: ProducerOptions): Producer {
  const log: ProducerEntry[] = [];
  const acknowledged = { bspk: 0, spektr: 0, bubblehouse: 0 };
  // Requests with a key that were not acknowledged, to be made again when others have gone.
  const postponed: Request[] = [];
  let number = 0;
  let isStopped = false;
  let backlogPeak = 0;
  let hung = 0;
  const stopped = Promise.withResolvers<void>();

  function intend(vendor: Vendor): Request {
    const keyed = (["none", "request", "events", "request"] as const)[chance.below(4)] ?? "none";
    const drafts = Array.from({ length: 1 + chance.below(sizes.eventsMax) }, () => {
      number += 1;
      return draftOf(vendor, {
        number,
        dataBytes: chance.below(2 * sizes.dataBytes),
        isKeyed: keyed === "events",
      });
    });
    const intent: Intent = { kind: "intent", request: log.length, events: drafts.map(({ event }) => event) };
    log.push(intent);
    const texts = drafts.map(({ text }) => text);
    return { intent, keyed, text: texts.length === 1 ? (texts[0] ?? "") : `[${texts.join(",")}]` };
  }

  /** Makes a request at a place; returns whether it was acknowledged. */
  async function submit({ intent, text, keyed }: Request, { url }: Place): Promise<boolean> {
    const key = keyed === "request" ? `request ${intent.request}` : undefined;
    const signal = AbortSignal.timeout(ANSWER_MS_MAX);
    const asked = call(url, "POST", { path: `${TENANT}/events`, text, key, signal });
    const answer = await asked.catch(() => undefined);
    hung += signal.aborted ? 1 : 0;
    // No answer, or none that says whether the events are stored.
    if (answer === undefined || answer.status === 503) {
      return false;
    }
    if (answer.status !== 202) {
      throw new Error(`events must be accepted, got ${answer.status}: ${JSON.stringify(answer.json)}`);
    }
    log.push({ kind: "acknowledged", request: intent.request, ids: idsIn(answer.json) });
    return true;
  }

  /**
   * Makes a request, and again in the next life if it can and is not left as it is; then perhaps once more.
   * Returns whether there is any life to come.
   */
  async function insist(request: Request, vendor: Vendor): Promise<boolean> {
    let life = 0;
    for (;;) {
      const place = await site.after(life);
      if (place === undefined) {
        return false;
      }
      if (await submit(request, place)) {
        acknowledged[vendor] += request.intent.events.length;
        if (sizes.isRepeating && request.keyed !== "none" && chance.happens(0.05)) {
          await submit(request, place);
        }
        return true;
      }
      if (request.keyed === "none" || chance.happens(0.1)) {
        // The stream goes on in the next life: what comes then must not overtake this in the log.
        return (await site.after(place.life)) !== undefined;
      }
      if (vendor === "bspk") {
        postponed.push(request);
        return (await site.after(place.life)) !== undefined;
      }
      life = place.life;
    }
  }

  async function hasRoom(vendor: Vendor): Promise<boolean> {
    const waiting = () => {
      const all = acknowledged.bspk + acknowledged.spektr + acknowledged.bubblehouse;
      const own = acknowledged[vendor] - receivers.settled[vendor].size;
      backlogPeak = Math.max(backlogPeak, own);
      return Math.max(own, (all - receivers.settled.standard.size) / STREAMS.length);
    };
    while (!isStopped && waiting() > sizes.backlogMax) {
      await Promise.race([receivers.received(), stopped.promise]);
    }
    return !isStopped;
  }

  async function stream(vendor: Vendor): Promise<void> {
    let goesOn = true;
    while (goesOn && (await hasRoom(vendor))) {
      const again = vendor === "bspk" && chance.happens(0.5) ? postponed.shift() : undefined;
      goesOn = await insist(again ?? intend(vendor), vendor);
    }
  }

  const streams = Promise.all(STREAMS.map(stream));
  // Thrown again by stop(); until then nobody listens.
  streams.catch(() => undefined);
  return {
    log,
    backlogPeak: () => backlogPeak,
    hung: () => hung,
    async stop() {
      isStopped = true;
      stopped.resolve();
      await streams;
    },
  };
}

interface Draft {
  readonly number: number;
  readonly dataBytes: number;
  readonly isKeyed: boolean;
}

/** An event, and the text that asks for it. Its data has what a parser would change. */
function draftOf(
  vendor: Vendor,
  { number, dataBytes, isKeyed }: Draft,
): { readonly event: IntendedEvent; readonly text: string } {
  const padding = "é".repeat(Math.ceil(dataBytes / 2));
  const customer = `{"id":${number % 97}}`;
  const numbers = `"n":${number}, "one":1.0,"big":12345678901234567890`;
  const data = `{${numbers},"customer":${customer},"padding":"${padding}","end":0}`;
  const key = isKeyed ? `,"idempotency_key":"event ${number}"` : "";
  const text = `{"type":"${TYPES[vendor]}","subject":"customer-${number % 97}"${key},"data":${data}}`;
  return { event: { number, vendor, dataHash: dataHashOf(data) }, text };
}

function idsIn(json: unknown): readonly string[] {
  const answer = membersOf(json);
  const listed: readonly unknown[] = Array.isArray(answer["data"]) ? answer["data"] : [answer];
  return listed.map((one) => String(membersOf(one)["id"]));
}
