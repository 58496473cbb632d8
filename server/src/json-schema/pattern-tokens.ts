/** What is read off a regular expression of ECMA-262 token by token. */

// An escape, a class, a repetition, or any other character.
const TOKEN = /\\(?:[pPu]\{[^}]*\}|[^])|\[(?:\\[^]|[^\]\\])*\]|\{(\d+)(?:,(\d*))?\}|[^]/gu;
const IN_CLASS = /\\[^]|\[/gu;

/** Estimates how many instructions a pattern comes to: compiling a large one takes long. */
export function estimatedInstructions(source: string): number {
  const groups = [0];
  let last = 0;
  for (const [token, least, most] of source.matchAll(TOKEN)) {
    if (token === "(") {
      groups.push(0);
      continue;
    }
    if (least === undefined) {
      last = token === ")" ? (groups.pop() ?? 0) : 1;
    } else {
      // What is repeated stands there once already.
      last *= Math.max(1, Number(least), Number(most ?? 0)) - 1;
    }
    groups.push((groups.pop() ?? 0) + last);
  }
  return groups.reduce((sum, group) => sum + group, 0);
}

// RE2 knows only those of ASCII.
const SPACES =
  "\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}";

/** Says in RE2's words what it would take for something else. */
export function inWordsOfRe2(source: string): string {
  return source.replaceAll(TOKEN, (token) => {
    switch (token) {
      case ".":
        return "[^\\n\\r\\x{2028}\\x{2029}]";
      case "\\s":
        return `[${SPACES}]`;
      case "\\S":
        return `[^${SPACES}]`;
      default:
        return token.startsWith("[") ? classInWordsOfRe2(token) : token;
    }
  });
}

/** In a class, "[:" would begin the name of one. */
function classInWordsOfRe2(token: string): string {
  const rest = token.slice(1).replaceAll(IN_CLASS, (part) => {
    switch (part) {
      case "\\s":
        return SPACES;
      case "[":
        return "\\[";
      default:
        return part;
    }
  });
  return `[${rest}`;
}
