import type { ContractRequest } from "@posthorn/contracts/contract";
import type { OutboundRequest } from "../outbound/sender.ts";
import { headersOf } from "./attempt-headers.ts";
import type { Route } from "./routes.ts";

/**
 * What the sender takes of a contract's request: the endpoint's own headers stand under those of the trace,
 * and these under the contract's.
 */
export function outboundRequest(
  { endpoint, policy, tenant }: Route,
  request: ContractRequest,
  ofTrace?: Readonly<Record<string, string>>,
): OutboundRequest {
  const { method = "POST", url, payload } = request;
  const headers = ofTrace === undefined ? request.headers : headersOf(ofTrace, request.headers);
  return {
    method,
    url,
    headers: headersOf(endpoint.config.headers, headers),
    payload,
    timeoutMs: policy.timeoutMs,
    tenantId: tenant.id,
  };
}
