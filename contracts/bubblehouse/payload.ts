import { joinBytes } from "../bytes.ts";
import type { ContractEvent, Unrenderable } from "../contract.ts";
import { braceOpen, findMembers } from "../json-members.ts";
import { bhidOf } from "./bhid.ts";

const ours = ["bhid", "time", "name"];
const wanted = new Set([...ours, "customer"]);

/**
 * The hook's input: our three members, then those of `data`, as the bytes that they are.
 *
 * `data` must be an object with an object `customer`, and must not bring a member that we write.
 */
export function hookInput(event: ContractEvent): Uint8Array | Unrenderable {
  const object = findMembers(event.data, wanted);
  if (object === undefined) {
    return { kind: "unrenderable", reason: "data_not_an_object" };
  }
  const taken = ours.find((name) => object.found.has(name));
  if (taken !== undefined) {
    return { kind: "unrenderable", reason: `data_has_${taken}` };
  }
  const customerAt = object.found.get("customer");
  if (customerAt === undefined) {
    return { kind: "unrenderable", reason: "customer_missing" };
  }
  if (event.data[customerAt] !== braceOpen) {
    return { kind: "unrenderable", reason: "customer_not_an_object" };
  }
  const time = new Date(event.occurredAt).toISOString();
  return joinBytes([
    `{"bhid":"${bhidOf(event)}","time":"${time}","name":${JSON.stringify(event.type)},`,
    event.data.subarray(object.from, object.to),
    "}",
  ]);
}
