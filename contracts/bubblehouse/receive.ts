import {
  type EventOf,
  jsonAnswer,
  type Outcome,
  type Parsed,
  type ReceivedRequest,
  type ReceiverAnswer,
  type ReceivingHalf,
  typedEvent,
} from "../receiving.ts";
import { isJsonObject, jsonOfBytes } from "../web-bytes.ts";
import { bubblehouseEventTypes } from "./event-types.ts";
import type { BubblehouseData } from "./schemas.ts";
import { type TokenRules, tokenVerifier } from "./token-verifier.ts";

/** Two names for one thing: the vendor's page lists the one and speaks of the other. */
const aliases: ReadonlyMap<string, string> = new Map([["Asset Unlocked", "Achievement Unlocked"]]);

const documented: ReadonlySet<string> = new Set([
  ...bubblehouseEventTypes.map(({ name }) => name).filter((name) => !aliases.has(name)),
  "customer_only",
]);

/**
 * An event of Bubblehouse, by its name.
 *
 * "Asset Unlocked" comes as `Achievement Unlocked`. One that only brings a customer's properties up to date
 * is a `customer_only`, whatever its name.
 */
export type BubblehouseEvent = EventOf<BubblehouseData>;

export interface BubblehouseReceiving extends TokenRules {
  /** Hooks that you answer elsewhere: Hello1 says that they are wanted as well. Default: none. */
  readonly otherHooks?: readonly string[];
  /** Finds the hook's name, which the sender put in place of `:name`. Default: the path's last segment. */
  readonly hookOf?: (url: string) => string | undefined;
}

/**
 * Receives what Bubblehouse calls: `SendEvent1` with an outcome, `Hello1` with its magic, any other with 404.
 *
 * The token vouches for the sender, not for the body. A `failure`, as any HTTP error, makes the vendor hold
 * every later event.
 *
 * @example
 * ```ts
 * const half = receiveBubblehouse({ secrets: [{ keyId: "k1", secret: process.env.BUBBLEHOUSE_SECRET }] });
 * half.answer(["sent"]).body; // {"outcome":"sent"}
 * ```
 */
export function receiveBubblehouse(options: BubblehouseReceiving): ReceivingHalf<BubblehouseEvent> {
  const verifyToken = tokenVerifier(options);
  const { hookOf = lastSegment, otherHooks = [] } = options;
  return {
    contract: "bubblehouse",
    async verify({ headers }) {
      return verifyToken(headers["authorization"]);
    },
    parse(request) {
      switch (hookOf(request.url)) {
        case "SendEvent1":
          return parseEvent(request);
        case "Hello1":
          return { kind: "answered", answer: hello(request, ["SendEvent1", ...otherHooks]) };
        default:
          // The vendor tries names of its future hooks, and wants to hear that they are not there.
          return { kind: "answered", answer: jsonAnswer(404, { error: "hook_unknown" }) };
      }
    },
    async keyOf({ id }) {
      return id === undefined ? undefined : `bubblehouse:${id}`;
    },
    answer,
  };
}

function lastSegment(url: string): string | undefined {
  const [path = ""] = url.split(/[?#]/);
  return path.split("/").at(-1);
}

function hello({ payload }: ReceivedRequest, hooks: readonly string[]): ReceiverAnswer {
  const input = jsonOfBytes(payload);
  const magic = isJsonObject(input) ? input["magic"] : undefined;
  return typeof magic === "string"
    ? jsonAnswer(200, { magic, hooks })
    : jsonAnswer(404, { error: "magic_missing" });
}

function parseEvent({ payload }: ReceivedRequest): Parsed<BubblehouseEvent> {
  const input = jsonOfBytes(payload);
  const isWhole =
    isJsonObject(input) &&
    typeof input["bhid"] === "string" &&
    input["bhid"] !== "" &&
    typeof input["name"] === "string" &&
    isJsonObject(input["customer"]);
  if (!isWhole) {
    // An HTTP error would hold the queue behind an event that never gets better.
    return { kind: "answered", answer: jsonAnswer(200, { outcome: "invalid_data" }) };
  }
  const { bhid, time, name, ...data } = input;
  const event = { id: String(bhid), type: typeOf(String(name), data), name: String(name) };
  return {
    kind: "events",
    events: [typedEvent<BubblehouseData>({ ...event, occurredAt: dateOf(time), data }, documented)],
  };
}

function typeOf(name: string, data: Readonly<Record<string, unknown>>): string {
  if (data["customer_only"] === true) {
    return "customer_only";
  }
  // A name that spells this type is not one.
  return name === "customer_only" ? "unknown" : (aliases.get(name) ?? name);
}

function dateOf(time: unknown): Date | undefined {
  // The zero of the vendor's language stands for no time.
  if (typeof time !== "string" || time.startsWith("0001-01-01T00:00:00")) {
    return undefined;
  }
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** The outcome of the one event; always 200, as the vendor reads the outcome and not the status. */
function answer([outcome = "failure"]: readonly Outcome[]): ReceiverAnswer {
  return jsonAnswer(200, { outcome });
}
