import { joinBytes } from "../bytes.ts";
import {
  type ContractAttempt,
  type ContractEndpoint,
  type ContractEvent,
  type ContractRequest,
  defineContract,
  type EndpointDraft,
  type EndpointProblem,
  type KnownSecret,
} from "../contract.ts";
import { usualHold } from "../hold-back-off.ts";
import { liveSecrets } from "../live-secrets.ts";
import { onlyEvent } from "../only-event.ts";
import { usualRetry } from "../retry-schedule.ts";
import { settingProblems, settingsSchemaOf } from "../settings.ts";
import { usualVerdict } from "../usual-verdict.ts";
import {
  jwkOf,
  makeSecretOf,
  publicKeyOf,
  type Scheme,
  schemeOf,
  secretForm,
  signatureOf,
} from "./secret.ts";
import { standardSettings } from "./settings.ts";

/**
 * Sends events as Standard Webhooks 1.0 says, signed with every live secret, each by its own scheme.
 *
 * `standard/settings.ts` says what can be set. Its catalogue is open and empty: an installation's own event
 * types fill it.
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
  reservedHeaders: ["webhook-id", "webhook-timestamp", "webhook-signature"],
  settingsSchema: settingsSchemaOf(Object.values(standardSettings)),
  request,
  verdict: usualVerdict,
  makeSecret: (randomBytes, settings, newest) =>
    makeSecretOf(standardSettings.signature.read(settings) ?? schemeOfNewest(newest), randomBytes),
  publicKeyOf,
  jwkOf,
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
function signatures(endpoint: ContractEndpoint, head: string, payload: Uint8Array): string {
  return liveSecrets(endpoint)
    .map((secret) => signatureOf(secret, head, payload))
    .join(" ");
}

function schemeOfNewest(newest: KnownSecret | undefined): Scheme {
  return newest?.publicKey === undefined ? "v1" : "v1a";
}

function checkEndpoint({ secret, settings }: EndpointDraft): readonly EndpointProblem[] {
  const problems = [...settingProblems(settings, Object.values(standardSettings))];
  const asked = problems.length === 0 ? standardSettings.signature.read(settings) : undefined;
  const scheme = secret === undefined ? undefined : schemeOf(secret);
  if (secret !== undefined && (scheme === undefined || (asked !== undefined && scheme !== asked))) {
    problems.push({
      pointer: "/secret",
      detail: `secret must be ${secretForm(asked)}, got another text of ${secret.length} characters`,
    });
  }
  return problems;
}
