import type { FastifyRequest } from "fastify";
import type { Endpoint } from "../model/endpoint.ts";
import { pathParameter, tenantOf } from "./access.ts";
import { noSuch } from "./no-such.ts";
import type { ApiPorts } from "./ports.ts";

type Ports = Pick<ApiPorts, "ids" | "registry">;

/** Finds the endpoint that a path names, of the path's tenant. Throws the Problem `not_found` without one. */
export async function findEndpoint(ports: Ports, request: FastifyRequest): Promise<Endpoint> {
  const endpoint = await endpointIn(ports, request);
  if (endpoint === undefined) {
    throw noSuch("endpoint", pathParameter(request, "endpoint"), tenantOf(request));
  }
  return endpoint;
}

/** Finds the same, for who must not be told what there is not. */
export async function endpointIn(
  { ids, registry }: Ports,
  request: FastifyRequest,
): Promise<Endpoint | undefined> {
  const number = ids.endpointNumberOf(pathParameter(request, "endpoint"));
  return number === undefined ? undefined : await registry.findEndpoint(tenantOf(request).number, number);
}
