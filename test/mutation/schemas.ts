/** Guards of schemas that come from anyone, and of the events that are checked against them. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const SCHEMA = "server/src/json-schema";
const EVENT_TYPES = "server/src/api/event-types";
const ACCEPT = "server/src/api/routes/accept-validation.test.ts";
const TEST_EVENTS = "server/src/api/routes/test-events.test.ts";
const MEMORY_STORE = "server/src/stores/memory.test.ts";
const SQLITE_STORE = "server/src/stores/sqlite/open.test.ts";

export const SCHEMA_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf(
    `${SCHEMA}/run.ts`,
    [
      "a schema is entered as deep as it leads",
      "  if (run.entered === ENTERED_MAX) {",
      "  if (false) {",
      `${SCHEMA}/check-value.test.ts`,
    ],
    [
      "a schema tells without end",
      "  } else if (run.quiet === 0) {\n    run.workLeft = 0;\n  }",
      "  }",
      `${SCHEMA}/check-value.test.ts`,
    ],
  ),
  ...mutationsOf(
    `${SCHEMA}/schema.ts`,
    [
      "a schema that has used up its work goes on",
      "return run.workLeft === 0 || (!areFit",
      "return (!areFit",
      `${SCHEMA}/check-value.test.ts`,
    ],
    [
      "a schema sees what its cousins have seen",
      "    run.seen = new Set();\n  }\n  let",
      "    run.seen ??= new Set();\n  }\n  let",
      `${SCHEMA}/check-value.test.ts`,
    ],
    [
      "a schema's members see what stands beside them",
      "  seen?.add(at);\n  run.seen = undefined;\n",
      "  seen?.add(at);\n",
      `${SCHEMA}/check-value.test.ts`,
    ],
  ),
  ...mutationsOf(
    `${SCHEMA}/json-value.ts`,
    [
      "a schema lists members for nothing",
      "  spend(run, names.length);\n",
      "",
      `${SCHEMA}/check-value.test.ts`,
    ],
    [
      "a schema reads long texts for the price of short ones",
      "return spend(run, 1 + Math.floor(text.length / CHARACTERS_FOR_A_UNIT));",
      "return spend(run, 1);",
      `${SCHEMA}/check-value.test.ts`,
    ],
    ["a schema compares values for nothing", "  spend(run, 2);\n", "", `${SCHEMA}/check-value.test.ts`],
  ),
  ...mutationsOf(`${SCHEMA}/check-value.ts`, [
    "a schema tells of one member many times",
    "return findings.filter(({ pointer }) => !seen.has(pointer) && seen.add(pointer));",
    "return findings.filter(() => seen);",
    `${SCHEMA}/check-value.test.ts`,
  ]),
  ...mutationsOf(`${SCHEMA}/alternatives.ts`, [
    "a schema asks no further than the first alternative that fits",
    "(run.seen === undefined || enough > 1)",
    "true",
    `${SCHEMA}/check-value.test.ts`,
  ]),
  ...mutationsOf(`${SCHEMA}/keywords/in-place.ts`, [
    "a schema's condition that fails has seen",
    "const holds = fitsApart(condition, value, run);",
    "const holds = fits(condition, value, run);",
    `${SCHEMA}/check-value.test.ts`,
  ]),
  ...mutationsOf(`${SCHEMA}/keywords/objects.ts`, [
    "a schema takes inherited members for present",
    'Object.hasOwn(value, name) || tell(run, "is missing", name)',
    'value[name] !== undefined || tell(run, "is missing", name)',
    `${SCHEMA}/check-value.test.ts`,
  ]),
  ...mutationsOf(
    `${SCHEMA}/pattern.ts`,
    [
      "a schema's pattern reads texts for nothing",
      "spend(run, 1 + text.length * instructions) && ",
      "",
      `${SCHEMA}/pattern.test.ts`,
    ],
    [
      "a schema's pattern is taken for letters",
      "|| NOT_TRANSLATED.test(source)",
      "",
      `${SCHEMA}/pattern.test.ts`,
    ],
    [
      "a schema's pattern is compiled however large it is",
      "if (estimatedInstructions(source) > instructionsMax) {",
      "if (false) {",
      `${SCHEMA}/pattern.test.ts`,
    ],
    [
      "a schema's pattern is as long as it likes",
      "if (source.length > PATTERN_LENGTH_MAX) {",
      "if (false) {",
      `${SCHEMA}/pattern.test.ts`,
    ],
  ),
  ...mutationsOf(
    `${SCHEMA}/read-document.ts`,
    [
      "a schema has as many bytes as it likes",
      "if (bytes > SCHEMA_BYTES_MAX) {",
      "if (false) {",
      `${SCHEMA}/read-document.test.ts`,
    ],
    [
      "a schema nests as deep as it likes",
      "place.depth > SCHEMA_DEPTH_MAX",
      "false",
      `${SCHEMA}/read-document.test.ts`,
    ],
    [
      "a schema has as many parts as it likes",
      "  document.partsLeft -= parts;\n",
      "",
      `${SCHEMA}/read-document.test.ts`,
    ],
    [
      "a schema has as many patterns as it likes",
      "  document.instructionsLeft -= pattern.instructions;\n",
      "",
      `${SCHEMA}/read-document.test.ts`,
    ],
    [
      "a schema may lead to itself for ever",
      "    errors.push(...findCircles(document.schemas));\n",
      "",
      `${SCHEMA}/read-document.test.ts`,
    ],
  ),
  ...mutationsOf(`${SCHEMA}/references.ts`, [
    "a schema may refer to what is elsewhere",
    'if (!text.startsWith("#")) {',
    "if (false) {",
    `${SCHEMA}/read-document.test.ts`,
  ]),
  ...mutationsOf(
    `${EVENT_TYPES}/schemas-in-force.ts`,
    [
      "a tenant without event types is looked up",
      'if (tenant.eventTypesRevision === 0 && tenant.validation === "off") {',
      "if (false) {",
      ACCEPT,
    ],
    [
      "an old event type stays in force",
      'return `${eventTypesRevision} ${validation} ${contract ?? ""}`;',
      'return `${validation} ${contract ?? ""}`;',
      ACCEPT,
    ],
    [
      "schemas of event types are kept across tenants",
      "return `${number}/${schemaVersion}/${name}`;",
      "return `${schemaVersion}/${name}`;",
      ACCEPT,
    ],
    ["schemas of event types that are gone are kept", "if (!now.keys.has(key)) {", "if (false) {", ACCEPT],
  ),
  ...mutationsOf(
    `${EVENT_TYPES}/event-checker.ts`,
    [
      "an event of a type that changed is judged again",
      "!(await wasStored(ports, tenant, event.key ?? headerKey))",
      "true",
      ACCEPT,
    ],
    [
      "checking the types of many events lets nobody else have a turn",
      "          await setImmediate();\n",
      "",
      ACCEPT,
    ],
  ),
  ...mutationsOf("server/src/stores/memory/event-types.ts", [
    "two changes of an event type undo one another (memory)",
    "(known?.revision ?? 0) !== seen || ",
    "",
    MEMORY_STORE,
  ]),
  ...mutationsOf("server/src/stores/sqlite/event-types.ts", [
    "two changes of an event type undo one another (SQLite)",
    "if ((known?.revision ?? 0) !== seen) {",
    "if (false) {",
    SQLITE_STORE,
  ]),
  ...mutationsOf("server/src/api/routes/test-events.ts", [
    "a test event goes to every endpoint of its type",
    "to: ids.endpoint(endpoint.number),",
    "to: undefined,",
    TEST_EVENTS,
  ]),
];
