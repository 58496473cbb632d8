import type { HTTPMethods } from "fastify";
import { Problem } from "../problem.ts";
import type { Api } from "./ports.ts";

/** One way into the API. */
export interface RouteEntry {
  readonly method: HTTPMethods;
  /** With parameters as `:name`. */
  readonly path: string;
}

/** Returns the table of routes, which fills as they are added from now on. */
export function collectRoutes(app: Api): readonly RouteEntry[] {
  const table: RouteEntry[] = [];
  app.addHook("onRoute", ({ method, url, handler }) => {
    if (handler !== refuse) {
      table.push(...[method].flat().map((name) => ({ method: name, path: url })));
    }
  });
  return table;
}

/**
 * Answers every path of a table asked for with another method by 405 and `Allow`. Call it when the table is
 * full.
 */
export function refuseOtherMethods(app: Api, table: readonly RouteEntry[]): void {
  for (const [path, entries] of Map.groupBy(table, (entry) => entry.path)) {
    const known = new Set(entries.map(({ method }) => method));
    const allow = [...known].sort().join(", ");
    app.route({
      method: METHODS.filter((method) => !known.has(method)),
      url: path,
      // Before the body is read, and for whoever asks: which methods there are is no secret.
      onRequest: async (_request, reply) => {
        reply.header("allow", allow);
        throw new Problem("method_not_allowed", `This path knows ${allow}.`);
      },
      handler: refuse,
    });
  }
}

const METHODS: readonly HTTPMethods[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

function refuse(): void {
  throw new Error("a hook has refused the request");
}
