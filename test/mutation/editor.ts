/** Guards of the dashboard's editor, of how payloads are shown, and of what samples show. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const SAMPLES = "server/src/api/samples/sample-renderings.ts";
const RENDERINGS = "server/src/api/routes/renderings.test.ts";
const PAGE = "dashboard/src/text/json-page.ts";
const PAGE_TEST = "dashboard/src/text/json-page.test.ts";
const EDITOR = "test/browser/editor.test.ts";

export const EDITOR_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf(
    "dashboard/src/editor/json-editor.ts",
    [
      "the editor keeps whoever comes to it by Tab",
      '          { key: "Mod-Enter"',
      '          { key: "Tab", run: () => true },\n          { key: "Mod-Enter"',
      EDITOR,
    ],
    [
      "the editor styles what is typed over by itself",
      'inputType !== "insertText" || data === null || from === to',
      "from <= to",
      EDITOR,
    ],
    [
      "the editor styles what an input method writes over by itself",
      "  if (!empty) {\n    // As",
      "  if (empty) {\n    // As",
      EDITOR,
    ],
    [
      "the editor styles itself by elements, which the policy refuses",
      "  const view = new EditorView({\n    root,\n",
      "  const view = new EditorView({\n    root: document,\n",
      EDITOR,
    ],
  ),
  ...mutationsOf("dashboard/src/editor/looks.ts", [
    "a fault is underlined by an image that the policy refuses",
    '    backgroundImage: "none",\n',
    "",
    EDITOR,
  ]),
  ...mutationsOf("dashboard/src/keyboard.ts", [
    "keys of the page mean something within the editor",
    "  const [target = null] = event.composedPath();",
    "  const { target } = event;",
    EDITOR,
  ]),
  ...mutationsOf(
    SAMPLES,
    [
      "a sample as an endpoint is signed with the endpoint's secret",
      "newest && contract.makeSecret((count) => ports.random.bytes(count), settings, newest)",
      "newest",
      RENDERINGS,
    ],
    [
      "a sample as an endpoint shows what the endpoint's receiver is given",
      "(headers) => shownHeaders(config.headers, headers);",
      "(headers) => allOf({ ...config.headers, ...headers });",
      RENDERINGS,
    ],
    [
      "a sample is said as another tenant's endpoint",
      "await registry.findEndpoint(tenant.number, number)",
      "await registry.findEndpoint(2, number)",
      RENDERINGS,
    ],
    [
      "one contract that fails leaves no sample of the others",
      "    if (error instanceof ContractFault) {",
      "    if (false) {",
      RENDERINGS,
    ],
  ),
  ...mutationsOf("dashboard/src/text/json-text.ts", [
    "a payload is laid out to the square of its depth",
    '"  ".repeat(Math.min(depth, INDENTS_MAX))',
    '"  ".repeat(depth)',
    "dashboard/src/text/json-text.test.ts",
  ]),
  ...mutationsOf(
    PAGE,
    [
      "a payload has a line as long as a megabyte",
      "    const wide = Math.min(end, from + max);",
      "    const wide = end;",
      PAGE_TEST,
    ],
    [
      "a line of a payload ends within a character",
      "wide < end && isSecondHalf(text.charCodeAt(wide)) ? wide - 1 : wide",
      "wide",
      PAGE_TEST,
    ],
  ),
];
