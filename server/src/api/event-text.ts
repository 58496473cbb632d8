/** What the texts of an event may be, however a request says them. */

const TYPE_LENGTH_MAX = 128;
export const SUBJECT_LENGTH_MAX = 256;
export const KEY_LENGTH_MAX = 255;

// A name of a type stands in lists separated by commas, in headers and in logs.
const TYPE_FORM = /^[^\p{Cc},]+$/u;
const TEXT_FORM = /^\P{Cc}+$/u;

/** Completes "must be …". */
export const EVENT_TYPE_RULE = textRule(TYPE_LENGTH_MAX, "commas or control characters");

/** Whether a text names a type of events. */
export function isEventType(text: string): boolean {
  return text.length <= TYPE_LENGTH_MAX && isText(text, TYPE_FORM);
}

/** Completes "must be …". */
export function textRule(lengthMax: number, excluded = "control characters"): string {
  return `a text of 1 to ${lengthMax} characters, no ${excluded} among them`;
}

/** Whether a text can be stored as it is: half a surrogate pair cannot, as UTF-8 does not have it. */
export function isText(text: string, form: RegExp = TEXT_FORM): boolean {
  return form.test(text) && text.isWellFormed();
}
