import { joinBytes } from "../bytes.ts";
import type { ContractEvent, Unrenderable } from "../contract.ts";
import { braceOpen, findMembers } from "../json-members.ts";
import { bhidOf } from "./bhid.ts";

const ours = ["bhid", "time", "name"];

// In valid JSON its first byte tells what a value is. Missing and null are the same to the vendor.
const flagBytes = bytesOf("tfn");
const mapBytes = bytesOf("{n");

/** Members that are not there by need, and how what they hold must begin. */
const optional = [
  { name: "new_user", starts: flagBytes, wrong: "new_user_not_a_boolean" },
  { name: "referred_user", starts: flagBytes, wrong: "referred_user_not_a_boolean" },
  { name: "customer_only", starts: flagBytes, wrong: "customer_only_not_a_boolean" },
  { name: "customer_props", starts: mapBytes, wrong: "customer_props_not_an_object" },
  { name: "segment_props", starts: mapBytes, wrong: "segment_props_not_an_object" },
  { name: "extra_props", starts: mapBytes, wrong: "extra_props_not_an_object" },
] as const;

const wanted = new Set([...ours, "customer", ...optional.map(({ name }) => name)]);

/**
 * The hook's input: our three members, then those of `data`, as the bytes that they are.
 *
 * `data` must be an object with an object `customer`, and must not bring a member that we write. The flags,
 * if there, must be true or false: a receiver takes their absence for false.
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
  const wrong = optional.find(({ name, starts }) => {
    const at = object.found.get(name);
    return at !== undefined && !starts.has(event.data[at]);
  });
  if (wrong !== undefined) {
    return { kind: "unrenderable", reason: wrong.wrong };
  }
  const time = new Date(event.occurredAt).toISOString();
  return joinBytes([
    `{"bhid":"${bhidOf(event)}","time":"${time}","name":${JSON.stringify(event.type)},`,
    event.data.subarray(object.from, object.to),
    "}",
  ]);
}

function bytesOf(characters: string): ReadonlySet<number | undefined> {
  return new Set(Buffer.from(characters));
}
