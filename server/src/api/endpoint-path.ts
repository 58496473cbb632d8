import type { FastifyRequest } from "fastify";
import type { Endpoint } from "../model/endpoint.ts";
import { notFound, pathParameter, tenantOf } from "./access.ts";
import type { ApiPorts } from "./ports.ts";

/** Finds the endpoint that a path names, of the path's tenant. Throws the Problem `not_found` without one. */
export async function findEndpoint(
  { ids, registry }: Pick<ApiPorts, "ids" | "registry">,
  request: FastifyRequest,
): Promise<Endpoint> {
  const number = ids.endpointNumberOf(pathParameter(request, "endpoint"));
  const { number: tenant } = tenantOf(request);
  const endpoint = number === undefined ? undefined : await registry.findEndpoint(tenant, number);
  if (endpoint === undefined) {
    throw notFound();
  }
  return endpoint;
}
