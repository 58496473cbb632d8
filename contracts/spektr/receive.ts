import {
  type EventOf,
  givenSecrets,
  jsonAnswer,
  type Outcome,
  type Parsed,
  type ReceivedRequest,
  type ReceiverAnswer,
  type ReceivingHalf,
  type ReceivingOptions,
  typedEvent,
  type Verification,
} from "../receiving.ts";
import { freshness, usualToleranceSeconds } from "../timestamp-freshness.ts";
import { bytesOfHex, concatBytes, isJsonObject, jsonOfBytes, utf8Bytes } from "../web-bytes.ts";
import { anySignatureMatches, hmacSha256 } from "../web-hmac.ts";
import { spektrEventTypes } from "./event-types.ts";
import type { SpektrData } from "./schemas.ts";
import { type SignedString, signedHead } from "./signed-string.ts";

const documented: ReadonlySet<string> = new Set(spektrEventTypes.map(({ name }) => name));

/** Names that the vendor's headings or older pages use for what the wire calls otherwise. */
const aliases: ReadonlyMap<string, string> = new Map([
  ["alert_created", "alert_escalated"],
  ["customer_tag_added", "customer_tag_add"],
  ["customer_tag_removed", "customer_tag_remove"],
]);

// One page of the vendor shows seconds where all others have milliseconds. 10^11 milliseconds are in 1973,
// as many seconds in 5138.
const secondsBelow = 100_000_000_000;

/** An event of spektr, by its type, with the customer it is about. */
export type SpektrEvent = EventOf<SpektrData> & {
  /** The customer, whom the vendor calls end user; undefined where an entry of the batch has none. */
  readonly spektrId: string | undefined;
  readonly workspaceId: string | undefined;
};

export interface SpektrReceiving extends ReceivingOptions {
  /** How far the timestamp may be from the clock, in seconds, both ways. Default: 300. */
  readonly toleranceSeconds?: number;
  /**
   * What the HMAC covers: the timestamp, a dot and the body; the timestamp and the body; or the body.
   * Which of them the vendor signs is not known to us: ask it, and set that. Default: `timestamp.body`.
   */
  readonly signedString?: SignedString;
  /**
   * Takes requests without a signature from anyone, for a workspace whose HMAC is off; `secrets` is then
   * empty. Default: false.
   */
  readonly acceptUnsigned?: boolean;
}

/**
 * Receives what spektr sends: batches, signed by HMAC where the workspace has it on.
 *
 * Exactly 200 is a success to the vendor. It has no answer for "never": what can never be taken is answered
 * like what was.
 *
 * @example
 * ```ts
 * const half = receiveSpektr({ secrets: [process.env.SPEKTR_SECRET] });
 * const verification = await half.verify(request);
 * ```
 */
export function receiveSpektr(options: SpektrReceiving): ReceivingHalf<SpektrEvent> {
  const isOpen = options.acceptUnsigned === true && options.secrets.every((each) => each === undefined);
  const secrets = isOpen ? [] : givenSecrets("spektr", options);
  const { toleranceSeconds = usualToleranceSeconds, now = Date.now } = options;
  const { signedString = "timestamp.body" } = options;
  return {
    contract: "spektr",
    async verify(request) {
      if (isOpen) {
        return { kind: "ok" };
      }
      if (request.headers["x-signature"] === undefined) {
        return { kind: "refused", reason: "signature_missing" };
      }
      if (request.headers["x-signature-alg"]?.toLowerCase() !== "sha256") {
        return { kind: "refused", reason: "signature_algorithm_unsupported" };
      }
      const timestamp = request.headers["x-signature-timestamp"];
      const fresh = freshness(timestamp, now(), toleranceSeconds);
      const head = signedHead(signedString, timestamp ?? "");
      return fresh.kind === "ok" ? verifySignature(request, secrets, head) : fresh;
    },
    parse,
    async keyOf({ id, name }) {
      // The vendor's samples show one id under two types.
      return id === undefined ? undefined : `spektr:${id}:${name}`;
    },
    answer,
  };
}

async function verifySignature(
  { headers, payload }: ReceivedRequest,
  secrets: readonly string[],
  head: string,
): Promise<Verification> {
  const signed = concatBytes(head, payload);
  const expected = await Promise.all(secrets.map((secret) => hmacSha256(utf8Bytes(secret), signed)));
  return anySignatureMatches(expected, [bytesOfHex(headers["x-signature"] ?? "")])
    ? { kind: "ok" }
    : { kind: "refused", reason: "signature_mismatch" };
}

function parse({ payload }: ReceivedRequest): Parsed<SpektrEvent> {
  const body = jsonOfBytes(payload);
  if (!isJsonObject(body) || !Array.isArray(body["results"])) {
    return { kind: "answered", answer: jsonAnswer(400, { error: "payload_malformed" }) };
  }
  return { kind: "events", events: body["results"].map(eventOf) };
}

/**
 * Reads an entry of a batch, of the present shape or the older one (`type`, `createdAt`).
 *
 * One that has no name or no data is an `unknown` event with the entry as its data: were the request refused,
 * its neighbours would be lost with it.
 */
function eventOf(entry: unknown): SpektrEvent {
  const members = isJsonObject(entry) ? entry : {};
  const name = text(members["eventType"]) ?? text(members["type"]) ?? "";
  const data = members["data"];
  const type = isJsonObject(data) ? typeOf(name, data) : "unknown";
  const event = typedEvent<SpektrData>(
    {
      id: text(members["id"]),
      type,
      name,
      occurredAt: dateOf(members["timestamp"] ?? members["createdAt"]),
      data: isJsonObject(data) ? data : entry,
    },
    documented,
  );
  return { ...event, spektrId: text(members["spektrId"]), workspaceId: text(members["workspaceId"]) };
}

function typeOf(name: string, data: Readonly<Record<string, unknown>>): string {
  // The vendor's page prints alert_resolved under ALERT_ESCALATED: what it says tells the two apart.
  if (name === "alert_resolved") {
    const isRaised = hasValue(data["alertType"]) || hasValue(data["datasetId"]);
    return data["status"] === "open" || (isRaised && !hasValue(data["userId"])) ? "alert_escalated" : name;
  }
  return aliases.get(name) ?? name;
}

function hasValue(member: unknown): boolean {
  return member !== undefined && member !== null;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function dateOf(value: unknown): Date | undefined {
  if (typeof value !== "number" && typeof value !== "string") {
    return undefined;
  }
  const date = new Date(typeof value === "number" && value < secondsBelow ? value * 1_000 : value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function answer(outcomes: readonly Outcome[]): ReceiverAnswer {
  return outcomes.includes("failure")
    ? jsonAnswer(500, { error: "failure", failed: outcomes.filter((each) => each === "failure").length })
    : jsonAnswer(200, { received: outcomes.length });
}
