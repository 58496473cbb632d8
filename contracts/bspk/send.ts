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
import { liveSecrets } from "../live-secrets.ts";
import { onlyEvent } from "../only-event.ts";
import { settingProblems, settingsSchemaOf } from "../settings.ts";
import { bspkCatalogue } from "./catalogue.ts";
import { bspkDelaysMs } from "./retry-schedule.ts";

// "Multiple days" of failure, says the retry policy page; the number is ours.
const disableAfterMs = 3 * 86_400_000;

// BSPK makes 32 hexadecimal digits. A secret that someone brings must fit in a header as it is.
const secretForm = /^[\x21-\x7e]{16,256}$/;

/**
 * Sends events as BSPK does: one a request, with the secret itself in a header.
 *
 * It has no settings. The payload carries neither an id nor a time, as the vendor's does not.
 */
export const bspk = defineContract({
  name: "bspk",
  discipline: "each",
  catalogue: bspkCatalogue,
  defaults: {
    timeoutMs: 5_000,
    maxInFlight: 10,
    // No jitter: the 96 hours are the vendor's promise.
    retry: { delaysMs: bspkDelaysMs(), jitter: 0 },
    hold: usualHold,
    disableAfterMs,
  },
  reservedHeaders: ["x-bspk-secret"],
  settingsSchema: settingsSchemaOf([]),
  request,
  verdict,
  makeSecret: (randomBytes) => Buffer.from(randomBytes(16)).toString("hex"),
  checkEndpoint,
});

function request(endpoint: ContractEndpoint, events: readonly ContractEvent[]): ContractRequest {
  const event = onlyEvent(events);
  const [secret] = liveSecrets(endpoint);
  return {
    kind: "request",
    url: endpoint.url,
    headers: { "content-type": "application/json", "X-Bspk-Secret": secret },
    payload: joinBytes([`{"event_name":${JSON.stringify(event.type)},"object":`, event.data, "}"]),
  };
}

function verdict(answer: Answer): Verdict {
  switch (answer.kind) {
    case "status":
      if (answer.status >= 200 && answer.status < 300) {
        return { kind: "delivered" };
      }
      // BSPK receivers say "never send this again" with 422 (retry policy page). Retry-After is not its word.
      return { kind: answer.status === 422 ? "rejected" : "retry", reason: `status_${answer.status}` };
    case "unreachable":
    case "timed_out":
    case "blocked":
    case "bad_response":
      return { kind: "retry", reason: answer.code };
  }
}

function checkEndpoint(draft: EndpointDraft): readonly EndpointProblem[] {
  const problems = [...settingProblems(draft.settings, [])];
  if (draft.secret !== undefined && !secretForm.test(draft.secret)) {
    problems.push({
      pointer: "/secret",
      detail:
        "secret must be 16 to 256 characters of visible ASCII without spaces, as it is sent in a header, " +
        `got another text of ${draft.secret.length} characters`,
    });
  }
  return problems;
}
