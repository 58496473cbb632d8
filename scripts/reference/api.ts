import { asList, asObject } from "../house-rules/tree.ts";

type Description = Readonly<Record<string, unknown>>;

/** Writes the page that lists every operation of the API, as its description has them. */
export function apiPage(description: Description): string {
  return `${[
    "# API",
    "",
    "Every operation there is. What they take and answer is in [openapi.json](openapi.json), which a",
    "server answers at `/openapi.json` with the event types of its contracts; [Error codes](error-codes.md)",
    "lists what can go wrong. Ids are opaque, times are ISO 8601 in UTC, lists come in pages of `data` and",
    "`next_cursor`, which the query takes as `cursor`.",
    "",
    "A request shows its key as `Authorization: Bearer …`: an admin key, which may do everything, or a key",
    "of one tenant, with [scopes](../guides/security.md). [Limits](../operating/limits.md) says how much it",
    "may ask for.",
    "",
    "[The client](../../client/README.md) has a method for each, by the name that the description gives it;",
    "[its page](client.md) shows each in a program.",
    "",
    "`node scripts/write-reference.ts` writes these files, and refuses to where callers would break; a test",
    "fails where a server says otherwise.",
    ...sectionsOf(description),
  ].join("\n")}\n`;
}

function sectionsOf({ tags, paths }: Description): readonly string[] {
  const operations = Object.entries(asObject(paths)).flatMap(([path, methods]) =>
    Object.entries(asObject(methods)).map(([method, operation]) => {
      const { tags: groups, summary, description: needs = "Needs no key." } = asObject(operation);
      return { at: `${method.toUpperCase()} ${path}`, groups: asList(groups), summary, needs };
    }),
  );
  return asList(tags)
    .map(asObject)
    .flatMap(({ name, description }) => [
      "",
      `## ${String(name)}`,
      "",
      String(description),
      "",
      "| operation | what it does | needs |",
      "|---|---|---|",
      ...operations
        .filter(({ groups }) => groups.includes(name))
        .map(({ at, summary, needs }) => {
          return `| \`${at}\` | ${String(summary)} | ${String(needs).slice("Needs ".length, -1)} |`;
        }),
    ]);
}

/** The description as it is kept, to be read by people too. */
export function descriptionFile(description: Description): string {
  return `${JSON.stringify(description, null, 2)}\n`;
}
