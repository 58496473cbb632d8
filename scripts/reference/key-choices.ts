import { asList, asObject } from "../house-rules/tree.ts";

const LINE_MAX = 110;

type Json = Readonly<Record<string, unknown>>;

/** Writes what a key can be made with, for programs that offer a choice of it, as the API describes it. */
export function keyChoices({ paths }: Json): string {
  const making = Object.values(asObject(paths))
    .map((methods) => asObject(asObject(methods)["post"]))
    .find(({ operationId }) => operationId === "createKey");
  const content = asObject(asObject(making?.["requestBody"])["content"])["application/json"];
  const { scopes, role } = asObject(asObject(asObject(content)["schema"])["properties"]);
  return [
    "/** Written by scripts/write-reference.ts from the API's description; do not change it by hand. */",
    "",
    "/** What a key may be allowed. */",
    listOf("KEY_SCOPES", asObject(asObject(scopes)["items"])["enum"]),
    "",
    "/** Names of sets of it. */",
    listOf("KEY_ROLES", asObject(role)["enum"]),
    "",
  ].join("\n");
}

/** Throws an Error where the description has none: nothing could be chosen. */
function listOf(name: string, values: unknown): string {
  const texts = asList(values).map((value) => JSON.stringify(value));
  if (texts.length === 0) {
    throw new Error(`the description has values for ${name}, got ${JSON.stringify(values)}`);
  }
  const line = `export const ${name} = [${texts.join(", ")}] as const;`;
  return line.length <= LINE_MAX
    ? line
    : `export const ${name} = [\n${texts.map((text) => `  ${text},`).join("\n")}\n] as const;`;
}
