/** Guards of the handshake, and of Bubblehouse's in particular. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const ENGINE = "server/src/engine";
const BUBBLEHOUSE = "contracts/bubblehouse";
const END_TO_END = "test/e2e/handshake.test.ts";

export const HANDSHAKE_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf(
    `${ENGINE}/take.ts`,
    [
      "events go before their endpoint was greeted",
      "const isUngreeted = !isGreeted(lane.route, lane.welcome, now);",
      "const isUngreeted = false;",
      `${ENGINE}/lane.test.ts`,
    ],
    [
      "a lane sends while its greeting is on its way",
      "|| lane.isGreeting) {",
      ") {",
      `${ENGINE}/lane.test.ts`,
    ],
    [
      "a lane that was refused is not greeted again while nothing waits",
      "const hasProbe = hasWork(lane) || (isUngreeted && lane.hold !== undefined);",
      "const hasProbe = hasWork(lane);",
      `${ENGINE}/lane.test.ts`,
    ],
  ),
  ...mutationsOf(`${ENGINE}/lane.ts`, [
    "a saved endpoint leaves memory before it is greeted",
    "    !lane.isGreetingDue &&\n",
    "",
    `${ENGINE}/lane.test.ts`,
  ]),
  ...mutationsOf(
    `${ENGINE}/welcome.ts`,
    [
      "an endpoint that was saved since counts as greeted",
      "welcome?.change === currentVersion(endpoint).change",
      "welcome !== undefined",
      `${ENGINE}/lane.test.ts`,
    ],
    ["a welcome counts for ever", "&& now < welcome.until", "", `${ENGINE}/lane.test.ts`],
    ["a welcome of the future counts", "welcome.from <= now && ", "", `${ENGINE}/lane.test.ts`],
    [
      "welcomes are kept without a limit",
      "if (welcomes.size > max && oldest !== undefined) {",
      "if (max < 0 && oldest !== undefined) {",
      `${ENGINE}/greeting-change.test.ts`,
    ],
  ),
  ...mutationsOf(
    `${ENGINE}/greeting-change.ts`,
    ["a refusal does not hold the lane", "  lane.hold = hold;\n", "", `${ENGINE}/greeting-change.test.ts`],
    [
      "the answer to a greeting from before a change counts",
      "if (currentVersion(lane.route.endpoint).change !== change) {",
      "if (change < 0) {",
      `${ENGINE}/greeting-change.test.ts`,
    ],
    [
      "a refusal shortens a hold",
      "until: Math.max(next.until, hold?.until ?? 0)",
      "until: next.until",
      `${ENGINE}/greeting-change.test.ts`,
    ],
    [
      "a hold is stored of an endpoint that was disabled",
      " && lane.route.abandonedTo === abandonedTo",
      " && abandonedTo >= 0",
      `${ENGINE}/greeting-change.test.ts`,
    ],
    [
      "a greeting ends a hold that deliveries made",
      "hold?.reason.startsWith(HANDSHAKE) === true",
      "hold !== undefined",
      `${ENGINE}/greeting-change.test.ts`,
    ],
  ),
  ...mutationsOf(`${ENGINE}/greeter.ts`, [
    "what waits and was saved is greeted twice",
    "lane.isGreetingDue = lane.greetedChange !== currentVersion(lane.route.endpoint).change;",
    "lane.isGreetingDue = true;",
    `${ENGINE}/greeter.test.ts`,
  ]),
  ...mutationsOf(`${ENGINE}/dispatcher.ts`, [
    "what was being read while its endpoint was saved goes ungreeted",
    "if (events.length > 0 && !isGreeted(lane.route, lane.welcome, clock.now())) {",
    "if (events.length < 0) {",
    `${ENGINE}/dispatcher.test.ts`,
  ]),
  ...mutationsOf(`${ENGINE}/owner.ts`, [
    "saving an endpoint greets nobody",
    "      greeter.noteSaved(changed.endpoint);\n",
    "",
    END_TO_END,
  ]),
  ...mutationsOf(
    `${BUBBLEHOUSE}/hello.ts`,
    [
      "another magic is taken for ours",
      "if (magic !== expected) {",
      "if (magic === undefined) {",
      `${BUBBLEHOUSE}/hello.test.ts`,
    ],
    [
      "events go to a receiver that wants other hooks",
      'return hooks.includes("SendEvent1")',
      "return hooks.length >= 0",
      `${BUBBLEHOUSE}/hello.test.ts`,
    ],
  ),
  ...mutationsOf(`${BUBBLEHOUSE}/payload.ts`, [
    "a flag may be a text",
    "return at !== undefined && !starts.has(event.data[at]);",
    "return at !== undefined && starts.size === 0;",
    `${BUBBLEHOUSE}/payload.test.ts`,
  ]),
  ...mutationsOf(`${BUBBLEHOUSE}/send.ts`, [
    "settings may make nothing of the secret that an endpoint has",
    "if (keptSecrets.some(",
    "if (keptSecrets.every(",
    `${BUBBLEHOUSE}/send.test.ts`,
  ]),
  ...mutationsOf("server/src/api/endpoint-verbs.ts", [
    "a contract is not asked about the secrets that an endpoint keeps",
    "body.settings === undefined ? [] : openSecrets(ports, endpoint)",
    "[]",
    "server/src/api/routes/endpoints.test.ts",
  ]),
  ...mutationsOf(
    "server/src/api/endpoint-view.ts",
    [
      "a head is offered to be skipped while its receiver is greeted",
      "hold.reason?.startsWith(HANDSHAKE) === true",
      "false",
      "server/src/api/endpoint-view.test.ts",
    ],
    [
      "what is owed to others is counted as waiting",
      "events.filter((event) => wasOwed(owing, event)).length",
      "events.length",
      "server/src/api/endpoint-view.test.ts",
    ],
    [
      "a frozen batch that is stored is counted twice",
      "behindAfter: batch.at(-1) ?? row?.position",
      "behindAfter: row?.position",
      "server/src/api/endpoint-view.test.ts",
    ],
  ),
];
