import { batchLimitsOf } from "../batch-settings.ts";
import { joinBytes } from "../bytes.ts";
import {
  type Answer,
  type ContractEndpoint,
  type ContractEvent,
  type ContractRequest,
  defineContract,
  type EndpointDraft,
  type EndpointProblem,
  type Verdict,
} from "../contract.ts";
import { usualHold } from "../hold-back-off.ts";
import { onlyEvent } from "../only-event.ts";
import { usualRetry } from "../retry-schedule.ts";
import { type Setting, settingProblems, settingsSchemaOf } from "../settings.ts";
import { usualVerdict } from "../usual-verdict.ts";
import { attributesOf } from "./attributes.ts";
import { authorizationHeader, makeToken, tokenProblems } from "./authorization.ts";
import { batchType, structuredType } from "./content-mode.ts";
import { originHeader, permissionHandshake } from "./handshake.ts";
import { encodeHeaderValue } from "./header-value.ts";
import { jsonPieces } from "./json-format.ts";
import { cloudEventsBatchSettings, cloudEventsSettings } from "./settings.ts";

/** What the two contracts have in common: all but how events become a request. */
const shared = {
  catalogue: { kind: "open", eventTypes: [] },
  reservedHeaders: ["authorization", "webhook-request-origin"],
  verdict,
  handshake: permissionHandshake,
  makeSecret: makeToken,
} as const;

const timeoutMs = 15_000;

/**
 * Sends events as CloudEvents 1.0 over HTTP, one a request, structured or binary; delivered as "HTTP 1.1 Web
 * Hooks for Event Delivery" says.
 *
 * `cloudevents/settings.ts` says what can be set. The catalogue is open and empty.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md
 */
export const cloudEvents = defineContract({
  ...shared,
  name: "cloudevents",
  settingsSchema: settingsSchemaOf(Object.values(cloudEventsSettings)),
  discipline: "each",
  defaults: { timeoutMs, maxInFlight: 10, retry: usualRetry, hold: usualHold },
  request(endpoint, events) {
    const event = onlyEvent(events);
    switch (cloudEventsSettings.mode.read(endpoint.settings)) {
      case "structured":
        return requestOf(
          endpoint,
          { "content-type": structuredType },
          joinBytes(jsonPieces(endpoint, event)),
        );
      case "binary":
        return requestOf(endpoint, binaryHeaders(endpoint, event), event.data);
    }
  },
  checkEndpoint: (draft) => endpointProblems(draft, Object.values(cloudEventsSettings)),
});

/** Sends events as CloudEvents 1.0 over HTTP, several a request, in their order: the batched content mode. */
export const cloudEventsBatch = defineContract({
  ...shared,
  name: "cloudevents-batch",
  settingsSchema: settingsSchemaOf(Object.values(cloudEventsBatchSettings)),
  discipline: "batched",
  defaults: { timeoutMs, maxInFlight: 1, retry: usualRetry, hold: usualHold },
  batchLimits: batchLimitsOf,
  request(endpoint, events) {
    const pieces = events.flatMap((event, index) => [
      index === 0 ? "[" : ",",
      ...jsonPieces(endpoint, event),
    ]);
    return requestOf(endpoint, { "content-type": batchType }, joinBytes([...pieces, "]"]));
  },
  checkEndpoint: (draft) => endpointProblems(draft, Object.values(cloudEventsBatchSettings)),
});

function requestOf(
  endpoint: ContractEndpoint,
  headers: Readonly<Record<string, string>>,
  payload: Uint8Array,
): ContractRequest {
  return {
    kind: "request",
    url: endpoint.url,
    headers: { ...headers, ...originHeader(endpoint.settings), ...authorizationHeader(endpoint) },
    payload,
  };
}

function binaryHeaders(endpoint: ContractEndpoint, event: ContractEvent): Readonly<Record<string, string>> {
  const attributes = attributesOf(endpoint, event).map(
    ([name, value]) => [`ce-${name}`, encodeHeaderValue(String(value))] as const,
  );
  return { "content-type": "application/json", ...Object.fromEntries(attributes) };
}

function verdict(answer: Answer, at: number): Verdict {
  // The receiver does not understand the format, and will not next time: the WebHook specification's word.
  return answer.kind === "status" && answer.status === 415
    ? { kind: "rejected", reason: "status_415" }
    : usualVerdict(answer, at);
}

function endpointProblems(
  draft: EndpointDraft,
  known: readonly Setting<unknown>[],
): readonly EndpointProblem[] {
  return [...settingProblems(draft.settings, known), ...tokenProblems(draft.secret)];
}
