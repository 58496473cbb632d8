import type { IncomingHttpHeaders } from "node:http";
import { isJsonType } from "@posthorn/contracts/cloudevents/content-mode";
import { decodeHeaderValue } from "@posthorn/contracts/cloudevents/header-value";
import { sliceValue } from "../../json-slice.ts";
import { Problem, type WrongMember } from "../../problem.ts";
import type { AskedEvents } from "../asked-events.ts";
import { checkSize, dataOf, refuseWrong } from "../event-reading.ts";
import { WRONG_MEMBERS_MAX } from "../schema-problem.ts";
import { readContext } from "./context.ts";
import { DATA_TYPE_RULE, NO_DATA } from "./data.ts";

const PREFIX = "ce-";

/**
 * Reads a CloudEvent of the binary mode: attributes in headers, the body as its data. Throws a Problem that
 * names every wrong header, as far as a limit.
 */
export function readHeaderEvent(bytes: Buffer, headers: IncomingHttpHeaders): AskedEvents {
  const data = readData(bytes, headers["content-type"]);
  const texts = readTexts(headers);
  const wrong: WrongMember[] = [];
  const refuse = (name: string, detail: string) => {
    if (wrong.length < WRONG_MEMBERS_MAX) {
      wrong.push({ pointer: PREFIX + name, detail });
    }
  };
  if (texts.delete("datacontenttype")) {
    refuse("datacontenttype", "must be absent: Content-Type says it");
  }
  const context = readContext({ values: texts, refuse });
  refuseWrong(wrong);
  // The body is the data.
  return {
    isList: false,
    events: [{ ...context, data }],
    keyPlace: () => `${PREFIX}id`,
    dataPlace: () => "",
  };
}

function readTexts(headers: IncomingHttpHeaders): Map<string, string> {
  const texts = new Map<string, string>();
  const wrong: WrongMember[] = [];
  const given = Object.entries(headers).filter(([header]) => header.startsWith(PREFIX));
  for (const [header, value] of given) {
    const text = decodeHeaderValue(String(value));
    if (text === undefined) {
      wrong.push({
        pointer: header,
        detail: "must be percent-encoded, as the HTTP binding of CloudEvents says",
      });
    } else {
      texts.set(header.slice(PREFIX.length), text);
    }
  }
  refuseWrong(wrong.slice(0, WRONG_MEMBERS_MAX));
  return texts;
}

function readData(bytes: Buffer, contentType: string | undefined): Uint8Array {
  if (bytes.length === 0) {
    return NO_DATA;
  }
  if (!isJsonType(contentType)) {
    throw new Problem("unsupported_media_type", "The data of a CloudEvent is JSON here.", [
      { pointer: "content-type", detail: `must be ${DATA_TYPE_RULE}` },
    ]);
  }
  checkSize("", bytes.length);
  return dataOf(bytes, sliceValue(bytes));
}
