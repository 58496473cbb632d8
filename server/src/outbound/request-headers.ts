/** The headers of a request: whose they are to set, and what HTTP lets them be. */

// They frame the request or belong to the connection: setting them would change what the receiver's server
// reads as the request, or ask for an answer that is not read here (compressed, or a switch of protocols).
const RESERVED = new Set([
  ...["host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade"],
  ...["expect", "accept-encoding", "proxy-authorization", "proxy-authenticate", "proxy-connection"],
]);

const NAME_LENGTH_MAX = 256;
const VALUE_LENGTH_MAX = 4_096;

/**
 * Says why a header cannot be sent, for whoever saves one; undefined if it can be. The value is not repeated.
 */
export function headerProblem(name: string, value: string): string | undefined {
  if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name) || name.length > NAME_LENGTH_MAX) {
    return `A header name has 1 to ${NAME_LENGTH_MAX} letters, digits and any of !#$%&'*+-.^_\`|~.`;
  }
  if (RESERVED.has(name.toLowerCase())) {
    return `The header ${name} is set by Posthorn or by the connection.`;
  }
  if (!/^[\t\x20-\x7e]*$/.test(value) || value.length > VALUE_LENGTH_MAX) {
    return `The header ${name} has at most ${VALUE_LENGTH_MAX} visible ASCII characters, spaces and tabs.`;
  }
  return undefined;
}

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
    if (RESERVED.has(lowerName)) {
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
