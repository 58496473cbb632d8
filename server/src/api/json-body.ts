import { escapedPointerPart } from "../json-pointer.ts";
import { sliceItems } from "../json-slice.ts";
import { Problem } from "../problem.ts";

/**
 * Reads the JSON of a request that is not an event; undefined where there is none. Throws the Problem
 * `invalid_json`, or `invalid_request` where a member stands twice.
 */
export function readJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) {
    return undefined;
  }
  const { items } = sliceItems(bytes, 1);
  const repeated = items[0]?.repeated;
  if (repeated !== undefined) {
    throw new Problem("invalid_request", "A member stands twice in the body.", [
      { pointer: `/${escapedPointerPart(repeated)}`, detail: "stands twice" },
    ]);
  }
  const value: unknown = JSON.parse(bytes.toString("utf8"));
  return value;
}
