import type { ContractRequest } from "@posthorn/contracts/contract";
import type { OutboundRequest } from "../outbound/sender.ts";
import { headersOf } from "./attempt-headers.ts";
import type { Route } from "./routes.ts";

/** What the sender takes of a contract's request: the endpoint's own headers stand under the contract's. */
export function outboundRequest(
  { endpoint, policy, tenant }: Route,
  request: ContractRequest,
): OutboundRequest {
  const { method = "POST", url, headers, payload } = request;
  return {
    method,
    url,
    headers: headersOf(endpoint.config.headers, headers),
    payload,
    timeoutMs: policy.timeoutMs,
    tenantId: tenant.id,
  };
}
