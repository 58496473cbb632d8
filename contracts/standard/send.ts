import { createHmac } from "node:crypto";
import { decodeBase64 } from "../base64.ts";
import { joinBytes } from "../bytes.ts";
import {
  type Answer,
  type ContractAttempt,
  type ContractEndpoint,
  type ContractEvent,
  type ContractRequest,
  defineContract,
  type EndpointDraft,
  type EndpointProblem,
  type Verdict,
} from "../contract.ts";
import { usualHold } from "../hold-back-off.ts";
import { liveSecrets } from "../live-secrets.ts";
import { onlyEvent } from "../only-event.ts";
import { retryAfterMs } from "../retry-after.ts";
import { settingProblems } from "../settings.ts";

const secretPrefix = "whsec_";
// The specification's limits on the key.
const secretBytesMin = 24;
const secretBytesMax = 64;

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/**
 * Sends events as Standard Webhooks 1.0 says, signed with every live secret.
 *
 * It has no settings. Its catalogue is open and empty: an installation's own event types fill it.
 *
 * @example
 * ```ts
 * const request = standard.request(endpoint, [event], { id: "att_1", number: 1, at: Date.now() });
 * // headers: content-type, webhook-id, webhook-timestamp, webhook-signature
 * ```
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const standard = defineContract({
  name: "standard",
  discipline: "each",
  catalogue: { kind: "open", eventTypes: [] },
  defaults: {
    timeoutMs: 15 * second,
    maxInFlight: 10,
    retry: {
      delaysMs: [
        5 * second,
        5 * minute,
        30 * minute,
        2 * hour,
        5 * hour,
        10 * hour,
        14 * hour,
        20 * hour,
        24 * hour,
      ],
      jitter: 0.2,
    },
    hold: usualHold,
  },
  request,
  verdict,
  makeSecret: (randomBytes) => secretPrefix + Buffer.from(randomBytes(32)).toString("base64"),
  checkEndpoint,
});

function request(
  endpoint: ContractEndpoint,
  events: readonly ContractEvent[],
  attempt: ContractAttempt,
): ContractRequest {
  const event = onlyEvent(events);
  const occurredAt = new Date(event.occurredAt).toISOString();
  const payload = joinBytes([
    `{"type":${JSON.stringify(event.type)},"timestamp":"${occurredAt}","data":`,
    event.data,
    "}",
  ]);
  // The attempt's own time: receivers refuse a request whose timestamp is minutes old.
  const timestamp = Math.floor(attempt.at / 1_000);
  return {
    kind: "request",
    url: endpoint.url,
    headers: {
      "content-type": "application/json",
      "webhook-id": event.id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": signatures(endpoint, `${event.id}.${timestamp}.`, payload),
    },
    payload,
  };
}

/** One signature for every live secret, so that receivers on either side of a rotation find theirs. */
function signatures(endpoint: ContractEndpoint, signedHead: string, payload: Uint8Array): string {
  return liveSecrets(endpoint)
    .map((secret) => {
      const key = Buffer.from(secret.slice(secretPrefix.length), "base64");
      return `v1,${createHmac("sha256", key).update(signedHead).update(payload).digest("base64")}`;
    })
    .join(" ");
}

function verdict(answer: Answer, at: number): Verdict {
  switch (answer.kind) {
    case "status":
      return statusVerdict(answer, at);
    case "unreachable":
    case "timed_out":
    // A DNS answer may be wrong for a moment: a blocked address is tried again, on schedule.
    case "blocked":
    case "bad_response":
      return { kind: "retry", reason: answer.code };
  }
}

/** The status line decides: a 2xx whose body breaks off has still been delivered. */
function statusVerdict(answer: Extract<Answer, { kind: "status" }>, at: number): Verdict {
  const { status } = answer;
  if (status >= 200 && status < 300) {
    return { kind: "delivered" };
  }
  const reason = `status_${status}`;
  if (status === 410) {
    return { kind: "disable", reason };
  }
  // The receiver, or the proxy before it, is overloaded or away: that concerns every delivery, not this one.
  const concernsAll = status === 429 || status === 502 || status === 503 || status === 504;
  const kind = concernsAll ? "hold" : "retry";
  const afterMs = retryAfterMs(answer.headers["retry-after"], at);
  return afterMs === undefined ? { kind, reason } : { kind, reason, afterMs };
}

function checkEndpoint(draft: EndpointDraft): readonly EndpointProblem[] {
  const problems = [...settingProblems(draft.settings, [])];
  if (draft.secret !== undefined && !isSecret(draft.secret)) {
    problems.push({
      pointer: "/secret",
      detail:
        `secret must be "${secretPrefix}" and the standard base64 of ${secretBytesMin} to ` +
        `${secretBytesMax} bytes, got another text of ${draft.secret.length} characters`,
    });
  }
  return problems;
}

function isSecret(secret: string): boolean {
  const key = secret.startsWith(secretPrefix) ? decodeBase64(secret.slice(secretPrefix.length)) : undefined;
  return key !== undefined && key.length >= secretBytesMin && key.length <= secretBytesMax;
}
