import {
  emptyAnswer,
  givenSecrets,
  jsonAnswer,
  type Outcome,
  type Parsed,
  type ReceivedEvent,
  type ReceivedRequest,
  type ReceiverAnswer,
  type ReceivingHalf,
  type ReceivingOptions,
  type Verification,
} from "../receiving.ts";
import { freshness, usualToleranceSeconds } from "../timestamp-freshness.ts";
import { concatBytes, isJsonObject, jsonOfBytes } from "../web-bytes.ts";
import { type StandardVerifier, standardVerifier } from "./verifier.ts";

/**
 * An event of Standard Webhooks, by the types that the sender has: `DataByType` maps each to its data.
 *
 * The specification has no catalogue, so there is no fallback: a `switch` needs a `default`.
 */
export type StandardEvent<DataByType = Readonly<Record<string, unknown>>> = {
  readonly [Type in keyof DataByType & string]: ReceivedEvent & {
    readonly id: string;
    readonly type: Type;
    readonly data: DataByType[Type];
  };
}[keyof DataByType & string];

export interface StandardReceiving extends ReceivingOptions {
  /** How far the timestamp may be from the clock, in seconds, both ways. Default: 300. */
  readonly toleranceSeconds?: number;
}

/**
 * Receives Standard Webhooks 1.0: `v1` signatures under a shared secret (`whsec_…`), `v1a` signatures under
 * the sender's public key (`whpk_…`). Any live one of `secrets` will do, of either kind.
 *
 * The specification has no answer for "never": what can never be taken is answered like what was, since any
 * other answer would only bring it again.
 *
 * @example
 * ```ts
 * const half = receiveStandard({ secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] });
 * const verification = await half.verify(request); // { kind: "ok" } or { kind: "refused", reason }
 * ```
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function receiveStandard<DataByType = Readonly<Record<string, unknown>>>(
  options: StandardReceiving,
): ReceivingHalf<StandardEvent<DataByType>> {
  const verifySignatures = standardVerifier(givenSecrets("standard", options));
  const { toleranceSeconds = usualToleranceSeconds, now = Date.now } = options;
  return {
    contract: "standard",
    async verify(request) {
      const fresh = freshness(request.headers["webhook-timestamp"], now(), toleranceSeconds);
      return fresh.kind === "ok" ? verifySigned(request, verifySignatures) : fresh;
    },
    parse,
    async keyOf(event) {
      return `standard:${event.id}`;
    },
    answer,
  };
}

async function verifySigned(
  { headers, payload }: ReceivedRequest,
  verifySignatures: StandardVerifier,
): Promise<Verification> {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures } = headers;
  if (id === undefined || id === "") {
    return { kind: "refused", reason: "id_missing" };
  }
  if (signatures === undefined) {
    return { kind: "refused", reason: "signature_missing" };
  }
  return (await verifySignatures(signatures, concatBytes(`${id}.${timestamp}.`, payload)))
    ? { kind: "ok" }
    : { kind: "refused", reason: "signature_mismatch" };
}

function parse<DataByType>(request: ReceivedRequest): Parsed<StandardEvent<DataByType>> {
  const body = jsonOfBytes(request.payload);
  if (!isJsonObject(body) || typeof body["type"] !== "string" || !Object.hasOwn(body, "data")) {
    return { kind: "answered", answer: jsonAnswer(400, { error: "payload_malformed" }) };
  }
  const { type, timestamp, data } = body;
  const occurredAt = typeof timestamp === "string" ? new Date(timestamp) : undefined;
  const event: ReceivedEvent = {
    id: request.headers["webhook-id"],
    type,
    name: type,
    occurredAt: Number.isNaN(occurredAt?.getTime()) ? undefined : occurredAt,
    data,
  };
  return isOfSender<DataByType>(event)
    ? { kind: "events", events: [event] }
    : { kind: "answered", answer: jsonAnswer(400, { error: "id_missing" }) };
}

/** Believes the types that the user gave; the id is what a verified request always has. */
function isOfSender<DataByType>(event: ReceivedEvent): event is StandardEvent<DataByType> {
  return event.id !== undefined;
}

function answer(outcomes: readonly Outcome[]): ReceiverAnswer {
  return outcomes.includes("failure") ? jsonAnswer(500, { error: "failure" }) : emptyAnswer(204);
}
