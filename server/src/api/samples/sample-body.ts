import {
  dataOf,
  type Members,
  type Reading,
  readObject,
  readText,
  readType,
  refuseMember,
} from "../event-reading.ts";
import { SUBJECT_LENGTH_MAX } from "../event-text.ts";

/** What is to be shown, and as whom; what is not said is chosen. */
export interface AskedSample {
  readonly type: string;
  /** As the bytes that were sent (invariant 13). */
  readonly data: Uint8Array | undefined;
  readonly subject: string | undefined;
  /** One contract alone. */
  readonly contract: string | undefined;
  /** As this endpoint, by its id. */
  readonly endpoint: string | undefined;
}

const MEMBERS: readonly string[] = ["type", "data", "subject", "contract", "endpoint"];
const NAME_LENGTH_MAX = 64;

/** Reads what is to be rendered. Throws a Problem that names every wrong member. */
export function readSampleBody(bytes: Buffer): AskedSample {
  return readObject(bytes, "must be an object", readMembers);
}

function readMembers(reading: Reading, members: Members): AskedSample {
  for (const name of members.keys()) {
    if (!MEMBERS.includes(name)) {
      refuseMember(reading, name, `is not a name that is known here; a sample has ${MEMBERS.join(", ")}`);
    }
  }
  const data = members.get("data");
  const asked = {
    type: readType(reading, members.get("type")),
    data: data === undefined ? undefined : dataOf(reading.bytes, data),
    subject: readText(reading, "subject", { slice: members.get("subject"), lengthMax: SUBJECT_LENGTH_MAX }),
    contract: readText(reading, "contract", { slice: members.get("contract"), lengthMax: NAME_LENGTH_MAX }),
    endpoint: readText(reading, "endpoint", { slice: members.get("endpoint"), lengthMax: NAME_LENGTH_MAX }),
  };
  if (asked.contract !== undefined && asked.endpoint !== undefined) {
    refuseMember(reading, "contract", "must be absent where there is an endpoint, which has its own");
  }
  return asked;
}
