import { Problem } from "../problem.ts";
import { parseTimestamp, TIMESTAMP_FORM } from "./timestamp.ts";

/** Says what is wrong with one member of a body. */
export function wrongBodyMember(pointer: string, detail: string): Problem {
  return new Problem("invalid_request", "Members of the body are not as they must be.", [
    { pointer, detail },
  ]);
}

/** Reads a member that is a time, in milliseconds since 1970. */
export function timeMember(pointer: string, text: string): number {
  const at = parseTimestamp(text);
  if (at === undefined) {
    throw wrongBodyMember(pointer, `must be ${TIMESTAMP_FORM}`);
  }
  return at;
}
