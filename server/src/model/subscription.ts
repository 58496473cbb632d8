/**
 * Says whether an endpoint that wants `eventTypes` (names, or globs where `*` stands for any text) wants
 * this type.
 */
export function isSubscribed(eventTypes: readonly string[] | undefined, type: string): boolean {
  return eventTypes === undefined || eventTypes.some((pattern) => matchesGlob(pattern, type));
}

/**
 * Matches without a regular expression, so that no pattern can be slow: each part between stars is found
 * once, in order.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  if (!pattern.includes("*")) {
    return pattern === text;
  }
  const parts = pattern.split("*");
  const [first = "", ...rest] = parts;
  const last = rest.pop() ?? "";
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) {
    return false;
  }
  const end = text.length - last.length;
  let from = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, from);
    if (found === -1 || found + part.length > end) {
      return false;
    }
    from = found + part.length;
  }
  return true;
}
