import {
  dataOf,
  isNullAt,
  type Members,
  type Reading,
  readObject,
  readType,
  refuseMember,
} from "../event-reading.ts";

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
  return readObject(bytes, "must be an object, or be absent", readMembers);
}

function readMembers(reading: Reading, members: Members): AskedTest {
  for (const name of members.keys()) {
    if (name !== "type" && name !== "data") {
      refuseMember(reading, name, "is not a name that is known here; a test has type and data");
    }
  }
  const [type, data] = [members.get("type"), members.get("data")];
  return {
    type: type === undefined || isNullAt(reading.bytes, type) ? undefined : readType(reading, type),
    data: data === undefined ? undefined : dataOf(reading.bytes, data),
  };
}
