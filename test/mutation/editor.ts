/** Guards of the dashboard's editor, and of what samples show. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const SAMPLES = "server/src/api/samples/sample-renderings.ts";
const RENDERINGS = "server/src/api/routes/renderings.test.ts";
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
];
