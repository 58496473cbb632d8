/** The proxy that requests to receivers go through, as `POSTHORN_EGRESS_PROXY` names it. */
export interface EgressProxy {
  /** A name, or an IP address without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** The value of `Proxy-Authorization`: a credential. Undefined: the URL had none. */
  readonly authorization: string | undefined;
}

/** Reads `http://[user:password@]host:port`, or says what is wrong without repeating a credential. */
export function parseEgressProxy(text: string): EgressProxy | { readonly problem: string } {
  const url = URL.parse(text);
  const scheme = url?.protocol ?? "";
  if (url === null || (scheme !== "http:" && scheme !== "https:")) {
    return { problem: "must be a URL such as http://proxy.example:3128, got another text" };
  }
  if (scheme === "https:") {
    return { problem: "must begin with http://: the way to the proxy itself is not encrypted, got https://" };
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "" || /\s/.test(text)) {
    return { problem: "must end after the host and its port, got more behind them" };
  }
  const credentials = credentialsOf(url);
  if (credentials === undefined) {
    return { problem: "must have its user and password in UTF-8 and percent-encoded, got something else" };
  }
  return {
    hostname: url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, ""),
    port: url.port === "" ? 80 : Number(url.port),
    authorization: credentials === "" ? undefined : `Basic ${Buffer.from(credentials).toString("base64")}`,
  };
}

/** Returns `user:password`; empty where the URL has neither; undefined where they cannot be read. */
function credentialsOf({ username, password }: URL): string | undefined {
  if (username === "" && password === "") {
    return "";
  }
  try {
    const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return /\p{Cc}/u.test(text) || decodeURIComponent(username).includes(":") ? undefined : text;
  } catch {
    return undefined;
  }
}
