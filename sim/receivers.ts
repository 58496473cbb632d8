import { createHash } from "node:crypto";
import type { Answer } from "@posthorn/contracts/contract";
import type { OutboundRequest } from "../server/src/outbound/sender.ts";
import type { Book } from "./book.ts";
import { WELCOME_HEADER } from "./contracts.ts";
import type { Faults } from "./faults.ts";
import type { FaultName } from "./plan.ts";
import type { Dice } from "./random.ts";
import type { KnownEndpoint } from "./world.ts";

/** One event as it stands in a request. */
export interface Delivered {
  readonly serial: number;
  /** Covers the id the receiver sees and the event's bytes in the payload. */
  readonly bytesHash: string;
}

/** One request that reached a receiver. */
export interface Arrival {
  /** Monotonic. */
  readonly at: number;
  readonly endpoint: number;
  readonly events: readonly Delivered[];
  /** As an attempt stores it. */
  readonly payloadHash: string;
  readonly answer: Answer;
  /** Whether who sent it had lost the lease, or was gone, when it arrived. */
  readonly isStale: boolean;
}

/** The customers' programs. They write down what reaches them before they answer. */
export interface Receivers {
  readonly arrivals: readonly Arrival[];
  /** Whether a request to this receiver gets through at all. */
  isReachable(endpoint: KnownEndpoint): boolean;
  arrive(endpoint: KnownEndpoint, request: OutboundRequest, isStale: boolean): Answer;
}

const SERIAL = /"serial":(\d+)/g;
const EVENT_ID = /evt_[0-9a-f]{16}/;
const OUTAGE_SHARE_MS = 0.3;

export function createReceivers({
  book,
  dice,
  faults,
  elapsed,
  spanMs,
}: {
  book: Book;
  dice: Dice;
  faults: Faults;
  elapsed: () => number;
  spanMs: number;
}): Receivers {
  const arrivals: Arrival[] = [];
  const downUntil = new Map<number, number>();

  return {
    arrivals,
    isReachable({ number }) {
      if (faults.isHealed) {
        return true;
      }
      if (faults.fires("outage")) {
        downUntil.set(number, elapsed() + spanMs * OUTAGE_SHARE_MS * dice.fraction());
      }
      return elapsed() >= (downUntil.get(number) ?? 0) && !faults.fires("unreachable");
    },
    arrive(endpoint, request, isStale) {
      if (isGreeting(request)) {
        return drawReception(request, faults, dice);
      }
      const answer = drawAnswer(endpoint, faults, dice);
      arrivals.push({
        at: elapsed(),
        endpoint: endpoint.number,
        events: readEvents(endpoint, request, book),
        payloadHash: payloadHashOf(request.payload),
        answer,
        isStale,
      });
      return answer;
    },
  };
}

/** Whether a request asks to be answered before anything is sent, and carries no events. */
export function isGreeting({ method, url }: OutboundRequest): boolean {
  return method === "OPTIONS" || url.endsWith("/Hello1");
}

/** Reads which events a request carries, and what identifies each. */
export function readEvents(
  endpoint: KnownEndpoint,
  request: OutboundRequest,
  book: Book,
): readonly Delivered[] {
  const text = new TextDecoder().decode(request.payload);
  const members = endpoint.contract.discipline === "batched" ? text.split(/(?=\{"id":")/).slice(1) : [text];
  return members.map((member) => {
    const serials = [...member.matchAll(SERIAL)].map(([, digits]) => Number(digits));
    const id = request.headers["webhook-id"] ?? "";
    // What the server tells of itself has no serial in it.
    const [serial = book.serialOf(id || (EVENT_ID.exec(member)?.[0] ?? "")) ?? -1] = serials;
    // What follows the last brace belongs to the batch.
    const own = member.slice(0, member.lastIndexOf("}") + 1).replace(/\}\]\}$/, "}");
    return {
      serial: serials.length <= 1 ? serial : -1,
      bytesHash: createHash("sha1").update(`${id} ${own}`).digest("base64"),
    };
  });
}

export function payloadHashOf(payload: Uint8Array): string {
  return createHash("sha256").update(payload).digest().subarray(0, 16).toString("hex");
}

const REFUSALS: readonly (readonly [FaultName, (dice: Dice) => Answer])[] = [
  ["answer_server_error", (dice) => status(dice.pick([500, 502, 503, 504]))],
  ["answer_client_error", (dice) => status(dice.pick([400, 404, 301]))],
  ["answer_refused_for_good", () => status(422)],
  ["answer_gone", () => status(410)],
  ["answer_throttled", (dice) => status(429, "", retryAfter(dice))],
  ["answer_garbage", (dice) => garbage(dice)],
];

function drawRefusal(faults: Faults, dice: Dice): Answer | undefined {
  return REFUSALS.find(([name]) => faults.fires(name))?.[1](dice);
}

function drawAnswer({ contract }: KnownEndpoint, faults: Faults, dice: Dice): Answer {
  const yes = contract.name === "bubblehouse" ? '{"outcome":"sent"}' : "ok";
  return drawRefusal(faults, dice) ?? status(200, yes);
}

function drawReception({ payload }: OutboundRequest, faults: Faults, dice: Dice): Answer {
  // Bubblehouse's Hello1 wants its magic back.
  const [, magic = ""] = /"magic":"(\w+)"/.exec(new TextDecoder().decode(payload)) ?? [];
  if (faults.fires("greeting_refused")) {
    const body = dice.pick(["", JSON.stringify({ magic, hooks: [] })]);
    return status(dice.pick([200, 403, 429, 500]), body, dice.chance(0.3) ? retryAfter(dice) : {});
  }
  const ratePerSecond = dice.pick(["1000", "20", "0.5"]);
  const yes = JSON.stringify({ magic, hooks: ["SendEvent1"] });
  return drawRefusal(faults, dice) ?? status(200, yes, { [WELCOME_HEADER]: ratePerSecond });
}

function garbage(dice: Dice): Answer {
  const code = "response_malformed";
  return dice.pick<() => Answer>([
    () => status(200, '{"outcome":"failure"}'),
    () => status(200, '{"outcome":"invalid_data"}'),
    () => status(200, "<html>"),
    () => ({ kind: "bad_response", code, detail: "" }),
  ])();
}

function retryAfter(dice: Dice): Readonly<Record<string, string>> {
  const value = dice.pick(["0", "1", "7", "120", "999999999", "1e300", "-5", "Infinity", "3600"]);
  return { "retry-after": value };
}

function status(code: number, body = "", headers: Readonly<Record<string, string>> = {}): Answer {
  return { kind: "status", status: code, headers, body: new TextEncoder().encode(body), bodyState: "whole" };
}
