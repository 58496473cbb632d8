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
import { EVENT_TYPE_RULE, isEventType, isText, SUBJECT_LENGTH_MAX, textRule } from "../event-text.ts";

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
  const items = sliceItems(bytes, 1);
  const [asked] = items.isList ? [] : readItems(bytes, items, readMembers);
  if (asked === undefined) {
    const detail = "must be an object";
    throw new Problem("invalid_request", "The body is not as it must be.", [{ pointer: "", detail }]);
  }
  return asked;
}

function readMembers(reading: Reading, members: Members): AskedSample {
  for (const name of members.keys()) {
    if (!MEMBERS.includes(name)) {
      refuseMember(reading, name, `is not a name that is known here; a sample has ${MEMBERS.join(", ")}`);
    }
  }
  const data = members.get("data");
  const asked = {
    type: readType(reading, members),
    data: data === undefined ? undefined : dataOf(reading.bytes, data),
    subject: readText(reading, members, { name: "subject", lengthMax: SUBJECT_LENGTH_MAX }),
    contract: readText(reading, members, { name: "contract", lengthMax: NAME_LENGTH_MAX }),
    endpoint: readText(reading, members, { name: "endpoint", lengthMax: NAME_LENGTH_MAX }),
  };
  if (asked.contract !== undefined && asked.endpoint !== undefined) {
    refuseMember(reading, "contract", "must be absent where there is an endpoint, which has its own");
  }
  return asked;
}

function readType(reading: Reading, members: Members): string {
  const slice = members.get("type");
  const type = slice === undefined ? undefined : textAt(reading.bytes, slice);
  if (type === undefined || !isEventType(type)) {
    refuseMember(reading, "type", `must be ${EVENT_TYPE_RULE}`);
    return "";
  }
  return type;
}

function readText(
  reading: Reading,
  members: Members,
  { name, lengthMax }: { readonly name: string; readonly lengthMax: number },
): string | undefined {
  const slice = members.get(name);
  if (slice === undefined || isNullAt(reading.bytes, slice)) {
    return undefined;
  }
  const text = textAt(reading.bytes, slice);
  if (text === undefined || text.length > lengthMax || !isText(text)) {
    refuseMember(reading, name, `must be ${textRule(lengthMax)}`);
    return undefined;
  }
  return text;
}
