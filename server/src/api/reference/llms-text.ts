import { type Description, operationsOf } from "./description.ts";

/** Writes what a program that reads text must know to call this server, with what it may read on. */
export function llmsText(description: Description): string {
  const { info, tags, webhooks } = description;
  const groups = tags.flatMap(({ name, description: what }) => [
    "",
    `## ${name}`,
    "",
    what,
    "",
    ...operationsOf(description, name).map(
      ({ method, path, summary, operationId }) =>
        `- [${method} ${path}](docs/#${operationId}): ${summary}. In the client \`${operationId}\``,
    ),
  ]);
  return `${[
    "# Posthorn",
    "",
    "> A server that sends webhooks: an application hands it events, it delivers each one to every endpoint",
    "> that asked for it, in the wire contract that endpoint expects, and shows what became of it.",
    "",
    info.description,
    "Calls carry `Authorization: Bearer` with an admin key or a key of a tenant. Errors are problems of",
    "RFC 9457 with a stable `code`. With an `Idempotency-Key`, sending events may be repeated.",
    "",
    "- [openapi.json](openapi.json): every operation and shape, as OpenAPI 3.1",
    "- [docs/](docs/): the same as a page",
    "- the package `@posthorn/client`: each operation as a typed method, with an example in its comment",
    ...groups,
    "",
    "## Event types",
    "",
    "What the catalogues of the contracts of this server have:",
    "",
    ...Object.entries(webhooks).map(([name, { post }]) => `- ${name}: ${post.summary}`),
  ].join("\n")}\n`;
}
