import type { ContractEndpoint, ContractRequest } from "../contract.ts";
import { hookUrl } from "./hook-url.ts";
import { requestIdOf } from "./request-id.ts";
import { bearerToken } from "./token.ts";

/** One call of a hook. */
export interface HookCall {
  /** `SendEvent1`, `Hello1`. */
  readonly hook: string;
  /** JSON, as the bytes that are sent. */
  readonly input: Uint8Array;
  readonly urgency: string;
  /** Unique to this call. */
  readonly id: string;
  /** When it is made, in milliseconds since 1970. */
  readonly at: number;
}

/** Makes the request that calls a hook of an endpoint, with a token of its own. */
export function hookRequest(endpoint: ContractEndpoint, call: HookCall): ContractRequest {
  const { hook, input, urgency, at } = call;
  const url = hookUrl(endpoint.url, hook);
  if (url === undefined) {
    throw new Error(`the stored URL of ${endpoint.id} must have :name in its path`);
  }
  const requestId = requestIdOf(call);
  return {
    kind: "request",
    url,
    headers: {
      "Content-Type": "application/json",
      // The vendor's pages say Accepts. Accept beside it tells the same to servers that know HTTP's own name.
      Accepts: "application/json",
      Accept: "application/json",
      Authorization: `Bearer ${bearerToken(endpoint, { at, jti: requestId })}`,
      "X-Request-ID": requestId,
      "X-BH-Urgency": urgency,
    },
    payload: input,
  };
}
