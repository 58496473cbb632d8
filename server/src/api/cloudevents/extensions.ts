import type { Extensions } from "../../model/event.ts";
import type { Attributes } from "./attributes.ts";

const EXTENSIONS_MAX = 20;
/** As JSON. They travel in headers, too, of which receivers take no more than a few thousand bytes. */
const EXTENSIONS_BYTES_MAX = 4096;

// "data" is the one name that the specification keeps from attributes.
const NAME_FORM = /^(?!data$)[a-z0-9]{1,64}$/;
const NAME_RULE = "of 1 to 64 lower-case letters and digits, and not data";
// The type String of CloudEvents 1.0 (section 3.1); that it is well-formed is looked at apart.
const TEXT_FORM = /^[^\p{Cc}\p{Noncharacter_Code_Point}]*$/u;
const VALUE_RULE =
  "a text without control characters and noncharacters, a whole number of 32 bits, true or false";

/**
 * Reads the attributes of a CloudEvent that the specification leaves to others, which are all those that are
 * not among `known`; undefined where there are none.
 */
export function readExtensions(attributes: Attributes, known: ReadonlySet<string>): Extensions | undefined {
  const { values, refuse } = attributes;
  let read: Record<string, string | number | boolean> | undefined;
  for (const [name, value] of values) {
    if (known.has(name)) {
      continue;
    }
    if (!NAME_FORM.test(name)) {
      refuse(name, `is no name of an attribute, which is ${NAME_RULE}`);
    } else if (value === undefined || !isAllowed(value)) {
      refuse(name, `must be ${VALUE_RULE}`);
    } else {
      read ??= {};
      read[name] = value;
    }
  }
  if (read !== undefined) {
    refuseTooMany(attributes, read);
  }
  return read;
}

function isAllowed(value: string | number | boolean): boolean {
  return typeof value !== "string" || (TEXT_FORM.test(value) && value.isWellFormed());
}

/** Names the last attribute: without it there may be few enough. */
function refuseTooMany({ refuse }: Attributes, read: Extensions): void {
  const names = Object.keys(read);
  const last = names.at(-1) ?? "";
  const bytes = Buffer.byteLength(JSON.stringify(read));
  if (names.length > EXTENSIONS_MAX) {
    refuse(last, `is one extension too many: an event has at most ${EXTENSIONS_MAX}, got ${names.length}`);
  } else if (bytes > EXTENSIONS_BYTES_MAX) {
    refuse(last, `is too long: extensions have at most ${EXTENSIONS_BYTES_MAX} bytes together, got ${bytes}`);
  }
}
