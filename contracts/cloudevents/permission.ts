import { emptyAnswer, jsonAnswer, type ReceivedRequest, type ReceiverAnswer } from "../receiving.ts";

/** Who may send, and how much. */
export interface Permission {
  /**
   * The senders that may send, by the names that they give in `WebHook-Request-Origin`. This keeps strangers
   * from being told to send here; it proves nothing, the secrets do. Default: all.
   */
  readonly allowedOrigins?: readonly string[];
  /** How many requests a minute a sender is asked to keep to. Default: any number. */
  readonly allowedRate?: number;
}

/**
 * Makes what answers the abuse protection handshake of the WebHook specification (section 4): an OPTIONS
 * request by which a sender asks for permission. Throws where the rate is no whole number from 1.
 */
export function permissionAnswerer(permission: Permission): (request: ReceivedRequest) => ReceiverAnswer {
  const { allowedOrigins, allowedRate } = permission;
  if (allowedRate !== undefined && !(Number.isSafeInteger(allowedRate) && allowedRate >= 1)) {
    throw new Error(`allowedRate must be a whole number of requests a minute from 1, got ${allowedRate}`);
  }
  const allowed = allowedOrigins && new Set(allowedOrigins.map((origin) => origin.toLowerCase()));
  return ({ headers }) => {
    const origin = headers["webhook-request-origin"];
    if (origin === undefined) {
      // Not a sender that asks for permission: what it hears is no consent.
      return answerWith(emptyAnswer(204), {});
    }
    if (allowed !== undefined && !allowed.has(origin.toLowerCase())) {
      return answerWith(jsonAnswer(403, { error: "origin_not_allowed" }), {});
    }
    return answerWith(emptyAnswer(204), {
      "webhook-allowed-origin": allowed === undefined ? "*" : origin,
      "webhook-allowed-rate": allowedRate === undefined ? "*" : String(allowedRate),
    });
  };
}

function answerWith(answer: ReceiverAnswer, headers: Readonly<Record<string, string>>): ReceiverAnswer {
  return { ...answer, headers: { ...answer.headers, allow: "OPTIONS, POST", ...headers } };
}
