import { decodeBase64 } from "../base64.ts";
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
import { onlyEvent } from "../only-event.ts";
import { settingProblems } from "../settings.ts";
import { bubblehouseCatalogue } from "./catalogue.ts";
import { hookUrl } from "./hook-url.ts";
import { outcomeVerdict } from "./outcome.ts";
import { hookInput } from "./payload.ts";
import { requestIdOf } from "./request-id.ts";
import { bubblehouseSettings } from "./settings.ts";
import { bearerToken } from "./token.ts";

const hook = "SendEvent1";

// HS256 asks for 32 bytes, and ours have them. The vendor does not say how long the secrets are that it
// makes: one from there is taken if it has 16 bytes, which nobody guesses.
const secretBytesMin = 16;
const secretBytesMax = 256;

/**
 * Sends events as Bubblehouse calls SendEvent1: one after another, and a temporary failure holds them all.
 *
 * The endpoint's URL has `:name` in its path, where the hook's name goes. `data` must be an object with an
 * object `customer`; its members stand beside `bhid`, `time` and `name`. `bubblehouse/settings.ts` says what
 * can be set.
 */
export const bubblehouse = defineContract({
  name: "bubblehouse",
  discipline: "ordered",
  catalogue: bubblehouseCatalogue,
  defaults: {
    timeoutMs: 30_000,
    maxInFlight: 1,
    // Nothing is retried on its own: what fails for now holds the lane.
    retry: { delaysMs: [], jitter: 0 },
    hold: usualHold,
  },
  reservedHeaders: ["authorization", "accept", "accepts", "x-request-id", "x-bh-urgency"],
  request,
  verdict,
  makeSecret: (randomBytes) => Buffer.from(randomBytes(32)).toString("base64"),
  checkEndpoint,
});

function request(
  endpoint: ContractEndpoint,
  events: readonly ContractEvent[],
  attempt: ContractAttempt,
): ContractRequest | Unrenderable {
  const input = hookInput(onlyEvent(events));
  if ("kind" in input) {
    return input;
  }
  const url = hookUrl(endpoint.url, hook);
  if (url === undefined) {
    throw new Error(`the stored URL of ${endpoint.id} must have :name in its path`);
  }
  const requestId = requestIdOf(attempt);
  return {
    kind: "request",
    url,
    headers: {
      "Content-Type": "application/json",
      // The vendor's pages say Accepts. Accept beside it tells the same to servers that know HTTP's own name.
      Accepts: "application/json",
      Accept: "application/json",
      Authorization: `Bearer ${bearerToken(endpoint, attempt, requestId)}`,
      "X-Request-ID": requestId,
      "X-BH-Urgency": bubblehouseSettings.urgency.read(endpoint.settings),
    },
    payload: input,
  };
}

function verdict(answer: Answer): Verdict {
  switch (answer.kind) {
    case "status":
      // 204 is accepted of other hooks; this one must answer with an outcome, for which 204 has no room.
      return answer.status === 200 || answer.status === 201 || answer.status === 202
        ? outcomeVerdict(answer)
        : { kind: "hold", reason: `status_${answer.status}` };
    case "unreachable":
    case "timed_out":
    case "blocked":
    case "bad_response":
      return { kind: "hold", reason: answer.code };
  }
}

function checkEndpoint(draft: EndpointDraft): readonly EndpointProblem[] {
  const problems = [...settingProblems(draft.settings, Object.values(bubblehouseSettings))];
  if (hookUrl(draft.url, hook) === undefined) {
    problems.push({
      pointer: "/url",
      detail:
        'url must have ":name" in its path, where the name of the hook goes, ' +
        "as in https://shop.example/hooks/:name",
    });
  }
  if (draft.secret !== undefined && !isSecret(draft.secret)) {
    problems.push({
      pointer: "/secret",
      detail:
        `secret must be the standard base64 of ${secretBytesMin} to ${secretBytesMax} bytes, ` +
        `got another text of ${draft.secret.length} characters`,
    });
  }
  return problems;
}

function isSecret(secret: string): boolean {
  const key = decodeBase64(secret);
  return key !== undefined && key.length >= secretBytesMin && key.length <= secretBytesMax;
}
