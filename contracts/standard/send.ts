import { createHmac } from "node:crypto";
import { decodeBase64 } from "../base64.ts";
import { joinBytes } from "../bytes.ts";
import {
  type ContractAttempt,
  type ContractEndpoint,
  type ContractEvent,
  type ContractRequest,
  defineContract,
  type EndpointDraft,
  type EndpointProblem,
} from "../contract.ts";
import { usualHold } from "../hold-back-off.ts";
import { liveSecrets } from "../live-secrets.ts";
import { onlyEvent } from "../only-event.ts";
import { usualRetry } from "../retry-schedule.ts";
import { settingProblems } from "../settings.ts";
import { usualVerdict } from "../usual-verdict.ts";

const secretPrefix = "whsec_";
// The specification's limits on the key.
const secretBytesMin = 24;
const secretBytesMax = 64;

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
    timeoutMs: 15_000,
    maxInFlight: 10,
    retry: usualRetry,
    hold: usualHold,
  },
  request,
  verdict: usualVerdict,
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
