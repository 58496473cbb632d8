/**
 * Makes the headers that prove who sends a body, as an endpoint without settings gets them, for whoever
 * tries a receiver. The standard contract and spektr sign the bytes; the headers of the others say the same
 * of every body.
 */
import { bearerToken } from "@posthorn/contracts/bubblehouse/token";
import type { ContractEndpoint } from "@posthorn/contracts/contract";
import type { Verifiable } from "@posthorn/contracts/judge-request";
import { signatureHeaders } from "@posthorn/contracts/spektr/signature";
import { signatureOf } from "@posthorn/contracts/standard/secret";

export interface Unsigned {
  /** As the contract's `checkEndpoint` lets it pass. */
  readonly secret: string;
  readonly payload: Uint8Array;
  /** The event's, where the contract has one in a header; else the request's. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export function signedHeaders(
  contract: Verifiable,
  { secret, payload, id, at }: Unsigned,
): Readonly<Record<string, string>> {
  const url = "https://receiver.example/hooks";
  const endpoint: ContractEndpoint = { id: "ep_0", tenantId: "ten_0", url, secrets: [secret], settings: {} };
  switch (contract) {
    case "standard": {
      const timestamp = Math.floor(at / 1_000);
      return {
        "webhook-id": id,
        "webhook-timestamp": String(timestamp),
        "webhook-signature": signatureOf(secret, `${id}.${timestamp}.`, payload),
      };
    }
    case "spektr":
      return signatureHeaders(endpoint, payload, { id, number: 1, at });
    case "bspk":
      return { "x-bspk-secret": secret };
    case "bubblehouse":
      return { authorization: `Bearer ${bearerToken(endpoint, { at, jti: id })}` };
    case "cloudevents":
      return { authorization: `Bearer ${secret}` };
  }
}
