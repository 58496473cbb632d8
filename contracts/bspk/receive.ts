import {
  type EventOf,
  emptyAnswer,
  givenSecrets,
  jsonAnswer,
  type Outcome,
  type Parsed,
  type ReceivedRequest,
  type ReceiverAnswer,
  type ReceivingHalf,
  type ReceivingOptions,
  typedEvent,
} from "../receiving.ts";
import { concatBytes, isJsonObject, jsonOfBytes } from "../web-bytes.ts";
import { isOneOf, sha256Hex } from "../web-hmac.ts";
import { bspkEventTypes } from "./event-types.ts";
import type { BspkData } from "./schemas.ts";

const documented: ReadonlySet<string> = new Set(bspkEventTypes.map(({ name }) => name));

/** An event of BSPK, by its type. It has neither an id nor a time of its own. */
export type BspkEvent = EventOf<BspkData>;

/**
 * Receives what BSPK sends: the secret itself in a header, one event a request.
 *
 * The contract signs nothing: whoever knows the secret can send any body. An answer of 422 says "never", 500
 * "again".
 *
 * @example
 * ```ts
 * const half = receiveBspk({ secrets: [process.env.BSPK_SECRET] });
 * const parsed = half.parse(request);
 * ```
 */
export function receiveBspk(options: ReceivingOptions): ReceivingHalf<BspkEvent> {
  const secrets = givenSecrets("bspk", options);
  return {
    contract: "bspk",
    async verify({ headers }) {
      const given = headers["x-bspk-secret"];
      if (given === undefined) {
        return { kind: "refused", reason: "secret_missing" };
      }
      return (await isOneOf(secrets, given))
        ? { kind: "ok" }
        : { kind: "refused", reason: "secret_mismatch" };
    },
    parse,
    keyOf,
    answer,
  };
}

function parse(request: ReceivedRequest): Parsed<BspkEvent> {
  const body = jsonOfBytes(request.payload);
  if (!isJsonObject(body) || typeof body["event_name"] !== "string" || !isJsonObject(body["object"])) {
    // It would be the same body every time.
    return { kind: "answered", answer: jsonAnswer(422, { error: "payload_malformed" }) };
  }
  const { event_name: name, object: data } = body;
  const event = { id: undefined, type: name, name, occurredAt: undefined, data };
  return { kind: "events", events: [typedEvent<BspkData>(event, documented)] };
}

/**
 * The payload's SHA-256, as the contract has no id.
 *
 * Two updates may carry the same bytes (on, off, on again) unless they say when they were made: without that,
 * there is no key. What is created or deleted, or an import that ends, happens once.
 */
async function keyOf(event: BspkEvent, request: ReceivedRequest): Promise<string | undefined> {
  const { name, data } = event;
  const isDated = isJsonObject(data) && typeof data["updated_at"] === "string";
  const happensOnce =
    /\.(created|deleted|finished)$/.test(name) && isJsonObject(data) && Object.hasOwn(data, "id");
  return isDated || happensOnce ? `bspk:${await sha256Hex(concatBytes(request.payload))}` : undefined;
}

function answer(outcomes: readonly Outcome[]): ReceiverAnswer {
  if (outcomes.includes("failure")) {
    return jsonAnswer(500, { error: "failure" });
  }
  const never = outcomes.find((outcome) => outcome === "invalid_data" || outcome === "unsubscribed");
  return never === undefined ? emptyAnswer(204) : jsonAnswer(422, { error: never });
}

/**
 * Finds the id that your own system gave a shopper or client, under any of the names BSPK has for it.
 *
 * @example
 * ```ts
 * externalRefOf({ id: 7, external_id: "C-720" }); // "C-720"
 * ```
 */
export function externalRefOf(data: object): string | undefined {
  const members: Readonly<Record<string, unknown>> = { ...data };
  for (const name of ["ref", "external_id", "shopper_ref", "client_id"]) {
    const value = members[name];
    if (typeof value === "string" && value !== "") {
      return value;
    }
  }
  return undefined;
}

/**
 * Reads the channel by which a shopper or client prefers to be written to; undefined for none.
 *
 * One page of the vendor spells `whatsapp` as `whastapp`: both are `whatsapp` here.
 *
 * @example
 * ```ts
 * contactChannelOf({ preferred_contact_channel: "whastapp" }); // "whatsapp"
 * ```
 */
export function contactChannelOf({
  preferred_contact_channel: channel,
}: {
  readonly preferred_contact_channel?: string | null;
}): string | undefined {
  if (channel === undefined || channel === null || channel === "") {
    return undefined;
  }
  return channel === "whastapp" ? "whatsapp" : channel;
}
