/** Where a URL points, read once and strictly: what other parsers might read differently is refused. */
import { isIP } from "node:net";

/** The parts of a URL that a connection and a request need. */
export interface Target {
  /** As in the URL's own `origin`: scheme, host and a port that is not the default. */
  readonly origin: string;
  /** Lower-case, without the brackets of IPv6 and without a trailing dot. */
  readonly hostname: string;
  readonly isLiteral: boolean;
  readonly port: number;
  readonly isSecure: boolean;
  /** Path and query. */
  readonly path: string;
}

const URL_LENGTH_MAX = 4_096;

// The limit of DNS (RFC 1035).
const HOST_LENGTH_MAX = 253;

// The port blocking of the Fetch standard, and databases and orchestrators that trust whoever reaches them.
const PORTS_NOT_CALLED = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 138, 139, 143, 161, 179, 389, 427, 445, 465, 512, 513,
  514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723,
  2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080, 1433, 1521,
  2375, 2376, 2379, 2380, 3306, 3389, 5432, 5984, 6379, 9042, 9200, 9300, 10250, 11211, 27017,
]);

export interface TargetProblem {
  readonly problem: string;
}

const TARGETS_REMEMBERED_MAX = 10_000;

/**
 * Reads URLs as `parseTarget` does and remembers them: parsing is the largest cost of a send, and URLs come
 * again.
 */
export function createTargetReader(): { read(text: string): Target | TargetProblem } {
  const known = new Map<string, Target>();
  return {
    read(text) {
      const found = known.get(text);
      if (found !== undefined) {
        return found;
      }
      if (known.size >= TARGETS_REMEMBERED_MAX) {
        known.clear();
      }
      const target = parseTarget(text);
      if (!("problem" in target)) {
        known.set(text, target);
      }
      return target;
    },
  };
}

/**
 * Reads the URL, or says in a sentence why it may not be called. The sentence repeats nothing secret of it.
 */
export function parseTarget(text: string): Target | TargetProblem {
  if (text.length > URL_LENGTH_MAX) {
    return { problem: `A URL has at most ${URL_LENGTH_MAX} characters, got ${text.length}.` };
  }
  // The parser drops tabs and line feeds without a word, and reads a backslash as a slash.
  if (/[\s\p{Cc}\\]/u.test(text)) {
    return { problem: "A URL has no spaces, control characters or backslashes." };
  }
  if (!/^https?:\/\/[^/]/i.test(text)) {
    return { problem: "A URL starts with https:// or http:// and a host." };
  }
  const url = URL.parse(text);
  if (url === null) {
    return { problem: "The URL cannot be read." };
  }
  if (url.username !== "" || url.password !== "") {
    return { problem: "A URL carries no user name or password." };
  }
  const hostname = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (hostname.length > HOST_LENGTH_MAX || hostname.split(".").includes("")) {
    return { problem: `A host name has up to ${HOST_LENGTH_MAX} characters, and no empty part.` };
  }
  const isSecure = url.protocol === "https:";
  const defaultPort = isSecure ? 443 : 80;
  const port = url.port === "" ? defaultPort : Number(url.port);
  if (port === 0 || PORTS_NOT_CALLED.has(port)) {
    return { problem: `Port ${port} is not called: it is not one where webhooks are received.` };
  }
  const isLiteral = isIP(hostname) !== 0;
  return { origin: url.origin, hostname, isLiteral, port, isSecure, path: url.pathname + url.search };
}
