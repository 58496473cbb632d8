import { sliceItems } from "../../json-slice.ts";
import { Problem } from "../../problem.ts";
import {
  dataOf,
  isNullAt,
  type Members,
  type Reading,
  readItems,
  refuseMember,
  textAt,
} from "../event-reading.ts";
import { EVENT_TYPE_RULE, isEventType } from "../event-text.ts";

/** What a caller says of a test; what is not said is chosen. */
export interface AskedTest {
  readonly type: string | undefined;
  /** As the bytes that were sent (invariant 13). */
  readonly data: Uint8Array | undefined;
}

/** Reads the body of a test, which may be absent. Throws a Problem that names every wrong member. */
export function readTestBody(bytes: Buffer): AskedTest {
  if (bytes.length === 0) {
    return { type: undefined, data: undefined };
  }
  const items = sliceItems(bytes, 1);
  const [asked] = items.isList ? [] : readItems(bytes, items, readMembers);
  if (asked === undefined) {
    const detail = "must be an object, or be absent";
    throw new Problem("invalid_request", "The body is not as it must be.", [{ pointer: "", detail }]);
  }
  return asked;
}

function readMembers(reading: Reading, members: Members): AskedTest {
  for (const name of members.keys()) {
    if (name !== "type" && name !== "data") {
      refuseMember(reading, name, "is not a name that is known here; a test has type and data");
    }
  }
  const data = members.get("data");
  return {
    type: readType(reading, members),
    data: data === undefined ? undefined : dataOf(reading.bytes, data),
  };
}

function readType(reading: Reading, members: Members): string | undefined {
  const slice = members.get("type");
  if (slice === undefined || isNullAt(reading.bytes, slice)) {
    return undefined;
  }
  const type = textAt(reading.bytes, slice);
  if (type === undefined || !isEventType(type)) {
    refuseMember(reading, "type", `must be ${EVENT_TYPE_RULE}`);
  }
  return type;
}
