import { isFramingHeader } from "../header-field.ts";

/**
 * Returns names and values in turn, with ours. Refuses reserved names and a name that comes twice in
 * different case, since a receiver may read either; what characters are sent is checked by undici as it
 * writes them.
 */
export function requestHeaders(
  headers: Readonly<Record<string, string>>,
  userAgent: string,
): string[] | { readonly problem: string } {
  const list = ["accept-encoding", "identity"];
  const seen = ["accept-encoding"];
  for (const name of Object.keys(headers)) {
    const lowerName = name.toLowerCase();
    if (isFramingHeader(lowerName)) {
      return { problem: `The header ${name} is set by Posthorn or by the connection.` };
    }
    if (seen.includes(lowerName)) {
      return { problem: `The header ${name} is there twice.` };
    }
    seen.push(lowerName);
    list.push(name, headers[name] ?? "");
  }
  if (!seen.includes("user-agent")) {
    list.push("user-agent", userAgent);
  }
  return list;
}
