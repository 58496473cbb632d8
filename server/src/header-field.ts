/** What HTTP lets a header of our requests be, whoever sets it: an endpoint, or its contract. */

// They frame the request or belong to the connection: setting them would change what the receiver's server
// reads as the request, or ask for an answer that is not read here (compressed, or a switch of protocols).
const FRAMING = new Set([
  ...["host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade"],
  ...["expect", "accept-encoding", "proxy-authorization", "proxy-authenticate", "proxy-connection"],
]);

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/;
// Visible ASCII, spaces and tabs inside.
const VALUE = /^(?:[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?$/;
const VALUE_LENGTH_MAX = 4_096;

/** Tells whether a header is set by the connection, and by nobody else. `name` is in lower case. */
export function isFramingHeader(name: string): boolean {
  return FRAMING.has(name);
}

/** Says why a header cannot be sent; undefined if it can be. The value is not repeated. */
export function headerProblem(name: string, value: string): string | undefined {
  return headerNameProblem(name) ?? headerValueProblem(value);
}

export function headerNameProblem(name: string): string | undefined {
  if (!NAME.test(name) || name === "__proto__") {
    return "must have a name of 1 to 128 characters that HTTP allows in one";
  }
  return isFramingHeader(name.toLowerCase()) ? "is reserved: HTTP or the sender sets it" : undefined;
}

export function headerValueProblem(value: string): string | undefined {
  return VALUE.test(value) && value.length <= VALUE_LENGTH_MAX
    ? undefined
    : `must be at most ${VALUE_LENGTH_MAX} characters of printable ASCII, got ${value.length} of them`;
}
