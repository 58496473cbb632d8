import { FORMATS } from "../formats.ts";
import { spendOnText } from "../json-value.ts";
import type { Keywords } from "../keyword.ts";
import { textIn, wholeNumberIn } from "../keyword-forms.ts";
import { type Run, tell } from "../run.ts";

/** Keywords for texts. */
export const TEXT_KEYWORDS: Keywords = {
  minLength(_given, reading) {
    const least = wholeNumberIn("minLength", reading);
    return least === undefined
      ? undefined
      : (value, run) =>
          typeof value !== "string" ||
          lengthOf(value, run) >= least ||
          tell(run, `must have at least ${least} characters`);
  },

  maxLength(_given, reading) {
    const most = wholeNumberIn("maxLength", reading);
    return most === undefined
      ? undefined
      : (value, run) =>
          typeof value !== "string" ||
          lengthOf(value, run) <= most ||
          tell(run, `must have at most ${most} characters`);
  },

  pattern(_given, reading) {
    const source = textIn("pattern", reading);
    const pattern = source === undefined ? undefined : reading.patternOf(source, ["pattern"]);
    return (
      pattern &&
      ((value, run) =>
        typeof value !== "string" ||
        pattern.isIn(value, run) ||
        tell(run, `must match the pattern ${source}`))
    );
  },

  format(_given, reading) {
    const name = textIn("format", reading);
    const isOfFormat = name === undefined ? undefined : FORMATS.get(name);
    return (
      isOfFormat &&
      ((value, run) =>
        typeof value !== "string" ||
        (spendOnText(run, value) && isOfFormat(value)) ||
        tell(run, `must have the format ${name}`))
    );
  },
};

/** Counts characters, which are code points to JSON Schema. */
function lengthOf(text: string, run: Run): number {
  spendOnText(run, text);
  let length = 0;
  for (const _ of text) {
    length += 1;
  }
  return length;
}
