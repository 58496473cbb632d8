/** Guards of what the dashboard's screens show, and of how one moves in them. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const KEYS = "test/browser/keys.test.ts";
const CANARIES = "test/browser/canaries.test.ts";
const NARROW = "test/browser/narrow.test.ts";
const CLOCK = "dashboard/src/server-clock.test.ts";
const SHARE = "dashboard/src/text/replay-share.test.ts";

const CROWD = "test/browser/many-deliveries.test.ts";
const ENDS = "test/browser/session-end.test.ts";
const SETTINGS = "test/browser/endpoint-settings.test.ts";

const DRAFT = "dashboard/src/text/endpoint-draft.test.ts";

const MARKUP = (text: string) => `<span dangerouslySetInnerHTML={{ __html: ${text} }} />`;

export const SCREEN_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf(
    "dashboard/src/parts/delivery-card.tsx",
    [
      "of an event with many deliveries some are shown without their attempts",
      "const isWhole = attempts.length >= count;",
      "const isWhole = attempts.length >= count || true;",
      CROWD,
    ],
    [
      "a dead letter leads to the first delivery of its event",
      "hash === id }",
      "hash === id && false }",
      CROWD,
    ],
  ),
  ...mutationsOf("dashboard/src/screens/playground.tsx", [
    "an event whose answer is lost is another when it is sent again",
    "unanswered.current?.text === bodyText ? unanswered.current : { key: newKey() }",
    "{ key: newKey() }",
    "test/browser/playground.test.ts",
  ]),
  ...mutationsOf("dashboard/src/parts/happenings.tsx", [
    "what happens now is told by the browser's clock",
    "new Date(serverNow())",
    "new Date()",
    KEYS,
  ]),
  ...mutationsOf("dashboard/src/screens/events.tsx", [
    "a page of events that does not come is asked for without a pause",
    " && !hasFailed) {",
    ") {",
    "test/browser/dashboard.test.ts",
  ]),
  ...mutationsOf("dashboard/src/parts/delivery-actions.tsx", [
    "a dialog does not say which of many deliveries it replays",
    "{endpoints.find(({ id }) => id === endpoint_id)?.url ?? endpoint_id}",
    "{endpoints.length}",
    CROWD,
  ]),
  ...mutationsOf("dashboard/src/main.tsx", [
    "an action is kept until the browser knows of a network",
    'mutations: { networkMode: "always" },',
    "",
    CROWD,
  ]),
  ...mutationsOf(
    "dashboard/src/gate.tsx",
    [
      "what was written goes with the session",
      "Date.parse(expires_at) - serverNow() < NEAR_MS",
      "false",
      ENDS,
    ],
    [
      "what was shown is seen after a session was ended",
      "data === undefined || !hasRunOut(data)",
      "data === undefined",
      ENDS,
    ],
  ),
  ...mutationsOf("dashboard/src/parts/lane-actions.tsx", [
    "nobody can resume a lane that is held",
    "(lane.held_since !== null || lane.needs_attention)",
    "lane.needs_attention",
    "test/browser/dashboard.test.ts",
  ]),
  ...mutationsOf("dashboard/src/parts/json-rows.tsx", [
    "a name from right to left turns its line round",
    "      <bdi key={at} className={COLOURS[kind]}>\n        {text}\n      </bdi>",
    "      <span key={at} className={COLOURS[kind]}>\n        {text}\n      </span>",
    "test/browser/long-names.test.ts",
  ]),
  ...mutationsOf(
    "dashboard/src/text/endpoint-draft.ts",
    [
      "whoever changes a limit of an endpoint sends its headers, too",
      "before.get(name) !== JSON.stringify(value)",
      'before.get(name) !== JSON.stringify(value) || name === "headers"',
      DRAFT,
    ],
    [
      "words that are no delays take an endpoint's retries away",
      "delaysProblem(delays) === undefined && areSendable",
      "areSendable",
      DRAFT,
    ],
    [
      "of two headers of one name one is lost without a word",
      "areSendable(trimmed(headers)) && areSendable(metadata)",
      "areSendable(metadata)",
      DRAFT,
    ],
  ),
  ...mutationsOf("dashboard/src/text/delays-text.ts", [
    "a delay of an endpoint's is rounded where it is shown",
    '  ["ms", 1],\n',
    "",
    "dashboard/src/text/delays-text.test.ts",
  ]),
  ...mutationsOf("dashboard/src/parts/name-rows.tsx", [
    "what an endpoint's headers say is seen by who looks on",
    'type={isHidden ? "password" : "text"}',
    'type={isHidden ? "text" : "text"}',
    SETTINGS,
  ]),
  ...mutationsOf("dashboard/src/text/name-rows.ts", [
    "a command says what the headers above it do not",
    "row.isStored ? { ...row, value: WITHHELD } : row",
    "row",
    "dashboard/src/text/name-rows.test.ts",
  ]),
  ...mutationsOf("dashboard/src/parts/pages.tsx", [
    "what was not looked for is said to be nowhere",
    "query.hasNextPage ? NOT_YET : empty",
    "empty",
    "test/browser/look-further.test.ts",
  ]),
  ...mutationsOf(
    "dashboard/src/parts/use-draft.ts",
    [
      "what somebody writes is lost when what is stored changes",
      "textOf(draft) === textOf(was) && textOf(stored) !== textOf(was)",
      "textOf(stored) !== textOf(was)",
      SETTINGS,
    ],
    [
      "what somebody writes while it is being saved is lost",
      "textOf(before.draft) === textOf(sent) ? saved : before.draft",
      "sent === undefined ? before.draft : saved",
      SETTINGS,
    ],
  ),
  ...mutationsOf(
    "dashboard/src/keyboard.ts",
    ["keys of one letter mean something when they are turned off", "      areShortcutsOn() &&\n", "", KEYS],
    ["the list of keys is opened when keys are turned off", " && areShortcutsOn();", ";", KEYS],
  ),
  ...mutationsOf("dashboard/src/shortcuts.ts", [
    "keys are turned off until the page is loaded anew",
    '    return localStorage.getItem(NAME) !== "off";',
    "    return true;",
    KEYS,
  ]),
  ...mutationsOf(
    "dashboard/src/clipboard.ts",
    ["without a clipboard nothing is copied", "  return copySelected(text);", "  return false;", KEYS],
    [
      "what was not copied is said to be",
      '    return document.execCommand("copy");',
      '    return document.execCommand("copy") || true;',
      KEYS,
    ],
  ),
  ...mutationsOf("dashboard/src/screens/keys.tsx", [
    "the name of a key is taken for markup",
    "                {name} <code",
    `                ${MARKUP("name")} <code`,
    CANARIES,
  ]),
  ...mutationsOf("dashboard/src/screens/audit.tsx", [
    "what was changed is taken for markup",
    "            {name} <code>{id}</code>",
    `            {name} <code>${MARKUP("id")}</code>`,
    CANARIES,
  ]),
  ...mutationsOf("dashboard/src/screens/system.tsx", [
    "the value of a setting is taken for markup",
    "<code>{value}</code>",
    `<code>${MARKUP("value")}</code>`,
    CANARIES,
  ]),
  ...mutationsOf("dashboard/src/parts/replay-card.tsx", [
    "the types of a replay are taken for markup",
    '{types !== null && `of ${types.join(", ")} `}',
    MARKUP('types?.join(", ") ?? ""'),
    CANARIES,
  ]),
  ...mutationsOf("dashboard/src/screens/endpoints.tsx", [
    "rows are beyond the edge of a telephone",
    'className="grid-table stacks"',
    'className="grid-table"',
    NARROW,
  ]),
  ...mutationsOf("dashboard/src/shell.tsx", [
    "the other screens are in the way on a telephone",
    '"max-md:hidden"} grid-cols-2',
    '"max-md:grid"} grid-cols-2',
    NARROW,
  ]),
  ...mutationsOf("dashboard/src/server-clock.ts", [
    "times are a second late to follow the server's clock",
    "      listener();\n",
    "",
    CLOCK,
  ]),
  ...mutationsOf("server/src/api/app.ts", [
    "answers have the machine's time where the clock was moved",
    "    if (movableClock !== undefined) {",
    "    if (movableClock === undefined) {",
    "test/e2e/clock.test.ts",
  ]),
  ...mutationsOf(
    "dashboard/src/text/replay-share.ts",
    ["a replay's progress goes by time alone", "  if (deliveries !== undefined) {", "  if (false) {", SHARE],
    [
      "a replay has delivered more than it found",
      "Math.max(replay.matched, settledIn(replay))",
      "replay.matched",
      SHARE,
    ],
  ),
];
