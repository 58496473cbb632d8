import {
  type ContractAttempt,
  type ContractEndpoint,
  type ContractEvent,
  type ContractRequest,
  defineContract,
  type EndpointDraft,
  type EndpointProblem,
  type Unrenderable,
} from "../contract.ts";
import { usualHold } from "../hold-back-off.ts";
import { onlyEvent } from "../only-event.ts";
import { settingProblems, settingsSchemaOf } from "../settings.ts";
import { bubblehouseCatalogue } from "./catalogue.ts";
import { hello } from "./hello.ts";
import { hookRequest } from "./hook-request.ts";
import { hookUrl } from "./hook-url.ts";
import { outcomeVerdict } from "./outcome.ts";
import { hookInput } from "./payload.ts";
import { allowedSecret, keyOf } from "./secret.ts";
import { bubblehouseSettings } from "./settings.ts";

/**
 * Sends events as Bubblehouse calls SendEvent1: one after another, and a temporary failure holds them all.
 * Before, and again now and then, it asks by Hello1 whether the receiver wants them.
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
  settingsSchema: settingsSchemaOf(Object.values(bubblehouseSettings)),
  request,
  verdict: outcomeVerdict,
  handshake: hello,
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
  const { id, at } = attempt;
  const urgency = bubblehouseSettings.urgency.read(endpoint.settings);
  return hookRequest(endpoint, { hook: "SendEvent1", input, urgency, id, at });
}

function checkEndpoint({
  url,
  secret,
  keptSecrets = [],
  settings,
}: EndpointDraft): readonly EndpointProblem[] {
  const wrongSettings = settingProblems(settings, Object.values(bubblehouseSettings));
  const problems = [...wrongSettings];
  if (hookUrl(url, "SendEvent1") === undefined) {
    problems.push({
      pointer: "/url",
      detail:
        'url must have ":name" in its path, where the name of the hook goes, ' +
        "as in https://shop.example/hooks/:name",
    });
  }
  // What the secret must be is for the settings to say.
  const readable = wrongSettings.length === 0 ? settings : {};
  if (secret !== undefined && keyOf(secret, readable) === undefined) {
    problems.push({
      pointer: "/secret",
      detail: `secret must be ${allowedSecret(readable)}, got another text of ${secret.length} characters`,
    });
  }
  if (keptSecrets.some((kept) => keyOf(kept, readable) === undefined)) {
    problems.push({
      pointer: "/settings",
      detail: `the endpoint's secret must be ${allowedSecret(readable)} to go with them, and is not`,
    });
  }
  return problems;
}
