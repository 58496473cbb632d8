import { bearerTokenOf } from "../bearer-token.ts";
import {
  emptyAnswer,
  givenSecrets,
  jsonAnswer,
  type Outcome,
  type Parsed,
  type ReceivedRequest,
  type ReceiverAnswer,
  type ReceivingHalf,
  type ReceivingOptions,
} from "../receiving.ts";
import { jsonOfBytes } from "../web-bytes.ts";
import { isOneOf } from "../web-hmac.ts";
import { contentModeOf } from "./content-mode.ts";
import { type Permission, permissionAnswerer } from "./permission.ts";
import { type CloudEventContext, type Reading, readBinary, readEvent } from "./read-event.ts";

/**
 * A CloudEvent, by the types that the sender has: `DataByType` maps each to its data.
 *
 * The specification has no catalogue, so there is no fallback: a `switch` needs a `default`.
 */
export type CloudEvent<DataByType = Readonly<Record<string, unknown>>> = {
  readonly [Type in keyof DataByType & string]: CloudEventContext & {
    readonly type: Type;
    readonly data: DataByType[Type];
  };
}[keyof DataByType & string];

export interface CloudEventsReceiving extends ReceivingOptions, Permission {
  /** Takes requests without a token from anyone; `secrets` is then empty. Default: false. */
  readonly acceptUnauthorized?: boolean;
}

/**
 * Receives CloudEvents 1.0 over HTTP, in whichever content mode they come: structured, binary or batched.
 *
 * The bearer token vouches for the sender, not for the body. The specification has no answer for an event
 * that can never be taken: it is answered like one that was, since any other answer would bring it again.
 *
 * @example
 * ```ts
 * const half = receiveCloudEvents({ secrets: [process.env.WEBHOOK_TOKEN], allowedRate: 600 });
 * const verification = await half.verify(request);
 * ```
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md
 */
export function receiveCloudEvents<DataByType = Readonly<Record<string, unknown>>>(
  options: CloudEventsReceiving,
): ReceivingHalf<CloudEvent<DataByType>> {
  const isOpen = options.acceptUnauthorized === true && options.secrets.every((each) => each === undefined);
  const secrets = isOpen ? [] : givenSecrets("cloudevents", options);
  return {
    contract: "cloudevents",
    handshake: permissionAnswerer(options),
    async verify(request) {
      if (isOpen) {
        return { kind: "ok" };
      }
      const given = tokenOf(request);
      if (given === undefined) {
        return { kind: "refused", reason: "token_missing" };
      }
      return (await isOneOf(secrets, given)) ? { kind: "ok" } : { kind: "refused", reason: "token_mismatch" };
    },
    parse,
    async keyOf({ source, id }) {
      // No source holds a space.
      return `cloudevents:${source} ${id}`;
    },
    answer,
  };
}

/** The token of the header, else of the query: the specification has receivers take it in both places. */
function tokenOf({ headers, url }: ReceivedRequest): string | undefined {
  const { authorization } = headers;
  const [, query = ""] = url.split("?", 2);
  return authorization === undefined
    ? (new URLSearchParams(query).get("access_token") ?? undefined)
    : bearerTokenOf(authorization);
}

function parse<DataByType>(request: ReceivedRequest): Parsed<CloudEvent<DataByType>> {
  const events: CloudEvent<DataByType>[] = [];
  for (const reading of readingsOf(request)) {
    switch (reading.kind) {
      case "event":
        if (isOfSender<DataByType>(reading.event)) {
          events.push(reading.event);
        }
        break;
      // The specification's word for what is not understood: such a request is not sent again.
      case "unknown_version":
        return refused(415, "specversion_unknown");
      case "unknown_format":
        return refused(415, "format_unknown");
      case "malformed":
        return refused(400, "event_malformed");
    }
  }
  return { kind: "events", events };
}

function readingsOf(request: ReceivedRequest): readonly (Reading | { readonly kind: "unknown_format" })[] {
  switch (contentModeOf(request.headers)) {
    case "structured":
      return [readEvent(jsonOfBytes(request.payload))];
    case "batched": {
      const batch = jsonOfBytes(request.payload);
      return Array.isArray(batch) ? batch.map(readEvent) : [{ kind: "malformed" }];
    }
    case "binary":
      return [readBinary(request)];
    case undefined:
      return [{ kind: "unknown_format" }];
  }
}

/** Believes the types that the user gave; that there is one was checked. */
function isOfSender<DataByType>(event: CloudEventContext): event is CloudEvent<DataByType> {
  return event.type !== "";
}

function refused(status: number, error: string): Parsed<never> {
  return { kind: "answered", answer: jsonAnswer(status, { error }) };
}

function answer(outcomes: readonly Outcome[]): ReceiverAnswer {
  return outcomes.includes("failure") ? jsonAnswer(500, { error: "failure" }) : emptyAnswer(204);
}
