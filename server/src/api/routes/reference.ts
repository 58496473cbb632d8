import type { FastifyReply, FastifyRequest } from "fastify";
import { type KeptFile, keptFile } from "../../kept-file.ts";
import type { RouteEntry } from "../allowed-methods.ts";
import { openApiOf } from "../description/openapi.ts";
import type { Api, ApiPorts } from "../ports.ts";
import type { Description } from "../reference/description.ts";
import { REFERENCE_SCRIPT, REFERENCE_STYLE } from "../reference/files.ts";
import { llmsText } from "../reference/llms-text.ts";
import { referencePage } from "../reference/page.ts";
import { sendFile } from "../send-file.ts";

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/**
 * `/openapi.json`: the API as OpenAPI 3.1 describes it. `/docs/`: the same as a page, and `/llms.txt`: in a
 * few lines. They say nothing that a key would have to protect, but for the event types of contracts of one's
 * own.
 */
export function addReferenceRoutes(
  app: Api,
  { contracts, version }: ApiPorts,
  routes: readonly RouteEntry[],
): void {
  let described: string | undefined;
  const files = new Map<string, KeptFile>();

  // Routes are added until the first request comes, and never after it.
  function descriptionText(): string {
    described ??= JSON.stringify(openApiOf({ routes, contracts: [...contracts.values()], version }));
    return described;
  }

  function description(): Description {
    // oxlint-disable-next-line typescript/no-unsafe-assignment -- `openApiOf` wrote it a moment ago
    const read: Description = JSON.parse(descriptionText());
    return read;
  }

  app.get("/openapi.json", (_request, reply) =>
    reply
      .header("content-type", "application/json; charset=utf-8")
      .header("access-control-allow-origin", "*")
      .send(descriptionText()),
  );

  const addFile = (path: string, name: string, write: () => string): void => {
    app.get(path, { config: { isPage: true } }, (request: FastifyRequest, reply: FastifyReply) => {
      const file = files.get(path) ?? keptFile(name, Buffer.from(write()));
      files.set(path, file);
      reply.headers({ "content-security-policy": POLICY, "cache-control": "no-cache" });
      return sendFile(request, reply, file);
    });
  };
  app.get("/docs", { config: { isPage: true } }, (_request, reply) => reply.redirect("docs/"));
  addFile("/docs/", "page.html", () => referencePage(description()));
  addFile("/docs/reference.css", "reference.css", () => REFERENCE_STYLE);
  addFile("/docs/reference.js", "reference.js", () => REFERENCE_SCRIPT);
  addFile("/llms.txt", "llms.txt", () => llmsText(description()));
}
