import type { Endpoint } from "../model/endpoint.ts";
import type { Tenant } from "../model/tenant.ts";
import type { ApiPorts } from "./ports.ts";

/** A page of endpoints, and the number after which the next one begins. */
export interface EndpointRows {
  readonly rows: readonly Endpoint[];
  readonly next: number | undefined;
}

export interface EndpointPlace {
  readonly before: number | undefined;
  readonly limit: number;
}

/** Looks of one page at endpoints, each at three keys. */
const LOOKS_MAX = 1000;

/**
 * Finds a tenant's endpoints that are not enabled, or held, failing or stopped, newest first. A page may be
 * short while there is a next one, as it looks at so many endpoints and no more.
 */
export async function findTroubled(
  { reader, registry, engine }: ApiPorts,
  tenant: Tenant,
  { before, limit }: EndpointPlace,
): Promise<EndpointRows> {
  const stopped = new Set(engine.stoppedEndpoints());
  const marks = await reader.listMarks({ tenant: tenant.number, before, limit: LOOKS_MAX });
  const troubled = marks.filter(
    ({ number, isEnabled, isHeld, isFailing }) => !isEnabled || isHeld || isFailing || stopped.has(number),
  );
  const chosen = troubled.slice(0, limit);
  const rows: Endpoint[] = [];
  for (const { number } of chosen) {
    const endpoint = await registry.findEndpoint(tenant.number, number);
    rows.push(...(endpoint === undefined ? [] : [endpoint]));
  }
  const isCut = troubled.length > limit;
  const last = isCut ? chosen.at(-1) : marks.length === LOOKS_MAX ? marks.at(-1) : undefined;
  return { rows, next: last?.number };
}

/**
 * Finds the endpoints of all tenants that are held, failing or stopped, newest first, each with its tenant:
 * what a tenant has paused or disabled is its own affair.
 */
export async function findTroubledOfAll(
  { reader, registry, engine }: ApiPorts,
  { before, limit }: EndpointPlace,
) {
  const also = engine.stoppedEndpoints();
  const found = await reader.listTroubled({ before, limit: limit + 1, also });
  const chosen = found.slice(0, limit);
  const rows: { readonly tenant: Tenant; readonly endpoint: Endpoint }[] = [];
  for (const { number, tenant: owner } of chosen) {
    const tenant = await registry.tenantByNumber(owner);
    const endpoint = await registry.findEndpoint(owner, number);
    rows.push(...(tenant === undefined || endpoint === undefined ? [] : [{ tenant, endpoint }]));
  }
  return { rows, next: found.length > limit ? chosen.at(-1)?.number : undefined };
}
