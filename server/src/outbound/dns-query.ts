/**
 * One question to DNS, and the hosts file.
 *
 * `dns.lookup` is not used: it runs on the four threads that files and cryptography share, so one slow name
 * server would stall everything. c-ares asks the servers of resolv.conf itself. It knows no search domains
 * (write full names) and reads no hosts file; Posthorn reads that file once, when the resolver is made.
 */
import { Resolver } from "node:dns/promises";
import { readFileSync } from "node:fs";
import { isIP } from "node:net";

export interface DnsFailure {
  readonly failed: "dns_not_found" | "dns_failed" | "timeout_dns";
}

/** Addresses with how long they may be remembered, or why there are none. */
export type DnsAnswer = { readonly addresses: readonly string[]; readonly ttlMs: number } | DnsFailure;

export interface DnsQuery {
  query(hostname: string): Promise<DnsAnswer>;
  /** Ends every question in flight. */
  cancel(): void;
}

// Two rounds over the servers, inside the attempt's own deadline.
const QUERY_TRIES = 2;

const NOT_FOUND = new Set(["ENOTFOUND", "ENODATA", "EBADNAME", "ENONAME"]);

interface DnsRecord {
  readonly address: string;
  readonly ttl: number;
}

export interface DnsQueryOptions {
  /** Addresses with ports. Default: those of the machine. */
  readonly servers?: readonly string[];
  /** How long one server is given in the first round. Default: 2,000. */
  readonly timeoutMs?: number;
}

/** Asks DNS for A and AAAA records, IPv4 first. */
export function createDnsQuery({ servers = [], timeoutMs = 2_000 }: DnsQueryOptions = {}): DnsQuery {
  const resolver = new Resolver({ timeout: timeoutMs, tries: QUERY_TRIES });
  if (servers.length > 0) {
    resolver.setServers(servers);
  }
  return {
    async query(hostname) {
      const [v4, v6] = await Promise.allSettled([
        resolver.resolve4(hostname, { ttl: true }),
        resolver.resolve6(hostname, { ttl: true }),
      ]);
      return answerOf(v4, v6);
    },
    cancel: () => resolver.cancel(),
  };
}

/** Joins both families' outcomes: one that fails does not matter while the other has addresses. */
export function answerOf(
  v4: PromiseSettledResult<readonly DnsRecord[]>,
  v6: PromiseSettledResult<readonly DnsRecord[]>,
): DnsAnswer {
  const records = [v4, v6].flatMap((outcome) => (outcome.status === "fulfilled" ? outcome.value : []));
  if (records.length > 0) {
    const ttlS = Math.min(...records.map((record) => record.ttl));
    return { addresses: records.map((record) => record.address), ttlMs: ttlS * 1_000 };
  }
  const codes = [v4, v6].map((outcome) =>
    outcome.status === "rejected" ? errorCode(outcome.reason) : "ENODATA",
  );
  if (codes.every((code) => NOT_FOUND.has(code))) {
    return { failed: "dns_not_found" };
  }
  return { failed: codes.includes("ETIMEOUT") ? "timeout_dns" : "dns_failed" };
}

/** Reads the machine's hosts file. A missing or unreadable file is an empty one. */
export function readHostsFile(): ReadonlyMap<string, readonly string[]> {
  const path = process.platform === "win32" ? "C:/Windows/System32/drivers/etc/hosts" : "/etc/hosts";
  try {
    return parseHosts(readFileSync(path, "utf8"));
  } catch {
    return new Map();
  }
}

/** Reads lines such as `172.17.0.1 host.docker.internal other-name # comment`. */
export function parseHosts(text: string): ReadonlyMap<string, readonly string[]> {
  const hosts = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [address = "", ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (isIP(address) === 0) {
      continue;
    }
    for (const name of names) {
      const known = hosts.get(name.toLowerCase());
      if (known === undefined) {
        hosts.set(name.toLowerCase(), [address]);
      } else {
        known.push(address);
      }
    }
  }
  return hosts;
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
