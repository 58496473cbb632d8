import type { FastifySchema, HTTPMethods } from "fastify";
import { type TSchema, Type } from "typebox";
import { Problem } from "../problem.ts";
import { type NeededKey, neededKeyOf } from "./needed-key.ts";
import type { Api } from "./ports.ts";

/** A method of a path, with parameters as `:name`. */
interface MethodOfPath {
  readonly method: HTTPMethods;
  readonly path: string;
}

/** One way into the API. */
export interface RouteEntry extends MethodOfPath {
  /** What its requests are checked by. */
  readonly body: TSchema | undefined;
  readonly query: TSchema | undefined;
  /** Undefined: nothing, everyone may ask. */
  readonly needs: NeededKey | undefined;
}

/** Returns the table of routes but for pages, which fills as they are added from now on. */
export function collectRoutes(app: Api): readonly RouteEntry[] {
  const table: RouteEntry[] = [];
  app.addHook("onRoute", ({ method, url: path, handler, schema, config, onRequest = [] }) => {
    if (handler !== refuse && config?.isPage !== true) {
      const needs = [onRequest]
        .flat()
        .map(neededKeyOf)
        .find((key) => key !== undefined);
      const checked = { body: schemaIn(schema?.body), query: schemaIn(schema?.querystring) };
      table.push(...[method].flat().map((name) => ({ method: name, path, ...checked, needs })));
    }
  });
  return table;
}

/**
 * Answers every path of a table asked for with another method by 405 and `Allow`. Call it when the table is
 * full.
 */
export function refuseOtherMethods(app: Api, table: readonly MethodOfPath[]): void {
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

function schemaIn(given: FastifySchema["body"]): TSchema | undefined {
  return Type.IsSchema(given) ? given : undefined;
}

const METHODS: readonly HTTPMethods[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

function refuse(): void {
  throw new Error("a hook has refused the request");
}
