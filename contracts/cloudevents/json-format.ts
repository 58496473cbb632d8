import type { ContractEndpoint, ContractEvent } from "../contract.ts";
import { attributesOf } from "./attributes.ts";

/** Writes an event in the JSON format: pieces to join, `data` among them as it is (invariant 13). */
export function jsonPieces(
  endpoint: ContractEndpoint,
  event: ContractEvent,
): readonly [head: string, data: Uint8Array, tail: string] {
  const members = attributesOf(endpoint, event).map(([name, value]) => `"${name}":${JSON.stringify(value)},`);
  return [`{${members.join("")}"datacontenttype":"application/json","data":`, event.data, "}"];
}
