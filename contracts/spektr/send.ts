import { batchLimitsOf } from "../batch-settings.ts";
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
  type Unrenderable,
  type Verdict,
} from "../contract.ts";
import { usualHold } from "../hold-back-off.ts";
import { settingProblems, settingsSchemaOf } from "../settings.ts";
import { spektrCatalogue } from "./catalogue.ts";
import { envelopeOf } from "./envelope.ts";
import { spektrSettings } from "./settings.ts";
import { signatureHeaders } from "./signature.ts";

const secretCharactersMin = 16;
const secretCharactersMax = 256;

/**
 * Sends events as spektr does: in batches, signed where the endpoint has a secret.
 *
 * An event needs a subject, which becomes its `spektrId`. `spektr/settings.ts` says what can be set.
 */
export const spektr = defineContract({
  name: "spektr",
  discipline: "batched",
  catalogue: spektrCatalogue,
  defaults: {
    // The vendor gives no deadline; this one is ours.
    timeoutMs: 10_000,
    maxInFlight: 1,
    // Three retries, a second apart, are the vendor's; no jitter, as it says none.
    retry: { delaysMs: [1_000, 1_000, 1_000], jitter: 0 },
    hold: usualHold,
  },
  reservedHeaders: ["x-signature", "x-signature-alg", "x-signature-timestamp", "x-signature-key-id"],
  settingsSchema: settingsSchemaOf(Object.values(spektrSettings)),
  request,
  verdict,
  batchLimits: batchLimitsOf,
  // An endpoint that was given a secret is signed with hmac off, too: a rotation must not end that.
  makeSecret: (randomBytes, settings, newest) =>
    spektrSettings.hmac.read(settings) || newest !== undefined
      ? Buffer.from(randomBytes(32)).toString("hex")
      : undefined,
  checkEndpoint,
});

function request(
  endpoint: ContractEndpoint,
  events: readonly ContractEvent[],
  attempt: ContractAttempt,
): ContractRequest | Unrenderable {
  const workspaceId = spektrSettings.workspaceId.read(endpoint.settings) ?? endpoint.tenantId;
  const pieces: (string | Uint8Array)[] = [];
  const offsets: number[] = [];
  for (const event of events) {
    const envelope = envelopeOf(event, workspaceId);
    if (envelope === undefined) {
      offsets.push(event.offset);
      continue;
    }
    const before = pieces.length === 0 ? '{"results":[' : "},";
    pieces.push(before + envelope, event.data);
  }
  if (offsets.length > 0) {
    return { kind: "unrenderable", reason: "subject_missing", offsets };
  }
  const payload = joinBytes([...pieces, "}]}"]);
  return {
    kind: "request",
    url: endpoint.url,
    headers: { "content-type": "application/json", ...signatureHeaders(endpoint, payload, attempt) },
    payload,
  };
}

function verdict(answer: Answer): Verdict {
  switch (answer.kind) {
    case "status":
      // Exactly 200: the vendor counts every other answer, 201 and 204 among them, as a failure.
      return answer.status === 200
        ? { kind: "delivered" }
        : { kind: "retry", reason: `status_${answer.status}` };
    case "unreachable":
    case "timed_out":
    case "blocked":
    case "bad_response":
      return { kind: "retry", reason: answer.code };
  }
}

function checkEndpoint(draft: EndpointDraft): readonly EndpointProblem[] {
  const problems = [...settingProblems(draft.settings, Object.values(spektrSettings))];
  const length = draft.secret?.length;
  if (length !== undefined && (length < secretCharactersMin || length > secretCharactersMax)) {
    problems.push({
      pointer: "/secret",
      detail: `secret must have ${secretCharactersMin} to ${secretCharactersMax} characters, got ${length}`,
    });
  }
  return problems;
}
