import { RE2JS } from "re2js";
import { PATTERN_INSTRUCTIONS_MAX, PATTERN_LENGTH_MAX } from "./limits.ts";
import { estimatedInstructions, inWordsOfRe2 } from "./pattern-tokens.ts";
import { type Run, spend } from "./run.ts";

/** A regular expression that takes time in proportion to the text, whatever it says. */
export interface Pattern {
  /** How large it is; each character costs at most so much. */
  readonly instructions: number;
  /** Says whether it is found in a text. */
  isIn(text: string, run: Run): boolean;
}

const TOO_LARGE = `come to at most ${PATTERN_INSTRUCTIONS_MAX} instructions with all patterns of the schema`;
const NOT_LINEAR =
  "take linear time: no lookaround, no back reference, no repetition over 1,000; classes of Unicode have " +
  "their short names, such as \\p{L}, and characters beyond U+FFFF are whole";

// Named back references, which would be translated into letters, and halves of characters.
const NOT_TRANSLATED = /\\k|\\u[dD][89a-fA-F]/;

/**
 * Reads a pattern as ECMA-262 writes them with the flag `u`, to be found by RE2's automata: nothing can
 * backtrack. Returns what it must do, where it is none, or cannot be found that way.
 */
export function readPattern(source: string, instructionsMax: number): Pattern | string {
  if (source.length > PATTERN_LENGTH_MAX) {
    return `have at most ${PATTERN_LENGTH_MAX} characters`;
  }
  const expression = succeeding(() => new RegExp(source, "u"));
  if (expression === undefined) {
    return "be a regular expression of ECMA-262 with the flag u";
  }
  if (estimatedInstructions(source) > instructionsMax) {
    return TOO_LARGE;
  }
  const compiled = succeeding(() => RE2JS.compile(inWordsOfRe2(RE2JS.translateRegExp(expression))));
  if (compiled === undefined || NOT_TRANSLATED.test(source)) {
    return NOT_LINEAR;
  }
  const instructions = compiled.programSize();
  return {
    instructions,
    isIn: (text, run) => spend(run, 1 + text.length * instructions) && compiled.test(text),
  };
}

/** Both engines say by throwing that they do not take an expression. */
function succeeding<Made>(make: () => Made): Made | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
