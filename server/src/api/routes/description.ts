import type { RouteEntry } from "../allowed-methods.ts";
import { openApiOf } from "../description/openapi.ts";
import type { Api, ApiPorts } from "../ports.ts";

/**
 * `/openapi.json`: the API as OpenAPI 3.1 describes it. It says nothing that a key would have to protect, but
 * for the event types of contracts of one's own.
 */
export function addDescriptionRoute(
  app: Api,
  { contracts, version }: ApiPorts,
  routes: readonly RouteEntry[],
): void {
  let described: string | undefined;

  app.get("/openapi.json", (_request, reply) => {
    // Routes are added until the first request comes, and never after it.
    described ??= JSON.stringify(openApiOf({ routes, contracts: [...contracts.values()], version }));
    return reply
      .header("content-type", "application/json; charset=utf-8")
      .header("access-control-allow-origin", "*")
      .send(described);
  });
}
