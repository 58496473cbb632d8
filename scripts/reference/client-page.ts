import { readFileSync } from "node:fs";
import { join } from "node:path";
import { asList, asObject } from "../house-rules/tree.ts";
import { BEGINNING, EXAMPLES_FOLDER, type Example, exampleFor } from "./client-examples.ts";

type Description = Readonly<Record<string, unknown>>;

/** What the client has beside the operations of the API, in the order in which somebody meets it. */
const OWN = [
  ["createClient", "makes a client of a server's API"],
  ["ClientOptions", "how it calls, for all its calls"],
  ["CallOptions", "how one call is made; every method takes them last"],
  ["sendEvent", "hands over one event"],
  ["Pages", "a list: iterated, it is every item of all pages; `page()` asks for one `Page`"],
  ["Stream", "what happens, until whoever iterates stops"],
  ["PosthornError", "what a call fails with, whatever went wrong"],
  ["operationsOver", "the methods over a `Call` of your own"],
] as const;

interface Section {
  readonly name: string;
  readonly about: string;
  readonly rows: readonly (readonly [symbol: string, what: string])[];
}

/** Writes the page that shows every method of the client in a program. */
export function clientPage(description: Description, examples: readonly Example[]): string {
  const sections = [
    { name: "The client itself", about: "What is no operation of the API.", rows: OWN },
    ...sectionsOf(description, examples),
  ];
  const shown = new Set<Example>();
  return `${[
    "# Client",
    "",
    "Every method of [the client](../../client/README.md), in small programs. A test runs each of them",
    "against a server and compares what it prints with what stands behind its arrows, where `…` is anything.",
    "The same programs are in the comments of the types, where an editor shows them; in the repository they",
    "are files of [examples/client](../../examples/client/).",
    "",
    "They want a server in development with its admin key, as in [Start](../start.md); a folder with the",
    "client in which `npm pkg set type=module` was said once; and this file beside them. Then",
    "`node send-event.ts` runs one, on Node 24 and later:",
    "",
    "```ts",
    `// ${BEGINNING}`,
    readFileSync(join(EXAMPLES_FOLDER, BEGINNING), "utf8").trim(),
    "```",
    "",
    "`node scripts/write-reference.ts` writes this page; a test fails where a method has no example.",
    ...sections.flatMap((section) => sectionLines(section, examples, shown)),
  ].join("\n")}\n`;
}

/** The groups of the API's operations that the client has, as far as they have examples. */
function sectionsOf({ tags, paths }: Description, examples: readonly Example[]): readonly Section[] {
  const operations = Object.values(asObject(paths)).flatMap((methods) =>
    Object.values(asObject(methods)).map(asObject),
  );
  return asList(tags)
    .map(asObject)
    .map(({ name, description }) => {
      const rows = operations
        .filter((operation) => asList(operation["tags"]).includes(name))
        .map(({ operationId, summary }) => [String(operationId), String(summary)] as const)
        .filter(([symbol]) => exampleFor(symbol, examples) !== undefined);
      return { name: String(name), about: String(description), rows };
    })
    .filter(({ rows }) => rows.length > 0);
}

/** Each example is shown where the first of its symbols is; the others refer to it. */
function sectionLines({ name, about, rows }: Section, examples: readonly Example[], shown: Set<Example>) {
  const found = rows.map(([symbol, what]) => ({ symbol, what, example: exampleFor(symbol, examples) }));
  const own = new Set(found.flatMap(({ example }) => (example && !shown.has(example) ? [example] : [])));
  for (const example of own) {
    shown.add(example);
  }
  return [
    "",
    `## ${name}`,
    "",
    about,
    "",
    "| | what it does | example |",
    "|---|---|---|",
    ...found.map(({ symbol, what, example }) => {
      const link = example === undefined ? "" : `[${example.title}](#${anchorOf(example.title)})`;
      return `| \`${symbol}\` | ${what} | ${link} |`;
    }),
    ...[...own].flatMap((example) => [
      "",
      `### ${example.title}`,
      "",
      "```ts",
      `// ${example.name}.ts`,
      example.program.trim(),
      "```",
    ]),
  ];
}

/** Names a heading the way GitHub does. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}
