import type { Answer, Handshake, Reception, Settings } from "../contract.ts";
import { retryAfterMs } from "../retry-after.ts";
import { cloudEventsSettings } from "./settings.ts";

// Asked for anew after a day: a URL may have changed hands.
const permissionMs = 86_400_000;

const minuteSeconds = 60;

/** A whole number of requests a minute, from 1. */
const rateForm = /^0*[1-9]\d{0,8}$/;

/**
 * Asks a receiver for permission to send, where the endpoint wants that: the abuse protection of the WebHook
 * specification (section 4).
 *
 * It carries no token: whoever is asked has not agreed to anything yet.
 */
export const permissionHandshake: Handshake = {
  everyMs: permissionMs,
  request: ({ url, settings }) =>
    cloudEventsSettings.handshake.read(settings)
      ? {
          kind: "request",
          method: "OPTIONS",
          url,
          headers: originHeader(settings),
          payload: new Uint8Array(),
        }
      : undefined,
  reception: ({ endpoint, answer, at }) =>
    answer.kind === "status"
      ? permissionIn(answer, originOf(endpoint.settings), at)
      : { kind: "refused", reason: answer.code },
};

/** Returns the header that says who sends; it stands in the handshake and in every request. */
export function originHeader(settings: Settings): Readonly<Record<string, string>> {
  return { "webhook-request-origin": originOf(settings) };
}

function originOf(settings: Settings): string {
  return cloudEventsSettings.origin.read(settings) ?? "posthorn";
}

/** Reads the headers alone: the specification says that no status is a consent. */
function permissionIn(
  { status, headers }: Extract<Answer, { kind: "status" }>,
  origin: string,
  at: number,
): Reception {
  const { "webhook-allowed-origin": allowed, "webhook-allowed-rate": rate = "*" } = headers;
  if (allowed === undefined) {
    const afterMs = retryAfterMs(headers["retry-after"], at);
    const reason = `status_${status}_no_permission`;
    return afterMs === undefined ? { kind: "refused", reason } : { kind: "refused", reason, afterMs };
  }
  // Names of hosts have no case.
  if (allowed !== "*" && allowed.toLowerCase() !== origin.toLowerCase()) {
    return { kind: "refused", reason: "origin_not_allowed" };
  }
  if (rate === "*") {
    return { kind: "accepted" };
  }
  return rateForm.test(rate)
    ? { kind: "accepted", ratePerSecond: Number(rate) / minuteSeconds }
    : { kind: "refused", reason: "rate_malformed" };
}
