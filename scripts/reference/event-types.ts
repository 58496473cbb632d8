import type { Contract, EventType } from "@posthorn/contracts/contract";

/** Writes the page that lists every event type of every contract's catalogue. */
export function eventTypesPage(contracts: readonly Contract[]): string {
  const described = contracts.filter(({ catalogue }) => catalogue.eventTypes.length > 0);
  return `${[
    "# Event types",
    "",
    "The catalogues of the contracts, as `GET /v1/event-types` answers them. Schema and example are those of",
    "an event's `data`; the schemas are JSON Schema 2020-12. [The guide](../guides/event-types.md) says how",
    "events are checked against them. `standard` and `cloudevents` have no catalogue and take any type. What",
    "Posthorn tells its operator is in [Operational events](../operating/operational-events.md).",
    "",
    "`node scripts/write-reference.ts` writes this page; a test fails where the catalogues say otherwise.",
    ...described.flatMap(contractSection),
  ].join("\n")}\n`;
}

function contractSection({ name, catalogue }: Contract): readonly string[] {
  const { kind, eventTypes } = catalogue;
  return [
    "",
    `## ${name}`,
    "",
    kind === "closed"
      ? "Closed: endpoints of this contract get these types and no others."
      : "Open: these are the known types, and endpoints of this contract get others as well.",
    "",
    "| type | contract | deprecated → use | | |",
    "|---|---|---|---|---|",
    ...eventTypes.map((type) => tableRow(type, name)),
    ...eventTypes.flatMap((type, index) => typeSection(type, name, eventTypes.slice(0, index))),
  ];
}

function tableRow({ name, deprecatedFor }: EventType, contract: string): string {
  const deprecation = deprecatedFor === undefined ? "" : `yes → \`${deprecatedFor}\``;
  const place = `#${anchorOf(contract, name)}`;
  return `| \`${name}\` | \`${contract}\` | ${deprecation} | [schema](${place}) | [example](${place}) |`;
}

function typeSection(type: EventType, contract: string, before: readonly EventType[]): readonly string[] {
  const { name, description, schema, example } = type;
  const same = before.find((other) => other.schema === schema);
  return [
    "",
    `### ${headingOf(contract, name)}`,
    "",
    description,
    ...(same === undefined
      ? folded("Schema", schema)
      : ["", `Schema: that of [\`${same.name}\`](#${anchorOf(contract, same.name)}).`]),
    ...folded("Example", example?.data),
  ];
}

function folded(title: string, value: unknown): readonly string[] {
  return value === undefined
    ? []
    : ["", `<details><summary>${title}</summary>`, "", "```json", printed(value), "```", "", "</details>"];
}

const LINE_MAX = 100;

/** Prints JSON with what fits into a line on one line. */
function printed(value: unknown, indent = ""): string {
  const line = JSON.stringify(value, null, 1).replaceAll(/\n */g, " ");
  if (indent.length + line.length <= LINE_MAX || typeof value !== "object" || value === null) {
    return line;
  }
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item) => inner + printed(item, inner))
    : Object.entries(value).map(([name, member]) => `${inner}"${name}": ${printed(member, inner)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${parts.join(",\n")}\n${indent}${close}`;
}

function headingOf(contract: string, type: string): string {
  return `${contract}: ${type}`;
}

/** Names the heading of a type the way GitHub does. */
function anchorOf(contract: string, type: string): string {
  return headingOf(contract, type)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}
