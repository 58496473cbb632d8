/** From a host name to addresses: the hosts file, a bounded memory of what DNS said, then DNS. */
import {
  createDnsQuery,
  type DnsAnswer,
  type DnsFailure,
  type DnsQuery,
  readHostsFile,
} from "./dns-query.ts";

export type Resolution = { readonly addresses: readonly string[] } | DnsFailure;

/** Finds all addresses of a name. Never asked about IP literals and `localhost`. */
export type Resolve = (hostname: string) => Promise<Resolution>;

export interface HostResolver {
  readonly resolve: Resolve;
  /** Forgets everything and ends the questions in flight. */
  close(): void;
}

export interface HostResolverOptions {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Default: the machine's DNS servers. */
  readonly dns?: DnsQuery;
  /** Names that DNS is not asked about. Default: the machine's hosts file, read now. */
  readonly hosts?: ReadonlyMap<string, readonly string[]>;
}

const NAMES_REMEMBERED_MAX = 10_000;

/**
 * Kept of one name. An answer of DNS may hold four thousand; what is left out is not connected to either.
 */
export const ADDRESSES_OF_NAME_MAX = 64;

// A time-to-live of 0 still serves the burst that asked; a long one would keep a moved receiver away for its
// length.
const ANSWER_MS_MIN = 1_000;
const ANSWER_MS_MAX = 60_000;

// Short, so that a name just created works soon; above 0, so that retries do not hammer name servers.
const FAILURE_MS = 2_000;

interface Remembered {
  readonly resolution: Promise<Resolution>;
  /** Infinity while DNS is being asked. */
  expiresAt: number;
}

/** Returns a resolver that asks DNS once for concurrent questions about one name. */
export function createHostResolver(options: HostResolverOptions): HostResolver {
  const { now, dns = createDnsQuery(), hosts = readHostsFile() } = options;
  const memory = new Map<string, Remembered>();

  async function ask(hostname: string, entry: { expiresAt: number }): Promise<Resolution> {
    const answer: DnsAnswer = await dns.query(hostname).catch(() => ({ failed: "dns_failed" }));
    if ("failed" in answer) {
      entry.expiresAt = now() + FAILURE_MS;
      return answer;
    }
    entry.expiresAt = now() + Math.min(Math.max(answer.ttlMs, ANSWER_MS_MIN), ANSWER_MS_MAX);
    return { addresses: answer.addresses.slice(0, ADDRESSES_OF_NAME_MAX) };
  }

  function resolve(hostname: string): Promise<Resolution> {
    const listed = hosts.get(hostname);
    if (listed !== undefined) {
      return Promise.resolve({ addresses: listed });
    }
    const known = memory.get(hostname);
    if (known !== undefined && known.expiresAt > now()) {
      return known.resolution;
    }
    const expiry = { expiresAt: Infinity };
    const entry: Remembered = Object.assign(expiry, { resolution: ask(hostname, expiry) });
    // Deleted first, so that the map's order is the order of asking and the oldest goes when it is full.
    memory.delete(hostname);
    if (memory.size >= NAMES_REMEMBERED_MAX) {
      memory.delete(memory.keys().next().value ?? hostname);
    }
    memory.set(hostname, entry);
    return entry.resolution;
  }

  return {
    resolve,
    close() {
      memory.clear();
      dns.cancel();
    },
  };
}
