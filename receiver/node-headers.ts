/** The headers as Node gives them: names in lower case, and a few that come several times as lists. */
export type NodeHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Returns headers with one value a name. */
export function joinedHeaders(headers: NodeHeaders): Readonly<Record<string, string | undefined>> {
  const joined: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(headers)) {
    joined[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return joined;
}
