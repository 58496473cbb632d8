import { Problem } from "../problem.ts";
import { isText } from "./event-text.ts";
import { parseTimestamp, TIMESTAMP_FORM } from "./timestamp.ts";

/**
 * Checks a filter that is compared with stored text: what no store can hold is refused before one sees it.
 */
export function textFilter(name: string, text: string | undefined): string | undefined {
  if (text !== undefined && !isText(text)) {
    throw wrongFilter(name, "must be text without control characters");
  }
  return text;
}

/** Reads a filter that is a time. */
export function timeFilter(name: string, text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const at = parseTimestamp(text);
  if (at === undefined) {
    throw wrongFilter(name, `must be ${TIMESTAMP_FORM}; write + as %2B`);
  }
  return at;
}

/** Says what is wrong with a filter. */
export function wrongFilter(name: string, detail: string): Problem {
  return new Problem("invalid_request", "A filter is not as it must be.", [{ pointer: `?${name}`, detail }]);
}
